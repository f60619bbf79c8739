import './portal.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { registerServiceWorker } from './app/register.ts';
import { repairedAddress } from './link/link-token.ts';
import { createPortal } from './portal.tsx';
import { createPortalParts } from './portal-parts.ts';

// runs before anything else reads the address: a token in the path would reach logs and the browser's history
const repaired = repairedAddress(window.location);
if (repaired !== undefined) window.history.replaceState(window.history.state, '', repaired);

const parts = createPortalParts();
const { Portal, loaded } = createPortal(parts);
registerServiceWorker(parts.device);
const root = document.getElementById('portal');
// the document's own header stays until there is something else to see
if (root)
  void loaded.then(() =>
    createRoot(root).render(
      <StrictMode>
        <Portal />
      </StrictMode>,
    ),
  );
