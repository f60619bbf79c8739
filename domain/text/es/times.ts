import type { PlainDate } from '../../onboarding/evidence.ts';
import { clockParts, dayIn, durationIn, listIn, type TimeContext, wholeMinutesTo } from '../locale-format.ts';

const locale = 'es-US';

function timeOf(part: ReturnType<typeof clockParts>): string {
  const article = part.hour === '1' ? 'la' : 'las';
  return `${article} ${part.hour}:${part.minute} ${part.isMorning ? 'a. m.' : 'p. m.'}${part.zone}`;
}

/** With its article, to follow "hasta" or "antes de": `las 10:42 a. m. MST`, `el 25 de nov a las 10:42 a. m. MST`. */
export function at(instant: Date, when: TimeContext): string {
  const part = clockParts(instant, when, locale);
  if (part.isToday) return timeOf(part);
  return `el ${part.day} de ${part.shortMonth}${part.isThisYear ? '' : ` de ${part.year}`} a ${timeOf(part)}`;
}

/** Formats an instant for a mail, which may be read later: `el miércoles 25 de noviembre de 2026 a las 10:42 a. m. MST`. */
export function atInFull(instant: Date, when: TimeContext): string {
  const part = clockParts(instant, when, locale);
  return `el ${part.weekday} ${part.day} de ${part.month} de ${part.year} a ${timeOf(part)}`;
}

/** Makes an adverb of the words of `at`: `a las 10:42 a. m. MST` today, `el 25 de nov a las …` on another day. */
export const adverbOf = (words: string) => (words.startsWith('el ') ? words : `a ${words}`);

/** Makes a limit of the words of `at`: `antes de las 10:42 a. m. MST`, `antes del 25 de nov a las …`. */
export const limitOf = (words: string) => `antes de ${words}`.replace('de el ', 'del ');

export const on = (instant: Date, when: TimeContext) => adverbOf(at(instant, when));
export const before = (instant: Date, when: TimeContext) => limitOf(at(instant, when));

/** ` hasta las 10:42 a. m. MST`, or an empty text if there is no end. */
export function until(instant: Date | null | undefined, when: TimeContext): string {
  return instant ? ` hasta ${at(instant, when)}` : '';
}

/** `quedan 10 minutos`; in the last minute as well, one. */
export function minutesLeft(end: Date, when: TimeContext): string {
  const ms = wholeMinutesTo(end, when);
  return `${ms > 60_000 ? 'quedan' : 'queda'} ${duration(ms)}`;
}

export const duration = (ms: number) => durationIn(locale, ms);
export const list = (items: readonly string[]) => listIn(locale, items);
export const dayInFull = (date: PlainDate) => dayIn(locale, date);
