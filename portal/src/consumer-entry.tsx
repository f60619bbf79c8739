import './portal.css';
import { type JSX, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { registerServiceWorker } from './app/register.ts';
import { pageLanguage } from './language.ts';
import { BrokenFrame } from './layout/frame/broken-frame.tsx';
import { ConsumerLayout } from './layout/frame/consumer-layout.tsx';
import { type PageLink, PortalProvider } from './portal-context.tsx';
import { createPortalParts } from './portal-parts.ts';
import { textsOf } from './words/words.ts';

const Link: PageLink = ({ to, className, children }) => (
  <a href={to} className={className} aria-current={to === window.location.pathname ? 'page' : undefined}>
    {children}
  </a>
);

/**
 * Shows a page that people open first, alone: without the router, the query cache and the schemas, which it does not use. Its
 * document can be read before any of this has arrived, and stays until the page can take its place.
 */
export function showConsumerPage(page: JSX.Element): void {
  const portal = { ...createPortalParts(), Link, open: (path: string) => window.location.assign(path) };
  registerServiceWorker(portal.device);
  const language = pageLanguage({
    readers: 'consumers',
    chosen: portal.savedLanguage.read(),
    ofBrowser: portal.browserLanguages,
  });
  const root = document.getElementById('portal');
  if (!root) return;
  const show = (content: JSX.Element) => createRoot(root).render(<StrictMode>{content}</StrictMode>);
  portal.loadTexts(textsOf('consumers', language)).then(
    () =>
      show(
        <PortalProvider value={portal}>
          <ConsumerLayout>{page}</ConsumerLayout>
        </PortalProvider>,
      ),
    () => show(<BrokenFrame />),
  );
}
