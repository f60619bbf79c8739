import { Navigate, useLocation } from 'react-router';
import { securityPath } from '../account-home.ts';
import { useSession } from '../api/queries.ts';
import { AccountPages } from './account-pages.tsx';
import { Loaded } from './loaded.tsx';

/** Pages for everybody who has an account. Asks users without a session to log in, and returns here afterwards. */
export function AccountOnly() {
  const session = useSession();
  const { pathname } = useLocation();
  return (
    <Loaded query={session}>
      {(account) => {
        if (!account) return <Navigate to="/login" state={{ from: pathname }} replace />;
        if (account.terminated) return <Navigate to="/onboarding" replace />;
        if (account.mustAddSecondFactor && pathname !== securityPath)
          return <Navigate to={securityPath} replace />;
        const events = account.role === 'agent' ? '/v1/me/events' : '/v1/ops/events';
        return <AccountPages accountId={account.accountId} events={events} />;
      }}
    </Loaded>
  );
}
