import { useMemo } from 'react';
import { Outlet } from 'react-router';
import type { EventsPath } from '../../account-home.ts';
import { LiveProvider, useLiveChanges } from '../../live/live-changes.ts';
import { PortalProvider, usePortal } from '../../portal-context.tsx';
import { ConfirmationDialog } from '../confirmation-dialog.tsx';

/**
 * Pages of one account, which its event stream keeps up to date, if it has one. Their API calls carry its id. When the account changes, all
 * pages and their state are replaced.
 */
export function AccountPages({ accountId, events }: { accountId: string; events: EventsPath | undefined }) {
  const portal = usePortal();
  const own = useMemo(() => ({ ...portal, calls: portal.callsOf(accountId) }), [portal, accountId]);
  const live = useLiveChanges(accountId, events);
  return (
    <PortalProvider key={accountId} value={own}>
      <LiveProvider value={live}>
        <Outlet />
        <ConfirmationDialog />
      </LiveProvider>
    </PortalProvider>
  );
}
