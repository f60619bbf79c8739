import { Navigate, useLocation } from 'react-router';
import { useSession } from '../api/queries.ts';
import { AccountPages } from './account-pages.tsx';
import { Loaded } from './loaded.tsx';

/** Pages for agents. Asks users without a session to log in, and returns here afterwards. */
export function AgentsOnly() {
  const session = useSession();
  const { pathname } = useLocation();
  return (
    <Loaded query={session}>
      {(account) =>
        account ? (
          <AccountPages accountId={account.accountId} events="/v1/me/events" />
        ) : (
          <Navigate to="/login" state={{ from: pathname }} replace />
        )
      }
    </Loaded>
  );
}
