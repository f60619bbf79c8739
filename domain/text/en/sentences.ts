import { languageName } from '../../values/languages.ts';
import type { Sentences } from '../sentences.ts';
import { availabilitySentences } from './availability.ts';
import { unmetReasonSentences } from './conditions.ts';
import { names } from './names.ts';
import { notServingSentences } from './not-serving.ts';
import { onboardingSentences } from './onboarding.ts';
import { feedSentences, opsSentences } from './ops.ts';
import { profileSentences } from './profile.ts';
import { referralSentences } from './referral.ts';
import { at, duration } from './times.ts';
import { unofferedSentences } from './unoffered.ts';

/** English sentences of pages. */
export const sentences: Sentences = {
  language: 'en',
  at,
  duration,
  languageName,
  availability: availabilitySentences,
  notServing: notServingSentences,
  ...feedSentences,
  ...names,
  ...onboardingSentences,
  ...opsSentences,
  ...profileSentences,
  ...referralSentences,
  ...unofferedSentences,
  unmetReason: unmetReasonSentences,
};
