import { en } from './en.ts';
import { es } from './es.ts';
import type { TimeContext } from './locale-format.ts';
import type { Catalog, Sentences } from './sentences.ts';

/** All catalogs, by BCP-47 code. */
export const catalogs: Readonly<Record<'en' | 'es', Catalog>> = { en, es };

/** Returns the catalog of a language (BCP-47, region ignored); English if the language has none. */
export function sentencesIn(language: string): Catalog {
  const [primary] = language.toLowerCase().split('-');
  return primary === 'es' ? catalogs.es : catalogs.en;
}

/**
 * Returns the sentence of a stored event, whose kind and data are untyped. For an unknown kind, recorded by a newer
 * version, it returns the kind itself.
 */
export function eventSentence(
  sentences: Sentences,
  event: { subject: 'onboarding' | 'referral'; kind: string; data: unknown },
  when: TimeContext,
): string {
  const ofKind = event.subject === 'onboarding' ? sentences.onboardingEvent : sentences.referralEvent;
  const sentence = Object.hasOwn(ofKind, event.kind) ? ofKind[event.kind as keyof typeof ofKind] : undefined;
  return sentence ? (sentence as (data: unknown, when: TimeContext) => string)(event.data, when) : event.kind;
}
