import { Link } from 'react-router';
import { securityPath } from '../../account-home.ts';
import { keys } from '../../api/queries.ts';
import { Page } from '../../layout/page.tsx';
import { usePortal, useText } from '../../portal-context.tsx';
import { SecurityEventTable } from './security-event-table.tsx';
import { SessionTable } from './session-table.tsx';

/** Page about one's own account: where it is logged in, and what happened with it. */
export function AccountPage() {
  const { calls } = usePortal();
  const { words } = useText();
  return (
    <Page title={words.account.title} wide>
      <p>
        <Link to="/account/password">{words.passwords.change.link}</Link>
      </p>
      <p>
        <Link to={securityPath}>{words.security.link}</Link>
      </p>
      <SessionTable />
      <SecurityEventTable queryKey={keys.ownSecurityEvents} read={calls.ownSecurityEvents} />
    </Page>
  );
}
