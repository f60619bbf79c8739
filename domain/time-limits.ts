const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * Limits of time that have to fit each other, in milliseconds; docs/production.md has the table. What the workflows give
 * an activity stands here beside what has to end before it, so that neither moves without the other.
 */

/** The time that one attempt of an activity has (`startToCloseTimeout`). */
export const activityLimits = {
  /** one short transaction */
  transactionMs: 30 * second,
  /** the same inside a workflow task, which has ten seconds; whatever takes longer becomes an activity of its own */
  localTransactionMs: 3 * second,
  /** a provider answers within seconds; no answer for longer is an outage */
  deliveryMs: 30 * second,
  /** a registry or a provider answers within seconds, and a short transaction records it */
  lookupMs: minute,
  auditMs: hour,
  pullMs: 2 * hour,
  reviewMs: 12 * hour,
} as const;

/**
 * How late a worker may get a workflow task and still run short transactions inside it. With the time of one of them it stays
 * below the time of a task, by more than the clocks of a worker and of Temporal differ.
 */
export const lateTaskMs = 2 * second;

/** How long a long activity may be silent before another worker takes it over (`heartbeatTimeout`). */
export const heartbeatLimits = { auditMs: minute, reviewMs: minute, pullMs: 2 * minute } as const;

/** The longest wait before an activity's next attempt (`maximumInterval`). */
export const longestRetryMs = 10 * minute;

/** Of the failed attempts of an activity that fails again and again, one in so many is recorded. */
export const failureRecordedEvery = 8;

/**
 * Time after which a recorded failure is forgotten: half as long again as the longest time until an activity that still
 * fails is recorded the next time, because attempts take time too.
 */
export const failureForgottenAfterMs = 1.5 * longestRetryMs * failureRecordedEvery;

/** How long the API waits for an update; then it answers 503. */
export const updateLimitMs = 10 * second;

/** Limits of a pool of database connections. */
export interface DatabaseLimits {
  /** Wait for a free connection of the pool, or for a new one. */
  waitMs: number;
  /** Wait for a lock that somebody else has. */
  lockMs: number;
  /** One statement, its waits for locks included. */
  statementMs: number;
  /** Silence of this process between two statements of a transaction. */
  idleMs: number;
  /** One transaction from beginning to end. */
  transactionMs: number;
}

/** Limits of what somebody or an activity waits for, unless the settings say otherwise. */
export const databaseLimits: DatabaseLimits = {
  waitMs: 5 * second,
  lockMs: 4 * second,
  statementMs: 8 * second,
  idleMs: 10 * second,
  transactionMs: 12 * second,
};

/** Further attempts at a transaction that a conflict aborted begin no later than this after the first. */
export const conflictRetryMs = 5 * second;

/** Statements and transactions of loops, the audit and the review, which nobody waits for. */
export const backgroundLimitMs = 50 * second;

/** The transaction of an import, which reads a whole feed. */
export const importLimitMs = hour;

/** Limits of migrations. */
export const migrationLimits = {
  /** Wait for a lock; everything that wants the same table waits behind it meanwhile. */
  lockMs: 2 * second,
  /** Time after which a migration that never gets its lock fails. */
  giveUpAfterMs: 5 * minute,
} as const;

/** Activities in line for each connection of a worker's pool, at most; the ten of bulk mail come on top. */
export const activitiesPerConnection = 4;
