import type { Hours, WeeklyHours } from '../../domain/agents/availability.ts';
import type { ContactPreference } from '../../domain/notifications/contact.ts';
import type { PeopleFigures } from './people.ts';

/** Shares of what can be chosen, in any unit. */
export type Shares<Name extends string = string> = Readonly<Record<Name, number>>;

/** What a generated world is made from. */
export interface WorldFigures {
  /** Requests by state. */
  states: Shares;
  /** Share of the requests, and of the agents, from places with few ZIPs around. */
  rural: { requests: number; agents: number };
  /** Requests by language. */
  languages: Shares;
  /** Share of those who speak no English and agree to an interpreter. */
  agreeToInterpreter: number;
  /** Requests by hour of the consumer's day, from midnight. */
  hours: readonly number[];
  /** Requests of a Saturday or a Sunday, where another day has 1. */
  weekendDay: number;
  /** Share of the agents who speak a language besides English. */
  agentLanguages: Shares;
  /** Share of the agents who serve a second state, and of those a third. */
  furtherStates: number;
  agentHours: readonly { share: number; hours: WeeklyHours }[];
  preferences: Shares<ContactPreference>;
  people: PeopleFigures;
}

const weekdays = (...hours: Hours[]): WeeklyHours => ({
  monday: hours,
  tuesday: hours,
  wednesday: hours,
  thursday: hours,
  friday: hours,
});
/** Reads shares such as `FL 4539, TX 4172`. */
const sharesOf = (text: string): Shares =>
  Object.fromEntries(text.split(', ').map((one) => [one.slice(0, 2), Number(one.slice(3))]));
const part = (from: string, until: string): Hours => ({ from, until });

/**
 * Figures from outside, which docs/sources.md names with their sources, and assumptions where nobody has published any:
 * it says which are which.
 */
export const outsideFigures: WorldFigures = {
  // plan selections for 2026, in thousands
  states: sharesOf(
    'FL 4539, TX 4172, NC 761, SC 588, TN 569, MI 497, OH 470, AL 456, UT 387, MO 366, AZ 357, MS 313, IN 300, LA 297, ' +
      'OK 262, KS 193, AR 160, NE 128, IA 123, MT 73, NH 66, SD 51, DE 45, ND 41, AK 26, HI 23',
  ),
  rural: { requests: 0.2, agents: 0.12 },
  languages: { en: 0.84, es: 0.12, zh: 0.01, vi: 0.01, ht: 0.01, ar: 0.005, ko: 0.005 },
  agreeToInterpreter: 0.7,
  hours: [1, 1, 0, 0, 0, 1, 2, 4, 7, 10, 11, 11, 11, 10, 10, 9, 8, 7, 7, 6, 5, 4, 3, 2],
  weekendDay: 0.5,
  agentLanguages: { es: 0.25, zh: 0.015, vi: 0.015, ht: 0.01, ar: 0.01, ko: 0.01 },
  furtherStates: 0.4,
  agentHours: [
    { share: 0.5, hours: weekdays(part('09:00', '17:00')) },
    {
      share: 0.3,
      hours: { ...weekdays(part('09:00', '20:00')), saturday: [part('10:00', '16:00')] },
    },
    {
      share: 0.12,
      hours: {
        ...weekdays(part('16:00', '22:00')),
        saturday: [part('10:00', '20:00')],
        sunday: [part('10:00', '20:00')],
      },
    },
    { share: 0.08, hours: {} },
  ],
  preferences: { 'email-text': 0.6, email: 0.4, 'email-app': 0, 'email-text-app': 0 },
  people: {
    isFree: { share: 0.75, spread: 0.4 },
    notices: 2 / 3,
    night: { fromHour: 22, untilHour: 7, share: 0.1 },
    answerDelay: { medianSeconds: 180, sigma: 1 },
    declines: 0.15,
    callDelay: { medianSeconds: 480, sigma: 1 },
    neverCalls: 0.04,
    confirmDelay: { medianSeconds: 3_600, sigma: 1 },
  },
};
