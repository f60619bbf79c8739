import { Link } from 'react-router';
import { keys } from '../../api/queries.ts';
import { Page } from '../../layout/page.tsx';
import { usePortal, useText } from '../../portal-context.tsx';
import { SecurityEventTable } from './security-event-table.tsx';
import { SessionTable } from './session-table.tsx';

/** Page about one's own account: where it is logged in, and what happened with it. */
export function AccountPage() {
  const { calls } = usePortal();
  const { account, passwords } = useText().words;
  return (
    <Page title={account.title} wide>
      <p>
        <Link to="/account/password">{passwords.change.link}</Link>
      </p>
      <SessionTable />
      <SecurityEventTable queryKey={keys.ownSecurityEvents} read={calls.ownSecurityEvents} />
    </Page>
  );
}
