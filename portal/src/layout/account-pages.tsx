import { useMemo } from 'react';
import { Outlet } from 'react-router';
import { PortalProvider, usePortal } from '../portal-context.tsx';

/** The pages of one account: their calls name it, and for another account they begin anew. */
export function AccountPages({ accountId }: { accountId: string }) {
  const portal = usePortal();
  const own = useMemo(() => ({ ...portal, calls: portal.callsOf(accountId) }), [portal, accountId]);
  return (
    <PortalProvider key={accountId} value={own}>
      <Outlet />
    </PortalProvider>
  );
}
