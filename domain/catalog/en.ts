import { languageName } from '../languages.ts';
import { mailAboutReferrals } from './en/mail-about-referrals.ts';
import { mailToAgents } from './en/mail-to-agents.ts';
import { names } from './en/names.ts';
import { onboarding } from './en/onboarding.ts';
import { referral } from './en/referral.ts';
import { push, text } from './en/texts.ts';
import { at, duration } from './en/times.ts';
import { workflow } from './en/workflow.ts';
import type { Sentences } from './types.ts';

/** The service in English. */
export const en: Sentences = {
  language: 'en',
  at,
  duration,
  languageName,
  ...names,
  ...onboarding,
  ...referral,
  mail: { ...mailToAgents, ...mailAboutReferrals },
  text,
  push,
  workflow,
};
