import { createContext, useContext, useLayoutEffect } from 'react';
import { sentencesIn } from '../../domain/text/catalog.ts';
import type { TimeContext } from '../../domain/text/locale-format.ts';
import type { Sentences } from '../../domain/text/sentences.ts';
import type { Calls } from './api/calls.ts';
import type { Drafts } from './form/drafts.ts';
import type { PageLanguage, SavedLanguage } from './language.ts';
import { type Words, wordsIn } from './words/words.ts';

/** What the pages stand on; `main.tsx` passes it in. */
export interface Portal {
  calls: Calls;
  /** The calls of an account's own pages; refused once another account is logged in. */
  callsOf: (accountId: string) => Calls;
  /** Now, by the clock of the service. */
  now: () => Date;
  fetch: typeof fetch;
  /** BCP-47 codes of the languages that the browser asks for, the most wanted first. */
  browserLanguages: readonly string[];
  savedLanguage: SavedLanguage;
  /** What was typed in this tab and is not saved. */
  drafts: Drafts;
}

const PortalContext = createContext<Portal | undefined>(undefined);
export const PortalProvider = PortalContext.Provider;

/** What the page stands on. */
export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (!portal) throw new Error('A page outside its PortalProvider');
  return portal;
}

/** The language that the page is in. */
export interface LanguageOfPage {
  language: PageLanguage;
  /** Puts the pages of consumers into a language; undefined on a page that is written in one alone. */
  choose: ((language: PageLanguage) => void) | undefined;
  /** Tells in which language the request was asked that the page is about. */
  setRequestLanguage: (language: string) => void;
}

const LanguageContext = createContext<LanguageOfPage | undefined>(undefined);
export const LanguageProvider = LanguageContext.Provider;

export function useLanguage(): LanguageOfPage {
  const language = useContext(LanguageContext);
  if (!language) throw new Error('A page outside its LanguageProvider');
  return language;
}

/** Puts the page into the language of a request, once that is known, unless the user chose one. */
export function useLanguageOfRequest(ofRequest: string | undefined): void {
  const { setRequestLanguage } = useLanguage();
  // before it is painted, so that nobody sees it change
  useLayoutEffect(() => {
    if (ofRequest !== undefined) setRequestLanguage(ofRequest);
  }, [ofRequest, setRequestLanguage]);
}

/** What the pages say: the service's own sentences, and the words of the pages. */
export function useText(): { sentences: Sentences; words: Words } {
  const { language } = useLanguage();
  return { sentences: sentencesIn(language), words: wordsIn(language) };
}

/** From where and when instants are told: now, on this device's own clock. */
export function whenHere(now: Date): TimeContext {
  return { now, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}
