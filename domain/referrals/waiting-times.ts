/** Periods over which waiting times are counted, the one that says more about now first. */
export const waitingPeriods = ['this-hour', 'month'] as const;
export type WaitingPeriod = (typeof waitingPeriods)[number];

/** Requests that a figure needs at least: fewer say little, and could tell something about one person. */
const fewestRequests = 20;

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** A part of time: from an instant until before another one. */
export interface TimeSlice {
  from: Date;
  until: Date;
}

/**
 * Returns the parts of time whose requests a period counts: 30 days, or an hour of seven days. The hour of the day is that of
 * UTC: a day later it is the same hour in every time zone at once.
 */
export function slicesOf(period: WaitingPeriod, at: Date): TimeSlice[] {
  const [days, lengthMs, last] =
    period === 'month' ? [30, dayMs, at.getTime()] : [7, hourMs, startOfHour(at).getTime()];
  return Array.from({ length: days }, (_, index) => {
    const from = last - (index + 1) * dayMs;
    return { from: new Date(from), until: new Date(from + lengthMs) };
  });
}

/** Returns the instant before which a count is out of date: each hour has its own, a month changes little in six hours. */
export function countedSince(period: WaitingPeriod, at: Date): Date {
  return period === 'this-hour' ? startOfHour(at) : new Date(at.getTime() - 6 * hourMs);
}

function startOfHour(at: Date): Date {
  return new Date(Math.floor(at.getTime() / hourMs) * hourMs);
}

/** Requests of one state and language that waited equally long, and whose search is over. */
export interface WaitCount {
  state: string;
  language: string;
  /** Minutes begun until the first agent accepted; null: none has. */
  minutes: number | null;
  requests: number;
  /** Those that ended without an agent. */
  unmatched: number;
}

/** Waiting times of a group of requests. */
export interface WaitingTimeGroup {
  /** Null: all states. */
  state: string | null;
  /** Null: all languages. */
  language: string | null;
  /** How many were counted. */
  requests: number;
  /** The wait of those who found an agent; null where fewer than 20 found one. */
  found: { medianMinutes: number; ninetiethMinutes: number } | null;
  /** Share of requests that found no agent, 0 to 1. */
  unmatchedShare: number;
}

/** Computes the waiting times of each state and language, of each state, and of all, without groups that are too small. */
export function groupWaits(counts: readonly WaitCount[]): WaitingTimeGroup[] {
  const groups = new Map<string, { of: Pick<WaitingTimeGroup, 'state' | 'language'>; counts: WaitCount[] }>();
  for (const count of counts) {
    const { state, language } = count;
    for (const of of [
      { state, language },
      { state, language: null },
      { state: null, language: null },
    ]) {
      const key = JSON.stringify(of);
      const group = groups.get(key) ?? { of, counts: [] };
      groups.set(key, group);
      group.counts.push(count);
    }
  }
  return [...groups.values()]
    .map((group) => ({ ...group.of, ...summarize(group.counts) }))
    .filter(({ requests }) => requests >= fewestRequests);
}

function summarize(counts: readonly WaitCount[]): Omit<WaitingTimeGroup, 'state' | 'language'> {
  const sum = (of: (count: WaitCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  const requests = sum((count) => count.requests);
  const waits = counts
    .flatMap(({ minutes, requests: found }) => (minutes === null ? [] : [{ minutes, found }]))
    .toSorted((a, b) => a.minutes - b.minutes);
  const found = waits.reduce((total, wait) => total + wait.found, 0);
  const within = (share: number) => {
    let waited = 0;
    return waits.find((wait) => (waited += wait.found) >= share * found)?.minutes ?? 0;
  };
  return {
    requests,
    found: found < fewestRequests ? null : { medianMinutes: within(0.5), ninetiethMinutes: within(0.9) },
    unmatchedShare: sum((count) => count.unmatched) / requests,
  };
}

/** Waiting times of a group, as counted for a period. */
export interface WaitingTime extends Omit<WaitingTimeGroup, 'requests'> {
  period: WaitingPeriod;
  countedAt: Date;
}

/**
 * Chooses what is said about one state and language: the narrowest group with enough requests, and in it this hour before
 * the month. A count of an earlier hour is left out.
 * @param rows of that state and language, of the state, and of all
 */
export function chooseWaitingTimes(rows: readonly WaitingTime[], at: Date) {
  const isRecent = ({ period, countedAt }: WaitingTime) =>
    period === 'month' || countedAt.getTime() >= at.getTime() - 2 * hourMs;
  const breadthOf = ({ state, language, period }: WaitingTime) =>
    (state === null ? 4 : 0) + (language === null ? 2 : 0) + waitingPeriods.indexOf(period);
  const narrowestFirst = rows.filter(isRecent).toSorted((a, b) => breadthOf(a) - breadthOf(b));
  return {
    found: narrowestFirst.find((row) => row.found !== null),
    unmatched: narrowestFirst.find(({ period }) => period === 'month'),
  };
}
