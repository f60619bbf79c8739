import './portal.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { registerServiceWorker } from './app/register.ts';
import { pageLanguage } from './language.ts';
import { BrokenFrame } from './layout/broken-frame.tsx';
import { ConsumerLayout } from './layout/consumer-layout.tsx';
import { HelpPage } from './pages/consumer/help/help-page.tsx';
import { type PageLink, PortalProvider } from './portal-context.tsx';
import { createPortalParts } from './portal-parts.ts';

/**
 * Entry of the form for help alone, the first page of most consumers: without the router, the query cache and the schemas, which
 * the page does not use. `help.html` can be read before any of this has arrived.
 */
const Link: PageLink = ({ to, className, children }) => (
  <a href={to} className={className} aria-current={to === window.location.pathname ? 'page' : undefined}>
    {children}
  </a>
);
const portal = { ...createPortalParts(), Link, open: (path: string) => window.location.assign(path) };
registerServiceWorker(portal.device);
const language = pageLanguage({
  chosen: portal.savedLanguage.read(),
  ofBrowser: portal.browserLanguages,
});
const root = document.getElementById('portal');
if (root) {
  const show = (page: React.JSX.Element) => createRoot(root).render(<StrictMode>{page}</StrictMode>);
  // the page of the document stays until this one can take its place
  portal.loadTexts(`consumers-${language}`).then(
    () =>
      show(
        <PortalProvider value={portal}>
          <ConsumerLayout>
            <HelpPage />
          </ConsumerLayout>
        </PortalProvider>,
      ),
    () => show(<BrokenFrame />),
  );
}
