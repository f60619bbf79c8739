import { Navigate, useLocation } from 'react-router';
import { eventsOf, firstPageOf, isOps } from '../../account-home.ts';
import { useSession } from '../../api/queries.ts';
import { useText } from '../../portal-context.tsx';
import { Page } from '../frame/page.tsx';
import { Loaded } from '../loaded.tsx';
import { AccountPages } from './account-pages.tsx';

/** Pages for the operations team. Asks users without a session to log in; shows others that they have no access. */
export function OpsOnly() {
  const { words } = useText();
  const session = useSession();
  const { pathname, search } = useLocation();
  return (
    <Loaded query={session}>
      {(account) => {
        if (!account) return <Navigate to="/login" state={{ from: `${pathname}${search}` }} replace />;
        const only = firstPageOf(account);
        if (only !== undefined) return <Navigate to={only} replace />;
        if (isOps(account)) return <AccountPages accountId={account.accountId} events={eventsOf(account)} />;
        return (
          <Page title={words.ops.title}>
            {account.role === 'auditor' ? (
              <p>
                {words.ops.accounts.noPages} <a href="/docs">{words.ops.accounts.docs}</a>
              </p>
            ) : (
              <p>{words.ops.notOps}</p>
            )}
          </Page>
        );
      }}
    </Loaded>
  );
}
