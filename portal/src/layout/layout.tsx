import { SkipNav } from '@cmsgov/design-system';
import { type MouseEvent, Suspense, useRef } from 'react';
import { Outlet, ScrollRestoration } from 'react-router';
import { useText } from '../portal-context.tsx';
import { ConnectionStrip } from './connection-strip.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { InLanguage } from './in-language.tsx';
import { RefusedWrite } from './refused-write.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

/** Frame of every page, in the page's language. */
export function Layout() {
  return (
    <Suspense>
      <InLanguage>
        <Frame />
      </InLanguage>
    </Suspense>
  );
}

function Frame() {
  const { words } = useText();
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
      <Header />
      <main id="main" ref={main} tabIndex={-1} className="hod-main hod-quiet-focus">
        <ConnectionStrip />
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
