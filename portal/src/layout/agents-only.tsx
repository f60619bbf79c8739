import { Navigate, useLocation } from 'react-router';
import { useSession } from '../api/queries.ts';
import { AccountPages } from './account-pages.tsx';
import { Loaded } from './loaded.tsx';

/** The pages of an agent's own: whoever is not logged in is asked to, and comes back here. */
export function AgentsOnly() {
  const session = useSession();
  const { pathname } = useLocation();
  return (
    <Loaded query={session}>
      {(account) =>
        account ? (
          <AccountPages accountId={account.accountId} />
        ) : (
          <Navigate to="/login" state={{ from: pathname }} replace />
        )
      }
    </Loaded>
  );
}
