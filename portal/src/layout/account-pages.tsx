import { useMemo } from 'react';
import { Outlet } from 'react-router';
import { PortalProvider, usePortal } from '../portal-context.tsx';

/** Pages of one account. Their calls name the account; another account gets fresh pages. */
export function AccountPages({ accountId }: { accountId: string }) {
  const portal = usePortal();
  const own = useMemo(() => ({ ...portal, calls: portal.callsOf(accountId) }), [portal, accountId]);
  return (
    <PortalProvider key={accountId} value={own}>
      <Outlet />
    </PortalProvider>
  );
}
