import './zod-without-eval.ts';
import './portal.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createCalls } from './api/calls.ts';
import { createClient } from './api/client.ts';
import { createKeptChoice } from './language.ts';
import { createPortal } from './portal.tsx';

const ownFetch: typeof fetch = (input, init) => fetch(input, init);
const client = createClient({ fetch: ownFetch });
const Portal = createPortal({
  calls: createCalls(client),
  now: client.now,
  fetch: ownFetch,
  browserLanguages: navigator.languages,
  keptChoice: createKeptChoice(() => localStorage),
});
const place = document.getElementById('portal');
if (place)
  createRoot(place).render(
    <StrictMode>
      <Portal />
    </StrictMode>,
  );
