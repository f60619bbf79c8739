import { createContext, useContext } from 'react';
import { sentencesIn } from '../../domain/catalog/catalog.ts';
import type { Sentences } from '../../domain/catalog/types.ts';
import type { When } from '../../domain/catalog/when.ts';
import type { Calls } from './api/calls.ts';
import { type Words, wordsIn } from './words.ts';

/** What the pages stand on; `main.tsx` and tests pass it in. */
export interface Portal {
  calls: Calls;
  /** Now, by the clock of the service. */
  now: () => Date;
  fetch: typeof fetch;
  /** BCP-47 code of the language of the pages. */
  language: string;
}

const PortalContext = createContext<Portal | undefined>(undefined);
export const PortalProvider = PortalContext.Provider;

/** What the page stands on. */
export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (!portal) throw new Error('A page outside its PortalProvider');
  return portal;
}

/** What the pages say: the service's own sentences, and the words of the pages. */
export function useText(): { sentences: Sentences; words: Words } {
  const { language } = usePortal();
  return { sentences: sentencesIn(language), words: wordsIn(language) };
}

/** From where and when instants are told: now, on this device's own clock. */
export function whenHere(now: Date): When {
  return { now, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}
