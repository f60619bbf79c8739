/** Instants of an activity (docs/architecture.md, rule 7). */
export interface ActivityInstants {
  /** When the workflow called for it, by Temporal's clock: a person's answer is in time or late by this instant. */
  at: Date;
  /** When its transaction runs, never before `at`: rules are checked and windows begin at this instant. */
  recordedAt: Date;
}

/**
 * Reads both instants of an activity. They differ by an outage that a retry has waited out, by a long queue, or by the
 * difference between two clocks.
 * @param at the workflow's instant, ISO text
 * @param now the clock of this process
 */
export function instantsOf(at: string, now: () => Date): ActivityInstants {
  const calledAt = new Date(at);
  const here = now();
  return { at: calledAt, recordedAt: here > calledAt ? here : calledAt };
}
