import { keys } from '../../api/queries.ts';
import { Page } from '../../layout/page.tsx';
import { usePortal, useText } from '../../portal-context.tsx';
import { SecurityEventTable } from './security-event-table.tsx';
import { SessionTable } from './session-table.tsx';

/** Page about one's own account: where it is logged in, and what happened with it. */
export function AccountPage() {
  const { calls } = usePortal();
  return (
    <Page title={useText().words.account.title} wide>
      <SessionTable />
      <SecurityEventTable queryKey={keys.ownSecurityEvents} read={calls.ownSecurityEvents} />
    </Page>
  );
}
