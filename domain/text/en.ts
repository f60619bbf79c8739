import { languageName } from '../values/languages.ts';
import { availability } from './en/availability.ts';
import { feeds } from './en/feeds.ts';
import { mailAboutReferrals } from './en/mail-about-referrals.ts';
import { mailAboutStanding } from './en/mail-about-standing.ts';
import { mailOnRequest } from './en/mail-on-request.ts';
import { mailToAgents } from './en/mail-to-agents.ts';
import { names } from './en/names.ts';
import { onboarding } from './en/onboarding.ts';
import { ops } from './en/ops.ts';
import { profile } from './en/profile.ts';
import { referral } from './en/referral.ts';
import { spoken } from './en/spoken.ts';
import { howToAnswer, lateTextAnswer, textAnswer } from './en/text-answers.ts';
import { push, text } from './en/texts.ts';
import { at, duration } from './en/times.ts';
import { unmetReasons } from './en/unmet-reasons.ts';
import { workflow } from './en/workflow.ts';
import type { Sentences } from './types.ts';

/** The service in English. */
export const en: Sentences = {
  language: 'en',
  at,
  duration,
  languageName,
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
