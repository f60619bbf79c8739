import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { readLink } from './link-token.ts';

const storageKey = 'invitation';

/** Token of the link that opened this page; undefined if it is incomplete. */
export function useLinkToken(): string | undefined {
  return readLink(useLocation())?.token;
}

/**
 * Token of the link in an invitation mail, `/register#token`. It is removed from the address, so that it does not stay in
 * the browser's history, and kept in this tab until registration, so that the page can be reloaded.
 */
export function useInvitationToken(): string | undefined {
  const { key } = useLocation();
  const fromAddress = useLinkToken();
  const [stored, setStored] = useState(() => sessionStorage.getItem(storageKey) ?? undefined);
  // depends on `key` too, because the same link can be opened twice
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(() => {
    if (fromAddress === undefined) return;
    sessionStorage.setItem(storageKey, fromAddress);
    setStored(fromAddress);
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [fromAddress, key]);
  return fromAddress ?? stored;
}

/** Removes the token after registration. */
export function deleteInvitationToken(): void {
  sessionStorage.removeItem(storageKey);
}
