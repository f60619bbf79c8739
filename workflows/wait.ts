import { condition } from '@temporalio/workflow';
import type { Instant } from './messages.ts';

/** The workflow's own clock: the same instant again when its history is replayed. */
export function now(): Instant {
  return new Date().toISOString();
}

/** True once an instant has come. */
export function hasPassed(at: Instant | undefined): boolean {
  return at !== undefined && Date.now() >= Date.parse(at);
}

/**
 * Waits until something has happened or an instant has come, whichever is first; without an instant, for the
 * happening alone. It does not say which: afterwards state decides, because both may be true by the time a worker
 * that was away looks (rule 2). `summary` is what ops read beside the timer.
 */
export async function waitFor(
  hasHappened: () => boolean,
  { until, summary }: { until: Instant | undefined; summary: string },
): Promise<void> {
  if (until === undefined) return condition(hasHappened);
  const ms = Date.parse(until) - Date.now();
  if (ms > 0) await condition(hasHappened, ms, { summary });
}
