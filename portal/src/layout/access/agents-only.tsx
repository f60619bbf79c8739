import { Navigate, useLocation } from 'react-router';
import { eventsOf } from '../../account-home.ts';
import { useSession } from '../../api/queries.ts';
import { Loaded } from '../loaded.tsx';
import { AccountPages } from './account-pages.tsx';

/**
 * Pages for agents. Asks users without a session to log in, and returns here afterwards. Shows agents who are terminated for
 * cause the page that says why.
 */
export function AgentsOnly() {
  const session = useSession();
  const { pathname, search } = useLocation();
  return (
    <Loaded query={session}>
      {(account) => {
        if (!account) return <Navigate to="/login" state={{ from: `${pathname}${search}` }} replace />;
        // the only page whose data the API still gives them
        if (account.terminated && pathname !== '/onboarding') return <Navigate to="/onboarding" replace />;
        return <AccountPages accountId={account.accountId} events={eventsOf(account)} />;
      }}
    </Loaded>
  );
}
