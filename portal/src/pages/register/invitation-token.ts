import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';

const storageKey = 'invitation';

/**
 * The token of the mail's link, `/register#token`. It is taken out of the address, so that the browser's history
 * does not keep it, and stays in this tab until registration, so that the page can be loaded again.
 */
export function useInvitationToken(): string | undefined {
  const { hash, key } = useLocation();
  const given = tokenIn(hash);
  const [kept, setKept] = useState(() => sessionStorage.getItem(storageKey) ?? undefined);
  // `key` too: the same link can be opened twice
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(() => {
    if (given === undefined) return;
    sessionStorage.setItem(storageKey, given);
    setKept(given);
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [given, key]);
  return given ?? kept;
}

/** Forgets the token once it is spent. */
export function forgetInvitationToken(): void {
  sessionStorage.removeItem(storageKey);
}

/** The token after the # of a link; undefined where there is none. */
export function tokenIn(hash: string): string | undefined {
  const text = hash.replace(/^#/, '');
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
