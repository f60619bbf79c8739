import { NavLink } from 'react-router';
import { useLogOut, useSession } from '../../api/queries.ts';
import { UnstyledButton } from '../../form/button.tsx';
import { useText } from '../../portal-context.tsx';
import { NavigationOfVisitors } from './consumer-layout.tsx';

const agentPages = [
  { to: '/inbox', word: 'inbox' },
  { to: '/availability', word: 'availability' },
  { to: '/history', word: 'history' },
  { to: '/onboarding', word: 'checklist' },
  { to: '/profile', word: 'profile' },
] as const;

/** Links of the header: those of the account that is logged in, or those of visitors. */
export function Navigation() {
  const { header } = useText().words;
  const { data: session } = useSession();
  const logOut = useLogOut();
  if (!session) return <NavigationOfVisitors />;
  return (
    <>
      {session.role !== 'agent' ? (
        <>
          <li>
            <NavLink to="/ops">{header.board}</NavLink>
          </li>
          {session.role === 'ops-admin' && (
            <li>
              <NavLink to="/administration">{header.accounts}</NavLink>
            </li>
          )}
        </>
      ) : (
        agentPages
          .filter(({ to }) => !session.terminated || to === '/onboarding')
          .map(({ to, word }) => (
            <li key={to}>
              <NavLink to={to}>{header[word]}</NavLink>
            </li>
          ))
      )}
      {!session.terminated && (
        <li>
          <NavLink to="/account">{header.account}</NavLink>
        </li>
      )}
      <li>
        <span className="ds-u-visibility--screen-reader">
          {header.greeting(session.firstName || session.username)}
        </span>
        <UnstyledButton className="hod-link-button" onClick={() => logOut.mutate()}>
          {header.logOut}
        </UnstyledButton>
      </li>
    </>
  );
}
