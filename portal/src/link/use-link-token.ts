import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { readLink } from './link-token.ts';

const storageKey = 'invitation';

/** The secret of the link that opened this page; undefined where no whole one is left of it. */
export function useLinkToken(): string | undefined {
  return readLink(useLocation())?.token;
}

/**
 * The token of the mail's link, `/register#token`. It is taken out of the address, so that the browser's history
 * does not keep it, and stays in this tab until registration, so that the page can be loaded again.
 */
export function useInvitationToken(): string | undefined {
  const { key } = useLocation();
  const given = useLinkToken();
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
export function deleteInvitationToken(): void {
  sessionStorage.removeItem(storageKey);
}
