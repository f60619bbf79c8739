import { backgroundHeader } from '../../api/schemas/accounts/request-headers.ts';
import { createCalls } from './api/calls.ts';
import { clientOf, createClient } from './api/client.ts';
import { createConfirmation, withConfirmation } from './api/confirmation.ts';
import { createDevice } from './app/device.ts';
import { createInstall } from './app/install.ts';
import { createUpgrade } from './app/upgrade.ts';
import { createDrafts } from './form/drafts.ts';
import { createSavedLanguage } from './language.ts';
import { createConnection, signLimitMs } from './live/connection.ts';
import { watchInput } from './live/input-watch.ts';
import { createHelpDraft } from './pages/consumer/help/help-draft.ts';
import type { PortalParts } from './portal-context.tsx';
import { createTextLoader } from './words/words.ts';

/** Creates what the pages need of the browser. Each entry does so once. */
export function createPortalParts(): PortalParts {
  const isInBackground = watchInput(window, Date.now);
  const upgrade = createUpgrade({
    build: document.querySelector<HTMLMetaElement>('meta[name=build]')?.content,
    reload: () => location.reload(),
    storage: () => sessionStorage,
    clock: Date.now,
    isUnattended: () => document.visibilityState === 'hidden' || isInBackground(),
  });
  const ownFetch = upgrade.watched((input, init) => fetch(input, init));
  const connection = createConnection({
    askForSign: () =>
      ownFetch('/v1/session', {
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
    isInBackground,
  });
  const confirmation = createConfirmation();
  return {
    calls: createCalls(client),
    callsOf: (accountId) => createCalls(withConfirmation(clientOf(client, accountId), confirmation)),
    confirmation,
    now: client.now,
    fetch: ownFetch,
    connection,
    upgrade,
    install: createInstall(window),
    device: createDevice({
      serviceWorker: navigator.serviceWorker,
      notification: globalThis.Notification,
      caches: globalThis.caches,
      setAppBadge: (navigator.setAppBadge as typeof navigator.setAppBadge | undefined)?.bind(navigator),
      fetch: ownFetch,
      storage: () => localStorage,
    }),
    loadTexts: createTextLoader(connection),
    browserLanguages: navigator.languages,
    savedLanguage: createSavedLanguage(() => localStorage),
    drafts: createDrafts(() => sessionStorage),
    helpDraft: createHelpDraft(() => sessionStorage),
  };
}
