import { condition } from '@temporalio/workflow';
import type { Instant } from './messages.ts';

/** Reads the workflow's own clock, which repeats the same instants on replay. */
export function now(): Instant {
  return new Date().toISOString();
}

/** True once an instant has come. */
export function hasPassed(at: Instant | undefined): boolean {
  return at !== undefined && Date.now() >= Date.parse(at);
}

/**
 * Waits for a change or for an instant, whichever comes first; without an instant, for the change alone.
 *
 * Returns nothing on purpose: the caller decides from its state, because both may be true when a worker comes back
 * after an outage (docs/architecture.md, rule 2).
 * @param summary shown to ops beside the timer
 */
export async function waitFor(
  hasChanged: () => boolean,
  { until, summary }: { until: Instant | undefined; summary: string },
): Promise<void> {
  if (until === undefined) return condition(hasChanged);
  const ms = Date.parse(until) - Date.now();
  if (ms > 0) await condition(hasChanged, ms, { summary });
}
