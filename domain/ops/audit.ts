/** Parts of the audit, in order; each is read in pages. */
export const auditParts = [
  'onboardings',
  'referrals',
  'offers',
  'notices',
  'outbox',
  'activities',
  'tasks',
] as const;
export type AuditPart = (typeof auditParts)[number];

/**
 * Subjects of findings, identified by the id of the row; an onboarding by NPN and plan year, a workflow by its id, an
 * activity by its workflow's id and its name.
 */
export const auditSubjects = [
  'onboarding',
  'referral',
  'offer',
  'delivery',
  'outbox',
  'activity',
  'workflow',
] as const;
export type AuditSubject = (typeof auditSubjects)[number];

/** Kinds of findings, each with the automatic repair; `none`: ops must act. */
export const findingKinds = {
  /** An open row without a workflow in Temporal: it was never started. */
  'workflow-missing': { repair: 'start' },
  /** An open row whose workflow was terminated or canceled, failed or timed out. */
  'workflow-interrupted': { repair: 'start' },
  /** An open row whose workflow completed: the row was reopened, or restored from a backup. */
  'workflow-completed': { repair: 'start' },
  /** A workflow that did not act at its next instant, or that waits without an instant and without a cause. */
  'workflow-stuck': { repair: 'wake' },
  'several-winners': { repair: 'none' },
  'several-open-offers': { repair: 'none' },
  'offer-overdue': { repair: 'wake' },
  /** An open offer of a closed referral: it uses up its agent's capacity. */
  'offer-left-open': { repair: 'none' },
  /** A notice that nothing tries to deliver any more and that has no outcome. */
  'notice-unfinished': { repair: 'end' },
  'outbox-stuck': { repair: 'none' },
  /** An activity that fails again and again although nothing is out. */
  'activity-failing': { repair: 'none' },
  /** A workflow whose task fails or times out again and again, so that it does nothing at all. */
  'workflow-task-failing': { repair: 'none' },
} as const satisfies Record<string, { repair: 'start' | 'wake' | 'end' | 'none' }>;

export type FindingKind = keyof typeof findingKinds;

/** State of a workflow in Temporal. `interrupted`: closed without completing. `over`: completed. */
export type WorkflowState = 'running' | 'missing' | 'interrupted' | 'over';

/** Tolerances of the audit, in milliseconds. */
export interface AuditLimits {
  /** Time for which a row may differ from its workflow: visibility lags, and a workflow takes a moment to act. */
  graceMs: number;
  /** Largest age of a message in the outbox. */
  maxOutboxAgeMs: number;
  /** Time until a completed workflow that was restarted may be restarted again, as it would probably complete again. */
  restartCooldownMs: number;
}

/** Age at which a message in bulk is stuck, in milliseconds: those of 170,000 agents are relayed within an hour or two. */
export const maxBulkOutboxAgeMs = 12 * 3_600_000;

/**
 * How many workflows one part of a run asks Temporal for one by one. A thousand calls, 20 at a time, take seconds. More
 * are needed only when workflow lists lag or are incomplete, and then a run after the other asks for the next ones.
 */
export const maxDescribesOfPart = 1_000;

/** The largest number of findings of one run about failing activities, and about failing workflow tasks. */
export const maxFailing = 500;

/** Counts of one run. `lists` and `describes` are calls to Temporal. */
export interface AuditCounts {
  lookedAt: number;
  lists: number;
  describes: number;
  /** Workflows that a list did not name and that were not asked for, because of `maxDescribesOfPart`. */
  leftOver: number;
  found: number;
  repaired: number;
}

export const noCounts: AuditCounts = {
  lookedAt: 0,
  lists: 0,
  describes: 0,
  leftOver: 0,
  found: 0,
  repaired: 0,
};

export function addCounts(one: AuditCounts, other: AuditCounts): AuditCounts {
  return {
    lookedAt: one.lookedAt + other.lookedAt,
    lists: one.lists + other.lists,
    describes: one.describes + other.describes,
    leftOver: one.leftOver + other.leftOver,
    found: one.found + other.found,
    repaired: one.repaired + other.repaired,
  };
}
