import './zod-without-eval.ts';
import './portal.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createCalls } from './api/calls.ts';
import { clientOf, createClient } from './api/client.ts';
import { createConfirmation, withConfirmation } from './api/confirmation.ts';
import { createDrafts } from './form/drafts.ts';
import { createSavedLanguage } from './language.ts';
import { repairedAddress } from './link/link-token.ts';
import { watchInput } from './live/input-watch.ts';
import { createPortal } from './portal.tsx';

// runs before anything else reads the address: a token in the path would reach logs and the browser's history
const repaired = repairedAddress(window.location);
if (repaired !== undefined) window.history.replaceState(window.history.state, '', repaired);

const ownFetch: typeof fetch = (input, init) => fetch(input, init);
const client = createClient({
  fetch: ownFetch,
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
