import './portal.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { backgroundHeader } from '../../api/schemas/accounts/request-headers.ts';
import { createCalls } from './api/calls.ts';
import { clientOf, createClient } from './api/client.ts';
import { createConfirmation, withConfirmation } from './api/confirmation.ts';
import { createDrafts } from './form/drafts.ts';
import { createSavedLanguage } from './language.ts';
import { repairedAddress } from './link/link-token.ts';
import { createConnection, signLimitMs } from './live/connection.ts';
import { watchInput } from './live/input-watch.ts';
import { createPortal } from './portal.tsx';
import { createTextLoader } from './words/words.ts';

// runs before anything else reads the address: a token in the path would reach logs and the browser's history
const repaired = repairedAddress(window.location);
if (repaired !== undefined) window.history.replaceState(window.history.state, '', repaired);

const ownFetch: typeof fetch = (input, init) => fetch(input, init);
const connection = createConnection({
  askForSign: () =>
    fetch('/v1/session', {
      headers: { [backgroundHeader]: 'yes' },
      cache: 'no-store',
      signal: AbortSignal.timeout(signLimitMs),
    }),
  clock: Date.now,
  network: {
    addEventListener: window.addEventListener.bind(window),
    isOnline: () => navigator.onLine,
  },
});
const client = createClient({
  fetch: connection.watched(ownFetch),
  clock: Date.now,
  isInBackground: watchInput(window, Date.now),
});
const confirmation = createConfirmation();
const Portal = createPortal({
  calls: createCalls(client),
  callsOf: (accountId) => createCalls(withConfirmation(clientOf(client, accountId), confirmation)),
  confirmation,
  now: client.now,
  fetch: ownFetch,
  connection,
  loadTexts: createTextLoader(),
  browserLanguages: navigator.languages,
  savedLanguage: createSavedLanguage(() => localStorage),
  drafts: createDrafts(() => sessionStorage),
});
const root = document.getElementById('portal');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Portal />
    </StrictMode>,
  );
