import { Navigate, useLocation } from 'react-router';
import { useSession } from '../api/queries.ts';
import { useText } from '../portal-context.tsx';
import { AccountPages } from './account-pages.tsx';
import { Loaded } from './loaded.tsx';
import { Page } from './page.tsx';

/** The pages of the operations team: whoever is not logged in is asked to, and anybody else is told so. */
export function OpsOnly() {
  const { words } = useText();
  const session = useSession();
  const { pathname, search } = useLocation();
  return (
    <Loaded query={session}>
      {(account) => {
        if (!account) return <Navigate to="/login" state={{ from: `${pathname}${search}` }} replace />;
        if (account.role === 'ops') return <AccountPages accountId={account.accountId} />;
        return (
          <Page title={words.ops.title}>
            <p>{words.ops.notOps}</p>
          </Page>
        );
      }}
    </Loaded>
  );
}
