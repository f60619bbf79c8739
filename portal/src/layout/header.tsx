import { Link, NavLink } from 'react-router';
import { useLogOut, useSession } from '../api/queries.ts';
import { UnstyledButton } from '../form/button.tsx';
import { useLanguage, useText } from '../portal-context.tsx';
import { LanguageSwitch } from './language-switch.tsx';

const agentPages = [
  { to: '/inbox', word: 'inbox' },
  { to: '/availability', word: 'availability' },
  { to: '/history', word: 'history' },
  { to: '/onboarding', word: 'checklist' },
  { to: '/profile', word: 'profile' },
] as const;

/** Header: what this website is not, the name of the service and the navigation, with the agent's own pages after log-in. */
export function Header() {
  const { words } = useText();
  const { choose } = useLanguage();
  const { data: session } = useSession();
  const logOut = useLogOut();
  const { header } = words;
  return (
    <header className="hod-header">
      <p className="hod-banner">
        <span className="ds-l-container">{words.banner}</span>
      </p>
      <div className="ds-l-container hod-bar">
        <Link to="/" className="hod-name">
          {words.serviceName}
        </Link>
        <nav className="hod-nav" aria-label={header.navigation}>
          <ul>
            {session ? (
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
            ) : (
              <>
                <li>
                  <NavLink to="/help">{header.help}</NavLink>
                </li>
                <li>
                  <NavLink to="/login">{header.logIn}</NavLink>
                </li>
              </>
            )}
            {choose && (
              <li>
                <LanguageSwitch />
              </li>
            )}
          </ul>
        </nav>
      </div>
    </header>
  );
}
