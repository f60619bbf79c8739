import { SkipNav } from '@cmsgov/design-system';
import { type MouseEvent, type ReactNode, useRef } from 'react';
import { useLanguage, usePortal, useText } from '../../portal-context.tsx';
import { Footer } from './footer.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

/**
 * Frame of every page: what this website is not, the name of the service, the navigation, and the footer.
 * @param navigation items of the list of links in the header
 * @param strip what stands above the page while it may be out of date
 */
export function Frame({
  navigation,
  strip,
  children,
}: {
  navigation: ReactNode;
  strip: ReactNode;
  children: ReactNode;
}) {
  const { words } = useText();
  const { choose } = useLanguage();
  const { Link } = usePortal();
  const main = useRef<HTMLElement>(null);
  useKeptFocus();
  // a real link to #main would replace the token in the page's address
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    main.current?.focus();
  };
  return (
    <>
      <SkipNav href="#main" onClick={skip}>
        {words.skip}
      </SkipNav>
      <header className="hod-header">
        <p className="hod-banner">
          <span className="ds-l-container">{words.banner}</span>
        </p>
        <div className="ds-l-container hod-bar">
          <Link to="/" className="hod-name">
            {words.serviceName}
          </Link>
          <nav className="hod-nav" aria-label={words.header.navigation}>
            <ul>
              {navigation}
              {choose && (
                <li>
                  <LanguageSwitch />
                </li>
              )}
            </ul>
          </nav>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className="hod-main hod-quiet-focus">
        {strip}
        <div className="ds-l-container">{children}</div>
      </main>
      <Footer />
    </>
  );
}
