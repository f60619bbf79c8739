import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { readLink } from './link-token.ts';

/** Token of the link that opened this page; undefined if it is incomplete. */
export function useLinkToken(): string | undefined {
  return readLink(useLocation())?.token;
}

/** Links in mails whose pages are forms, which can be reloaded until they are sent. */
type FormLink = 'invitation' | 'password-reset';

/**
 * Token of the link of a form, such as `/register#token`. It is removed from the address, so that it does not stay in the
 * browser's history, and kept in this tab until the form is sent, so that the page can be reloaded.
 */
export function useKeptLinkToken(link: FormLink): string | undefined {
  const { key } = useLocation();
  const fromAddress = useLinkToken();
  const [stored, setStored] = useState(() => sessionStorage.getItem(link) ?? undefined);
  // depends on `key` too, because the same link can be opened twice
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(() => {
    if (fromAddress === undefined) return;
    sessionStorage.setItem(link, fromAddress);
    setStored(fromAddress);
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [fromAddress, key, link]);
  return fromAddress ?? stored;
}

/** Removes the token after the form was sent. */
export function deleteKeptLinkToken(link: FormLink): void {
  sessionStorage.removeItem(link);
}
