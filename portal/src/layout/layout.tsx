import { SkipNav } from '@cmsgov/design-system';
import { type MouseEvent, useRef } from 'react';
import { Outlet, ScrollRestoration } from 'react-router';
import { useText } from '../portal-context.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { InLanguage } from './in-language.tsx';
import { RefusedWrite } from './refused-write.tsx';

/** Frame of every page, in the page's language. */
export function Layout() {
  return (
    <InLanguage>
      <Frame />
    </InLanguage>
  );
}

function Frame() {
  const { words } = useText();
  const main = useRef<HTMLElement>(null);
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
      <Header />
      <main id="main" ref={main} tabIndex={-1} className="hod-main hod-quiet-focus">
        <div className="ds-l-container">
          <RefusedWrite />
          <Outlet />
        </div>
      </main>
      <Footer />
      <ScrollRestoration />
    </>
  );
}
