import { languageName } from '../values/languages.ts';
import { availabilitySentences } from './en/availability.ts';
import { feedSentences } from './en/feeds.ts';
import { mailAboutReferrals } from './en/mail-about-referrals.ts';
import { mailAboutStanding } from './en/mail-about-standing.ts';
import { mailOnRequest } from './en/mail-on-request.ts';
import { mailToAgents } from './en/mail-to-agents.ts';
import { names } from './en/names.ts';
import { onboardingSentences } from './en/onboarding.ts';
import { opsSentences } from './en/ops.ts';
import { profileSentences } from './en/profile.ts';
import { referralSentences } from './en/referral.ts';
import { spokenSentences } from './en/spoken.ts';
import { howToAnswer, lateTextAnswer, textAnswer } from './en/text-answers.ts';
import { pushSentences, textSentences } from './en/texts.ts';
import { at, duration } from './en/times.ts';
import { unmetReasonSentences } from './en/unmet-reasons.ts';
import { workflowSentences } from './en/workflow.ts';
import type { Sentences } from './types.ts';

/** The service in English. */
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
  mail: { ...mailToAgents, ...mailAboutStanding, ...mailOnRequest, ...mailAboutReferrals },
  text: textSentences,
  push: pushSentences,
  spoken: spokenSentences,
  textAnswer,
  howToAnswer,
  lateTextAnswer,
  workflow: workflowSentences,
};
