import { mailAboutAccount } from './es/mail-about-account.ts';
import { mailAboutReferrals } from './es/mail-about-referrals.ts';
import { mailAboutStanding } from './es/mail-about-standing.ts';
import { mailOnRequest } from './es/mail-on-request.ts';
import { mailToAgents } from './es/mail-to-agents.ts';
import { workflowSentences } from './es/ops.ts';
import { sentences } from './es/sentences.ts';
import {
  howToAnswer,
  lateTextAnswer,
  pushQuestion,
  pushSentences,
  spokenSentences,
  textAnswer,
  textSentences,
} from './es/texts.ts';
import type { Catalog } from './sentences.ts';

/** Spanish catalog. */
export const es: Catalog = {
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
