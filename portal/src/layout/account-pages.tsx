import { useMemo } from 'react';
import { Outlet } from 'react-router';
import { PortalProvider, usePortal } from '../portal-context.tsx';

/** Pages of one account. Their API calls carry its id. When the account changes, all pages and their state are replaced. */
export function AccountPages({ accountId }: { accountId: string }) {
  const portal = usePortal();
  const own = useMemo(() => ({ ...portal, calls: portal.callsOf(accountId) }), [portal, accountId]);
  return (
    <PortalProvider key={accountId} value={own}>
      <Outlet />
    </PortalProvider>
  );
}
