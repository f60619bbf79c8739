import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useEffect, useRef } from 'react';
import type { Session } from '../../../api/schemas/accounts/session.ts';
import { usePortal } from '../portal-context.tsx';
import { logInByPasskey } from './ceremonies.ts';

/** Milliseconds after which a suggestion is made anew: its challenge is live for five minutes, and choosing takes a while. */
const renewMs = 4 * 60_000;

/**
 * Lets the browser suggest passkeys in the field of the username, which has `webauthn` in its `autocomplete`, where it can, for
 * as long as the page is open. What goes wrong stays silent: nobody has asked for a passkey yet. It ends with the page, or when a
 * passkey is asked for.
 */
export function useSuggestedPasskey(onLoggedIn: (account: Session) => void): void {
  const { calls } = usePortal();
  const latest = useRef(onLoggedIn);
  useEffect(() => {
    latest.current = onLoggedIn;
  });
  useEffect(() => {
    let isOver = false;
    /** @returns whether it was given up because it had become old */
    const suggestOnce = async (): Promise<boolean> => {
      let isOld = false;
      const stopWaiting = whenShownAfter(renewMs, () => {
        isOld = true;
        WebAuthnAbortService.cancelCeremony();
      });
      try {
        const account = await logInByPasskey(calls, { fromField: true });
        if (!isOver) latest.current(account);
        return false;
      } catch {
        return isOld;
      } finally {
        stopWaiting();
      }
    };
    const suggest = async () => {
      if (!(await browserSupportsWebAuthnAutofill())) return;
      while (!isOver && (await suggestOnce()));
    };
    suggest().catch(() => undefined);
    return () => {
      isOver = true;
      WebAuthnAbortService.cancelCeremony();
    };
  }, [calls]);
}

/** Calls back after a time, or later when the page is shown again: a hidden page asks for nothing. @returns a function that ends this */
function whenShownAfter(ms: number, call: () => void): () => void {
  const callIfShown = () => {
    if (document.visibilityState !== 'visible') return;
    stop();
    call();
  };
  const timer = setTimeout(() => {
    document.addEventListener('visibilitychange', callIfShown);
    callIfShown();
  }, ms);
  const stop = () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', callIfShown);
  };
  return stop;
}
