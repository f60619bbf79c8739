import { type HistoryEvent, millisecondsOf } from '../referral/histories.ts';

/**
 * Returns by how many milliseconds the timers of a history fired after they were due: the instant at which each was set,
 * and its duration.
 */
export function timerDelaysOf(events: readonly HistoryEvent[]): number[] {
  const dueAt = new Map<string, number>();
  const delays: number[] = [];
  for (const event of events) {
    const { timerStartedEventAttributes: set, timerFiredEventAttributes: fired } = event;
    if (set) {
      const { seconds, nanos } = set.startToFireTimeout ?? {};
      const ms = Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1_000_000;
      dueAt.set(String(event.eventId), millisecondsOf(event) + ms);
    }
    if (fired) delays.push(millisecondsOf(event) - (dueAt.get(String(fired.startedEventId)) ?? Number.NaN));
  }
  return delays;
}
