import { Navigate, Outlet, useLocation } from 'react-router';
import { useSession } from '../api/queries.ts';
import { Loaded } from './loaded.tsx';

/** The pages of an agent's own: whoever is not logged in is asked to, and comes back here. */
export function AgentsOnly() {
  const session = useSession();
  const { pathname } = useLocation();
  return (
    <Loaded query={session}>
      {(account) =>
        account ? (
          <Outlet key={account.username} />
        ) : (
          <Navigate to="/login" state={{ from: pathname }} replace />
        )
      }
    </Loaded>
  );
}
