import { languageName } from '../values/languages.ts';
import { availabilitySentences } from './en/availability.ts';
import { unmetReasonSentences } from './en/conditions.ts';
import { mailAboutAccount } from './en/mail-about-account.ts';
import { mailAboutReferrals } from './en/mail-about-referrals.ts';
import { mailAboutStanding } from './en/mail-about-standing.ts';
import { mailOnRequest } from './en/mail-on-request.ts';
import { mailToAgents } from './en/mail-to-agents.ts';
import { names } from './en/names.ts';
import { onboardingSentences } from './en/onboarding.ts';
import { feedSentences, opsSentences, workflowSentences } from './en/ops.ts';
import { profileSentences } from './en/profile.ts';
import { referralSentences } from './en/referral.ts';
import {
  howToAnswer,
  lateTextAnswer,
  pushSentences,
  spokenSentences,
  textAnswer,
  textSentences,
} from './en/texts.ts';
import { at, duration } from './en/times.ts';
import type { Sentences } from './sentences.ts';

/** English catalog. */
export const en: Sentences = {
  language: 'en',
  at,
  duration,
  languageName,
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
