import type { Need } from '../../domain/referrals/referral.ts';
import type { LanguageCode } from '../../domain/values/languages.ts';
import type { OfferSeen, People } from './cascade.ts';
import { planYearsOn } from './days.ts';
import { firstNames, lastNames } from './name-lists.ts';
import { type Random, randomOf } from './random.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** A request for help of the last 30 days. */
export interface PastRequest {
  /** Counts the requests, from 0. */
  number: number;
  at: Date;
  name: string;
  /** E.164, of the numbers that are kept for fiction. */
  phone: string;
  email: string;
  agreesToTexts: boolean;
  zip: string;
  language: LanguageCode;
  need: Need;
  coverageYear: number;
}

/** ZIPs, those from which more requests come more often. The sample agents serve Arizona, Texas and Florida only. */
const zips =
  '85004 85004 85004 85016 85016 85281 85281 85281 85201 85301 85705 85705 86001 77002 78205 33125 32801 27601'.split(
    ' ',
  );

/** Languages; nobody in the sample speaks Tagalog, so its speakers find no agent. */
const languages = 'en en en en en en en en es es es vi tl'.split(' ') as LanguageCode[];
const needs = ['new-coverage', 'new-coverage', 'renew', 'life-event', 'medicaid-chip'] as const;
/** Others than those of the sample agents. */
const areaCodes = [623, 928, 210, 305, 919];

/** Requests of one day, at least and at most. */
const ofOneDay = [2, 4] as const;

/** The search for an agent and what follows it can take until the next day. */
const lastRequestBeforeMs = 36 * hourMs;

/**
 * Generates the requests of each day from one instant to another, in their order: from 8 in the morning to 7 in the evening of
 * Phoenix. The last ones leave time for what comes of them. The same seed and days give the same requests.
 */
export function generateRequests(seed: number, { from, until }: { from: Date; until: Date }): PastRequest[] {
  const requests: PastRequest[] = [];
  const lastAt = until.getTime() - lastRequestBeforeMs;
  for (let day = Math.floor(from.getTime() / dayMs) + 1; day * dayMs + 26 * hourMs < lastAt; day += 1) {
    const ofDay = randomOf(seed, 10_000 + day);
    // Phoenix is seven hours behind, all year
    const times = Array.from({ length: ofDay.int(...ofOneDay) }, () => ofDay.int(15 * 60, 26 * 60));
    for (const minutes of times.toSorted((one, other) => one - other))
      requests.push(generateRequest(requests.length, new Date(day * dayMs + minutes * minuteMs), ofDay));
  }
  return requests;
}

function generateRequest(number: number, at: Date, random: Random): PastRequest {
  const firstName = random.pick(firstNames);
  const lastName = random.pick(lastNames);
  return {
    number,
    at,
    name: `${firstName} ${lastName}`,
    // two requests of one phone or address at a time would be one
    phone: `+1${areaCodes[Math.floor(number / 100)]}55501${String(number % 100).padStart(2, '0')}`,
    email: `${firstName}.${lastName}.${number}@example.org`.toLowerCase(),
    agreesToTexts: random.chance(0.5),
    zip: random.pick(zips),
    language: random.pick(languages),
    need: random.pick(needs),
    coverageYear: random.pick(planYearsOn(Math.floor(at.getTime() / dayMs))),
  };
}

/** How an agent treats offers: shares of what they answer at all, and of the answers that decline. */
interface Behavior {
  answers: number;
  declines: number;
  /** Share of the acceptances that no call follows. */
  neverCalls: number;
}

const usual: Behavior = { answers: 0.8, declines: 0.2, neverCalls: 0.05 };
const busy: Behavior = { answers: 0.5, declines: 0.5, neverCalls: 0.2 };

/** Creates the agents' behavior, which is the same for the same seed. @param busyNpns who answers less, and calls less */
export function createPastPeople(seed: number, busyNpns: readonly string[]): People<{ number: number }> {
  const behaviorOf = (npn: string) => (busyNpns.includes(npn) ? busy : usual);
  const randomFor = (
    { request, npn }: Pick<OfferSeen<{ number: number }>, 'request' | 'npn'>,
    about: number,
  ) => randomOf(seed, (Number(npn) % 10_000) * 100_000 + request.number * 10 + about);
  return {
    answer(seen) {
      const { answers, declines } = behaviorOf(seen.npn);
      const random = randomFor(seen, seen.messagesBefore);
      // who did not see the first message rather sees none of the others
      if (!random.chance(seen.messagesBefore === 0 ? answers : answers / 3)) return undefined;
      const afterMs = random.int(30, 3 * 60) * 1_000;
      return { afterMs, as: random.chance(declines) ? 'declined' : 'accepted' };
    },
    callAfterMs(about) {
      const random = randomFor(about, 8);
      if (random.chance(behaviorOf(about.npn).neverCalls)) return undefined;
      return random.int(4, 50) * minuteMs;
    },
    confirmHoursAfterMs: (about) => randomFor(about, 9).int(20, 120) * minuteMs,
  };
}

/** What an agent reports in the end. */
export interface PastOutcome {
  outcome: 'enrolled' | 'not-a-good-prospect';
  reason?: 'not-eligible-for-coverage' | 'has-other-coverage' | 'no-longer-interested';
  /** After first contact, in milliseconds. */
  afterMs: number;
}

/** Chooses what comes of a request, within so many milliseconds after first contact. */
export function outcomeOf(seed: number, number: number, withinMs: number): PastOutcome {
  const random = randomOf(seed, 900_000_000 + number);
  const afterMs = Math.min(random.int(2, 5 * 24) * hourMs, withinMs);
  if (random.chance(0.65)) return { outcome: 'enrolled', afterMs };
  const reason = random.pick([
    'not-eligible-for-coverage',
    'has-other-coverage',
    'no-longer-interested',
  ] as const);
  return { outcome: 'not-a-good-prospect', reason, afterMs };
}
