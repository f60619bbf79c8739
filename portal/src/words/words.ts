import type { PageLanguage } from '../language.ts';
import { account } from './en/account.ts';
import { common as commonEn } from './en/common.ts';
import { draft } from './en/draft.ts';
import { help as helpEn } from './en/help.ts';
import { howLong as howLongEn } from './en/how-long.ts';
import { inbox } from './en/inbox.ts';
import { logIn, logInHelp } from './en/log-in.ts';
import { onboarding } from './en/onboarding.ts';
import { ops } from './en/ops.ts';
import { passwords } from './en/passwords.ts';
import { phone } from './en/phone.ts';
import { profile } from './en/profile.ts';
import { register } from './en/register.ts';
import { security } from './en/security.ts';
import { skips } from './en/skips.ts';
import { status as statusEn } from './en/status.ts';
import { common as commonEs } from './es/common.ts';
import { help as helpEs } from './es/help.ts';
import { howLong as howLongEs } from './es/how-long.ts';
import { status as statusEs } from './es/status.ts';

const en = { ...commonEn, help: helpEn, howLong: howLongEn, status: statusEn };

/** Words of the pages for agents and the operations team, which are only in English. */
const forAgents = {
  account,
  draft,
  register,
  logIn,
  logInHelp,
  passwords,
  profile,
  onboarding,
  phone,
  inbox,
  security,
  skips,
  ops,
};

/** Words of the consumer pages in every language. A missing entry does not compile. */
const forConsumers: Readonly<Record<PageLanguage, typeof en>> = {
  en,
  es: { ...commonEs, help: helpEs, howLong: howLongEs, status: statusEs },
};

/**
 * Words of the pages that are not in the sentence catalog: headings, labels, and error texts of fields.
 */
export type Words = typeof en & typeof forAgents;

const words: Readonly<Record<PageLanguage, Words>> = {
  en: { ...forAgents, ...forConsumers.en },
  es: { ...forAgents, ...forConsumers.es },
};

/** Returns the words of the pages in a language. */
export function wordsIn(language: PageLanguage): Words {
  return words[language];
}

/** Name of each language in the language itself. */
export const ownNames: Readonly<Record<PageLanguage, string>> = { en: 'English', es: 'Español' };
