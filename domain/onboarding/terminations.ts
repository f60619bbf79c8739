import type { PlainDate, TerminationRow } from './evidence.ts';

/** The part of an entry of the termination list that decides. */
export type TerminationEntry = Omit<TerminationRow, 'source'>;

/** Finds the decisive entry of the termination list on a day: the latest one for the plan year. */
export function decisiveTermination<Entry extends TerminationEntry>(
  today: PlainDate,
  planYear: number,
  terminations: readonly Entry[],
): Entry | undefined {
  return terminations
    .filter(
      (row) => row.effectivePlanYear === planYear && row.marketplaces !== 'SHOP' && row.datedOn <= today,
    )
    .toSorted((a, b) => b.datedOn.localeCompare(a.datedOn) || b.status.localeCompare(a.status))[0];
}

/** Statuses of the list that end an agent's access: fraud or abusive conduct, and non-compliance. */
export const terminationsForCause: readonly string[] = ['T3', 'T4'];

/** What decides whether an agent is terminated for cause. */
export interface CauseFacts {
  /** The plan years for which the agent takes part; if they no longer do, the last one. */
  planYears: readonly number[];
  terminations: readonly TerminationEntry[];
}

/**
 * Decides whether the list terminates an agent for cause on a day, for a plan year for which they take part. It then ends
 * their access and their offers under every plan year: fraud in one is no reason to show them consumers of another. Once the
 * plan year of the entry is over for the agent, the entry counts no more. An expired license (T1, T2) is no cause, and a
 * reinstatement (R1 to R4) that is later ends it.
 */
export function isTerminatedForCause(today: PlainDate, { planYears, terminations }: CauseFacts): boolean {
  return planYears.some((planYear) => {
    const decisive = decisiveTermination(today, planYear, terminations);
    return decisive !== undefined && terminationsForCause.includes(decisive.status);
  });
}
