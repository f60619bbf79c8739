import { availabilitySentences } from './es/availability.ts';
import { unmetReasonSentences } from './es/conditions.ts';
import { mailAboutAccount } from './es/mail-about-account.ts';
import { mailAboutReferrals } from './es/mail-about-referrals.ts';
import { mailAboutStanding } from './es/mail-about-standing.ts';
import { mailOnRequest } from './es/mail-on-request.ts';
import { mailToAgents } from './es/mail-to-agents.ts';
import { names } from './es/names.ts';
import { onboardingSentences } from './es/onboarding.ts';
import { feedSentences, opsSentences, workflowSentences } from './es/ops.ts';
import { profileSentences } from './es/profile.ts';
import { referralSentences } from './es/referral.ts';
import {
  howToAnswer,
  lateTextAnswer,
  pushSentences,
  spokenSentences,
  textAnswer,
  textSentences,
} from './es/texts.ts';
import { at, duration } from './es/times.ts';
import type { Sentences } from './sentences.ts';

/** Spanish catalog. */
export const es: Sentences = {
  language: 'es',
  at,
  duration,
  availability: availabilitySentences,
  ...feedSentences,
  ...names,
  ...onboardingSentences,
  ...opsSentences,
  ...profileSentences,
  ...referralSentences,
  unmetReason: unmetReasonSentences,
  mail: {
    ...mailToAgents,
    ...mailAboutAccount,
    ...mailAboutStanding,
    ...mailOnRequest,
    ...mailAboutReferrals,
  },
  text: textSentences,
  push: pushSentences,
  spoken: spokenSentences,
  textAnswer,
  howToAnswer,
  lateTextAnswer,
  workflow: workflowSentences,
};
