import type { PlayedRequest } from '../../standalone/sample/cascade.ts';
import { groupBy } from './group-by.ts';
import { minutesOn } from './local-time.ts';
import type { Played } from './play.ts';
import type { PlayedAgent } from './played-rows.ts';
import type { WorldRequest } from './world.ts';

/** Seconds from the request; infinite where more than the other requests never came to that. */
export interface Times {
  p50: number;
  p90: number;
  p99: number;
}

/** The figures of some requests. */
export interface RequestFigures {
  requests: number;
  toOffer: Times;
  toAcceptance: Times;
  toContact: Times;
  /** Share that no agent accepted. */
  unmatched: number;
}

/** The figures of one policy. */
export interface PolicyFigures extends RequestFigures {
  offersPerRequest: number;
  messagesPerRequest: number;
  /** Offers an agent had in ten hours in which they could be asked. */
  offersPerTenHours: number;
  /** How unevenly offers were spread over agents who are alike, 0 (evenly) to 1. */
  gini: number;
  /** What the same number of offers would have by chance. */
  giniByChance: number;
  groups: Record<Grouping, Record<string, RequestFigures>>;
}

/** What requests are grouped by, and the name of the group of each. */
export const groupings = {
  place: ({ request }) => (request.isRural ? 'rural' : 'urban'),
  language: ({ request }) => request.language,
  state: ({ request }) => request.state,
  hour: ({ request: { timeZone, at } }) => `${Math.floor(minutesOn(timeZone, at) / 60)}:00`.padStart(5, '0'),
} as const satisfies Record<string, (played: PlayedRequest<WorldRequest>) => string>;
export type Grouping = keyof typeof groupings;

/** Computes the figures of a policy. */
export function summarize({ requests, agents, messages }: Played): PolicyFigures {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const grouped = (nameOf: (played: PlayedRequest<WorldRequest>) => string) =>
    Object.fromEntries(
      [...groupBy(requests, nameOf)]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, some]) => [name, figuresOf(some)]),
    );
  const { place, language, state, hour } = groupings;
  return {
    ...figuresOf(requests),
    offersPerRequest: sum(requests.map(({ asked }) => asked.length)) / requests.length,
    messagesPerRequest: sum(Object.values(messages)) / requests.length,
    offersPerTenHours: (10 * sum(agents.map(({ offers }) => offers))) / sum(agents.map(({ hours }) => hours)),
    ...spreadOf(agents),
    groups: {
      place: grouped(place),
      language: grouped(language),
      state: grouped(state),
      hour: grouped(hour),
    },
  };
}

function figuresOf(requests: readonly PlayedRequest<WorldRequest>[]): RequestFigures {
  return {
    requests: requests.length,
    toOffer: timesOf(requests, 'offeredAt'),
    toAcceptance: timesOf(requests, 'acceptedAt'),
    toContact: timesOf(requests, 'contactedAt'),
    unmatched: requests.filter(({ acceptedAt }) => !acceptedAt).length / requests.length,
  };
}

/** Computes the times from each request to an instant. */
export function timesOf<Instant extends string>(
  requests: readonly ({ request: { at: Date } } & Record<Instant, Date | undefined>)[],
  instant: Instant,
): Times {
  const seconds = requests
    .map((one) => ((one[instant]?.getTime() ?? Number.POSITIVE_INFINITY) - one.request.at.getTime()) / 1_000)
    .toSorted((one, other) => one - other);
  return { p50: percentile(seconds, 0.5), p90: percentile(seconds, 0.9), p99: percentile(seconds, 0.99) };
}

/** Returns the smallest value that is not below this share of them. @param sorted ascending */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Fewer agents who are alike than these say nothing about how evenly they were asked. */
const fewAlike = 10;

/**
 * Compares agents who live in one state and speak the same languages by their offers for each hour in which they could be
 * asked. The result of each group counts by its agents.
 */
function spreadOf(agents: readonly PlayedAgent[]): { gini: number; giniByChance: number } {
  const groups = [
    ...groupBy(
      agents.filter(({ hours }) => hours > 0),
      ({ state, languages }) => `${state} ${languages.join()}`,
    ).values(),
  ].filter((group) => group.length >= fewAlike);
  const counted = groups.reduce((sum, group) => sum + group.length, 0);
  const mean = (of: (group: readonly PlayedAgent[]) => number) =>
    groups.reduce((sum, group) => sum + of(group) * group.length, 0) / counted;
  return {
    gini: mean((group) => gini(group.map(({ offers, hours }) => offers / hours))),
    giniByChance: mean(giniByChance),
  };
}

/** Computes the Gini coefficient of some values: half of their mean difference, as a share of their mean. */
export function gini(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  const weighted = sorted.reduce(
    (sum, value, index) => sum + (2 * (index + 1) - sorted.length - 1) * value,
    0,
  );
  return weighted / (sorted.length * total);
}

/** Gini coefficient if each offer went to anybody available, by chance: whole offers are never spread quite evenly. */
function giniByChance(group: readonly PlayedAgent[]): number {
  const total = group.reduce((sum, { offers }) => sum + offers, 0);
  const hours = group.reduce((sum, one) => sum + one.hours, 0);
  // with few offers each, the spread of a Poisson distribution; √π because the mean difference of two normal values is 2σ/√π
  const spreads = group.map((one) => 1 / Math.sqrt(Math.max(1e-9, (total * one.hours) / hours)));
  const meanSpread = spreads.reduce((sum, one) => sum + one, 0) / spreads.length;
  return Math.min(1, meanSpread / Math.sqrt(Math.PI));
}
