import type { Sentences } from '../../../domain/text/sentences.ts';
import type { PageLanguage, PageReaders } from '../language.ts';
import type { Connection } from '../live/connection.ts';
import type { words as forAgents } from './en/agents.ts';
import type { words as forConsumers } from './en/consumers.ts';

/**
 * Words of the pages that are not in the sentence catalog: headings, labels, and error texts of fields. A page has those of its
 * own readers.
 */
export type Words = typeof forConsumers & typeof forAgents;

export interface Texts {
  sentences: Sentences;
  words: Words;
}

/** Readers whose texts the others do not load: consumers, and agents with the operations team, by their language. */
export type Readers = `${'consumers' | 'agents'}-${PageLanguage}`;

/** Names the texts of a page. */
export function textsOf(readers: PageReaders, language: PageLanguage): Readers {
  return `${readers === 'consumers' ? 'consumers' : 'agents'}-${language}`;
}

const englishSentences = () => import('../../../domain/text/en/sentences.ts');
const spanishSentences = () => import('../../../domain/text/es/sentences.ts');

const parts: Readonly<Record<Readers, () => Promise<[{ sentences: Sentences }, { words: Partial<Words> }]>>> =
  {
    'consumers-en': () => Promise.all([englishSentences(), import('./en/consumers.ts')]),
    'consumers-es': () => Promise.all([spanishSentences(), import('./es/consumers.ts')]),
    'agents-en': () => Promise.all([englishSentences(), import('./en/agents.ts')]),
    'agents-es': () => Promise.all([spanishSentences(), import('./es/agents.ts')]),
  };

/**
 * Creates the function that loads texts, once for each kind of readers. Where they cannot be loaded those of other readers stand
 * in, if there are any: they have all that the frame and the page for a failed load need, which offers to load again.
 */
export function createTextLoader({
  awaited,
}: Pick<Connection, 'awaited'>): (readers: Readers) => Promise<Texts> {
  const loaded = new Map<Readers, Promise<Texts>>();
  let last: Texts | undefined;
  return (readers) => {
    const known = loaded.get(readers);
    if (known) return known;
    const loading = awaited(parts[readers]()).then(
      ([{ sentences }, { words }]) => {
        last = { sentences, words: words as Words };
        return last;
      },
      (error: unknown) => {
        if (last) return last;
        loaded.delete(readers);
        throw error;
      },
    );
    loaded.set(readers, loading);
    return loading;
  };
}

/** Name of each language in the language itself. */
export const ownNames: Readonly<Record<PageLanguage, string>> = { en: 'English', es: 'Español' };
