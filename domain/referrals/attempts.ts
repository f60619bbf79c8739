import type { Policy } from '../policy.ts';
import {
  afterContactTime,
  type ConsumerTimes,
  hoursOfNextContactDay,
  nextContactTime,
} from './contact-times.ts';

/** Instants by which an agent who did not reach the consumer has to try again. */
export interface NextTry {
  /** If the agent says nothing. */
  byDefault: Date;
  /** The latest that the agent may say. */
  latest: Date;
}

/**
 * Returns by when an agent who tried at an instant has to try again: on the next day on which the consumer can be reached,
 * in the first `followUpWindowMs` of its contact times, or as late as these last.
 */
export function nextTryAfter(
  at: Date,
  consumer: ConsumerTimes,
  { followUpWindowMs }: Pick<Policy, 'followUpWindowMs'>,
): NextTry {
  const { opensAt, closesAt: latest } = hoursOfNextContactDay(at, consumer);
  const end = afterContactTime(opensAt, followUpWindowMs, consumer);
  return { byDefault: end < latest ? end : latest, latest };
}

/** True while another try gives more time: as many may be reported as an agent has to make before giving up. */
export function isTryLeft(
  attempts: number,
  { minContactAttempts }: Pick<Policy, 'minContactAttempts'>,
): boolean {
  return attempts < minContactAttempts;
}

/** Returns when an agent is reminded of the next try: halfway, but not while the consumer cannot be reached. */
export function remindOfNextTryAt(at: Date, dueAt: Date, consumer: ConsumerTimes): Date {
  const half = new Date((at.getTime() + dueAt.getTime()) / 2);
  const reachable = nextContactTime(half, consumer);
  return reachable < dueAt ? reachable : half;
}
