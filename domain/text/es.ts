import { availability } from './es/availability.ts';
import { feeds } from './es/feeds.ts';
import { mailAboutReferrals } from './es/mail-about-referrals.ts';
import { mailAboutStanding } from './es/mail-about-standing.ts';
import { mailOnRequest } from './es/mail-on-request.ts';
import { mailToAgents } from './es/mail-to-agents.ts';
import { names } from './es/names.ts';
import { onboarding } from './es/onboarding.ts';
import { ops } from './es/ops.ts';
import { profile } from './es/profile.ts';
import { referral } from './es/referral.ts';
import { spoken } from './es/spoken.ts';
import { howToAnswer, lateTextAnswer, textAnswer } from './es/text-answers.ts';
import { push, text } from './es/texts.ts';
import { at, duration } from './es/times.ts';
import { unmetReasons } from './es/unmet-reasons.ts';
import { workflow } from './es/workflow.ts';
import type { Sentences } from './types.ts';

/** The service in Spanish. */
export const es: Sentences = {
  language: 'es',
  at,
  duration,
  availability,
  ...feeds,
  ...names,
  ...onboarding,
  ...ops,
  ...profile,
  ...referral,
  unmetReason: unmetReasons,
  mail: { ...mailToAgents, ...mailAboutStanding, ...mailOnRequest, ...mailAboutReferrals },
  text,
  push,
  spoken,
  textAnswer,
  howToAnswer,
  lateTextAnswer,
  workflow,
};
