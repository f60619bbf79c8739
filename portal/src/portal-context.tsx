import { type ComponentType, createContext, type ReactNode, useContext, useLayoutEffect } from 'react';
import type { TimeContext } from '../../domain/text/locale-format.ts';
import type { Calls } from './api/calls.ts';
import type { Confirmation } from './api/confirmation.ts';
import type { Device } from './app/device.ts';
import type { Install } from './app/install.ts';
import type { Upgrade } from './app/upgrade.ts';
import type { Drafts } from './form/drafts.ts';
import type { PageLanguage, SavedLanguage } from './language.ts';
import type { Connection } from './live/connection.ts';
import type { HelpDraft } from './pages/consumer/help/help-draft.ts';
import type { Readers, Texts } from './words/words.ts';

/** A link to another page of the portal. */
export type PageLink = ComponentType<{ to: string; className?: string; children: ReactNode }>;

/** Dependencies of the pages, passed in by the entry (`portal-parts.ts`). */
export interface PortalParts {
  calls: Calls;
  /** Calls of an account's own pages. They are refused once another account is logged in. */
  callsOf: (accountId: string) => Calls;
  /** Asks for the password when a call of an account's pages needs it. */
  confirmation: Confirmation;
  /** Current time by the service's clock. */
  now: () => Date;
  fetch: typeof fetch;
  connection: Connection;
  upgrade: Upgrade;
  install: Install;
  device: Device;
  /** Loads the texts of a page. */
  loadTexts: (readers: Readers) => Promise<Texts>;
  /** BCP 47 codes of the browser's languages, the preferred one first. */
  browserLanguages: readonly string[];
  savedLanguage: SavedLanguage;
  /** Drafts of this tab. */
  drafts: Drafts;
  /** What a consumer has typed into the form for help in this tab. */
  helpDraft: HelpDraft;
}

/**
 * Dependencies of the pages with the two ways from page to page, which are the router's where there is one, and the browser's own in
 * the entry without.
 */
export interface Portal extends PortalParts {
  Link: PageLink;
  /** Opens another page. @param path with the token after its `#`, if it has one */
  open: (path: string) => void;
}

const PortalContext = createContext<Portal | undefined>(undefined);
export const PortalProvider = PortalContext.Provider;

/** Returns the dependencies of the pages. */
export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (!portal) throw new Error('A page outside its PortalProvider');
  return portal;
}

const AccountNameContext = createContext<string | undefined>(undefined);
/** Says who is logged in: the pages that load no session are for people without one. */
export const AccountNameProvider = AccountNameContext.Provider;

/** Username of the account that is logged in; undefined if there is none. */
export function useAccountName(): string | undefined {
  return useContext(AccountNameContext);
}

/** Language and texts of the page. */
export interface LanguageOfPage {
  language: PageLanguage;
  texts: Texts;
  /** Changes the language of the pages; undefined on a page with only one language. */
  choose: ((language: PageLanguage) => void) | undefined;
  /** Sets the language of the request that the page shows. */
  setRequestLanguage: (language: string) => void;
  /** Whether the page shows the API's own words for a problem that it does not know. */
  showsDetails: boolean;
}

const LanguageContext = createContext<LanguageOfPage | undefined>(undefined);
export const LanguageProvider = LanguageContext.Provider;

export function useLanguage(): LanguageOfPage {
  const language = useContext(LanguageContext);
  if (!language) throw new Error('A page outside its LanguageProvider');
  return language;
}

/** Switches the page to the language of the request, unless the user chose a language. */
export function useLanguageOfRequest(ofRequest: string | undefined): void {
  const { setRequestLanguage } = useLanguage();
  // before the browser paints, so that the change is not visible
  useLayoutEffect(() => {
    if (ofRequest !== undefined) setRequestLanguage(ofRequest);
  }, [ofRequest, setRequestLanguage]);
}

/** Texts of the pages: the sentence catalog, and the pages' own words. */
export function useText(): Texts {
  return useLanguage().texts;
}

/** Reference for formatting instants: the current time and this device's time zone. */
export function whenHere(now: Date): TimeContext {
  return { now, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}
