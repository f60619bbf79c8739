import { en } from './en.ts';
import { es } from './es.ts';
import type { TimeContext } from './locale-format.ts';
import type { Sentences } from './sentences.ts';

/** Every catalog there is, by BCP-47 code. */
export const catalogs: Readonly<Record<'en' | 'es', Sentences>> = { en, es };

/** The catalog of a language (BCP-47, region ignored); English where the language has none. */
export function sentencesIn(language: string): Sentences {
  const [primary] = language.toLowerCase().split('-');
  return primary === 'es' ? catalogs.es : catalogs.en;
}

/**
 * One line for an event as it is stored, whose kind and data are not typed any more. A kind that this catalog does
 * not know (recorded by a newer version) stands for itself.
 */
export function eventSentence(
  sentences: Sentences,
  event: { subject: 'onboarding' | 'referral'; kind: string; data: unknown },
  when: TimeContext,
): string {
  const lines = event.subject === 'onboarding' ? sentences.onboardingEvent : sentences.referralEvent;
  const line = Object.hasOwn(lines, event.kind) ? lines[event.kind as keyof typeof lines] : undefined;
  return line ? (line as (data: unknown, when: TimeContext) => string)(event.data, when) : event.kind;
}
