import { Navigate, useLocation } from 'react-router';
import { eventsOf, firstPageOf } from '../../account-home.ts';
import { useSession } from '../../api/queries.ts';
import { Loaded } from '../loaded.tsx';
import { AccountPages } from './account-pages.tsx';

/** Pages for everybody who has an account. Asks users without a session to log in, and returns here afterwards. */
export function AccountOnly() {
  const session = useSession();
  const { pathname } = useLocation();
  return (
    <Loaded query={session}>
      {(account) => {
        if (!account) return <Navigate to="/login" state={{ from: pathname }} replace />;
        if (account.terminated) return <Navigate to="/onboarding" replace />;
        const only = firstPageOf(account);
        if (only !== undefined && pathname !== only) return <Navigate to={only} replace />;
        return <AccountPages accountId={account.accountId} events={eventsOf(account)} />;
      }}
    </Loaded>
  );
}
