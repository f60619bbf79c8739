import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useEffect, useRef } from 'react';
import type { Session } from '../../../api/schemas/accounts/session.ts';
import { usePortal } from '../portal-context.tsx';
import { logInByPasskey } from './ceremonies.ts';

/**
 * Lets the browser suggest passkeys in the field of the username, which has `webauthn` in its `autocomplete`, where it can. What
 * goes wrong stays silent: nobody has asked for a passkey yet. It ends with the page, or when a passkey is asked for.
 */
export function useSuggestedPasskey(onLoggedIn: (account: Session) => void): void {
  const { calls } = usePortal();
  const latest = useRef(onLoggedIn);
  useEffect(() => {
    latest.current = onLoggedIn;
  });
  useEffect(() => {
    let isOver = false;
    const suggest = async () => {
      if (!(await browserSupportsWebAuthnAutofill()) || isOver) return;
      const account = await logInByPasskey(calls, { fromField: true });
      if (!isOver) latest.current(account);
    };
    suggest().catch(() => undefined);
    return () => {
      isOver = true;
      WebAuthnAbortService.cancelCeremony();
    };
  }, [calls]);
}
