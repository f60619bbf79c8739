import { mailAboutAccount } from './en/mail-about-account.ts';
import { mailAboutReferrals } from './en/mail-about-referrals.ts';
import { mailAboutStanding } from './en/mail-about-standing.ts';
import { mailOnRequest } from './en/mail-on-request.ts';
import { mailToAgents } from './en/mail-to-agents.ts';
import { workflowSentences } from './en/ops.ts';
import { sentences } from './en/sentences.ts';
import {
  howToAnswer,
  lateTextAnswer,
  pushQuestion,
  pushSentences,
  spokenSentences,
  textAnswer,
  textSentences,
} from './en/texts.ts';
import type { Catalog } from './sentences.ts';

/** English catalog. */
export const en: Catalog = {
  ...sentences,
  mail: {
    ...mailToAgents,
    ...mailAboutAccount,
    ...mailAboutStanding,
    ...mailOnRequest,
    ...mailAboutReferrals,
  },
  text: textSentences,
  push: pushSentences,
  pushQuestion,
  spoken: spokenSentences,
  textAnswer,
  howToAnswer,
  lateTextAnswer,
  workflow: workflowSentences,
};
