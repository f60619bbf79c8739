import { mailAboutReferrals } from './es/mail-about-referrals.ts';
import { mailToAgents } from './es/mail-to-agents.ts';
import { names } from './es/names.ts';
import { onboarding } from './es/onboarding.ts';
import { referral } from './es/referral.ts';
import { push, text } from './es/texts.ts';
import { at, duration } from './es/times.ts';
import { workflow } from './es/workflow.ts';
import type { Sentences } from './types.ts';

/** The service in Spanish. */
export const es: Sentences = {
  language: 'es',
  at,
  duration,
  ...names,
  ...onboarding,
  ...referral,
  mail: { ...mailToAgents, ...mailAboutReferrals },
  text,
  push,
  workflow,
};
