import type { PageLanguage } from '../language.ts';
import { agents } from './en/agents.ts';
import { common as commonEn } from './en/common.ts';
import { help as helpEn } from './en/help.ts';
import { status as statusEn } from './en/status.ts';
import { common as commonEs } from './es/common.ts';
import { help as helpEs } from './es/help.ts';
import { status as statusEs } from './es/status.ts';

const en = { ...commonEn, help: helpEn, status: statusEn };

/** What consumers read, in every language of the pages: an entry that a language lacks does not compile. */
const forConsumers: Readonly<Record<PageLanguage, typeof en>> = {
  en,
  es: { ...commonEs, help: helpEs, status: statusEs },
};

/**
 * What the pages say beyond the sentence catalog: headings, labels, and what a field needs. The pages of agents and of the
 * operations team are in English so far; once they are written in another language, theirs are chosen as those of
 * consumers are.
 */
export type Words = typeof en & typeof agents;

const words: Readonly<Record<PageLanguage, Words>> = {
  en: { ...agents, ...forConsumers.en },
  es: { ...agents, ...forConsumers.es },
};

/** The words of the pages in a language. */
export function wordsIn(language: PageLanguage): Words {
  return words[language];
}

/** What a language calls itself, to somebody who may read no other. */
export const ownNames: Readonly<Record<PageLanguage, string>> = { en: 'English', es: 'Español' };
