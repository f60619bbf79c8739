import './portal.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { repairedAddress } from './link/link-token.ts';
import { createPortal } from './portal.tsx';
import { createPortalParts } from './portal-parts.ts';

// runs before anything else reads the address: a token in the path would reach logs and the browser's history
const repaired = repairedAddress(window.location);
if (repaired !== undefined) window.history.replaceState(window.history.state, '', repaired);

const parts = createPortalParts();
const Portal = createPortal(parts);
// after the files of the first page, which it would otherwise compete with
if (import.meta.env.PROD && 'serviceWorker' in navigator)
  window.addEventListener('load', () => {
    navigator.serviceWorker
      .register('/sw.js', { updateViaCache: 'none' })
      .then(parts.device.renew)
      .catch(() => undefined);
  });
const root = document.getElementById('portal');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Portal />
    </StrictMode>,
  );
