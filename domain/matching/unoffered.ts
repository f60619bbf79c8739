import { type Exclusion, exclusions } from './matching.ts';

/** Exclusions of an agent who was not offered a request. Who is terminated sees none, and who was one then served no state. */
type KeptAway = Exclude<Exclusion, 'asked-before' | 'terminated'>;

/** Why a request went elsewhere although no rule excluded the agent: who was asked instead. */
const asked = [
  'changed-since',
  'another-wished',
  'others-speak-it',
  'others-nearer',
  'others-waited-longer',
] as const;

/**
 * Why a request was not offered to an agent, the farthest from an offer first: of several searches for one request the last
 * one here is told. `changed-since`: by what is stored they fitted, so something that is only known as it is now was
 * otherwise then.
 */
export const unofferedReasons: readonly UnofferedReason[] = [
  ...exclusions.filter(
    (exclusion): exclusion is KeptAway => exclusion !== 'asked-before' && exclusion !== 'terminated',
  ),
  ...asked,
];
export type UnofferedReason = KeptAway | (typeof asked)[number];

/** Number of the latest requests that are explained one by one. */
export const mostLatest = 50;

/** Requests of one day, by why they were not offered to an agent; `offered`: they were. */
export interface UnofferedDay {
  /** A calendar date in the agent's time zone. */
  day: string;
  requests: number;
  offered: number;
  /** The most frequent first. */
  reasons: { reason: UnofferedReason; requests: number }[];
}

/** Puts counts together by day, the latest day first. */
export function unofferedDays(
  counts: readonly { day: string; reason: UnofferedReason | 'offered'; requests: number }[],
): UnofferedDay[] {
  const days = [...new Set(counts.map(({ day }) => day))].toSorted().toReversed();
  return days.map((day) => {
    const ofDay = counts.filter((count) => count.day === day);
    const reasons = ofDay.flatMap(({ reason, requests }) =>
      reason === 'offered' ? [] : [{ reason, requests }],
    );
    return {
      day,
      requests: ofDay.reduce((total, { requests }) => total + requests, 0),
      offered: ofDay.find(({ reason }) => reason === 'offered')?.requests ?? 0,
      reasons: reasons.toSorted((a, b) => b.requests - a.requests),
    };
  });
}
