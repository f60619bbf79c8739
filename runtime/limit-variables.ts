import { z } from 'zod';
import {
  activitiesPerConnection,
  activityLimits,
  backgroundLimitMs,
  conflictRetryMs,
  databaseLimits,
  heartbeatLimits,
  importLimitMs,
  migrationLimits,
  updateLimitMs,
} from '../domain/time-limits.ts';
import { count, durationWithUnit, read, variable, wholeNumber } from './variable-kinds.ts';

const inSeconds = (ms: number) => `${ms / 1_000} seconds`;

function limit(ms: number, about: string) {
  return variable(durationWithUnit(inSeconds(ms)), about, inSeconds(ms));
}

/** Variables of limits that have to fit each other, and of the connections that they are about. */
export const limitVariables = {
  DATABASE_POOL_SIZE: variable(count('10', 1, 500), 'the most connections that one process opens', '10'),
  ACTIVITY_SLOTS: variable(
    // the audit, the review and a pull each hold a slot for long: a fourth is for everything else
    read(wholeNumber(4, 1_000)).optional(),
    'how many activities one worker runs at once beside ten for bulk mail; at most four for each connection',
    '20',
  ),
  WORKFLOW_TASK_SLOTS: variable(
    count('20', 2, 1_000),
    'how many workflow tasks one worker runs at once',
    '20',
  ),
  DATABASE_WAIT_TIMEOUT: limit(databaseLimits.waitMs, 'how long a query waits for a database connection'),
  DATABASE_LOCK_TIMEOUT: limit(databaseLimits.lockMs, 'how long a statement waits for a lock'),
  DATABASE_STATEMENT_TIMEOUT: limit(databaseLimits.statementMs, 'how long a statement may take'),
  DATABASE_IDLE_TIMEOUT: limit(
    databaseLimits.idleMs,
    'how long a transaction may wait for the next statement of its process',
  ),
  DATABASE_TRANSACTION_TIMEOUT: limit(databaseLimits.transactionMs, 'how long a transaction may take'),
  BACKGROUND_TIMEOUT: limit(
    backgroundLimitMs,
    'how long a statement and a transaction of the audit, the review and the loops may take',
  ),
  IMPORT_TIMEOUT: variable(
    durationWithUnit(`${importLimitMs / 3_600_000} hour`),
    'how long an import may take, its wait for an earlier import of the feed included',
    '1 hour',
  ),
  MIGRATION_LOCK_TIMEOUT: limit(
    migrationLimits.lockMs,
    'how long a migration waits for a lock before it lets others pass and tries again',
  ),
  MIGRATION_GIVE_UP_AFTER: limit(
    migrationLimits.giveUpAfterMs,
    'how long a migration tries to get its locks',
  ),
};

type Values = { [Name in keyof typeof limitVariables]: z.output<(typeof limitVariables)[Name]['schema']> };
type LimitName = keyof Values;
/** What must be below what: a sum of variables, another variable or a limit of the code, with its words. */
interface Rule {
  sum: readonly LimitName[];
  plusMs?: number;
  below: LimitName | { ms: number; what: string };
}

const rules: readonly Rule[] = [
  { sum: ['DATABASE_LOCK_TIMEOUT'], below: 'DATABASE_STATEMENT_TIMEOUT' },
  { sum: ['DATABASE_STATEMENT_TIMEOUT'], below: 'DATABASE_TRANSACTION_TIMEOUT' },
  { sum: ['DATABASE_IDLE_TIMEOUT'], below: 'DATABASE_TRANSACTION_TIMEOUT' },
  {
    sum: ['DATABASE_STATEMENT_TIMEOUT'],
    below: { ms: updateLimitMs, what: 'the time that the API waits for an update' },
  },
  {
    sum: ['DATABASE_WAIT_TIMEOUT', 'DATABASE_TRANSACTION_TIMEOUT'],
    plusMs: conflictRetryMs,
    below: { ms: activityLimits.transactionMs, what: 'the time of an activity' },
  },
  {
    sum: ['DATABASE_WAIT_TIMEOUT', 'BACKGROUND_TIMEOUT'],
    below: {
      ms: Math.min(heartbeatLimits.auditMs, heartbeatLimits.reviewMs),
      what: 'the time between two heartbeats of the audit and the review',
    },
  },
  { sum: ['IMPORT_TIMEOUT'], below: { ms: activityLimits.pullMs, what: 'the time of a pull' } },
  { sum: ['MIGRATION_LOCK_TIMEOUT'], below: 'DATABASE_LOCK_TIMEOUT' },
  { sum: ['MIGRATION_LOCK_TIMEOUT'], below: 'MIGRATION_GIVE_UP_AFTER' },
];

/** Describes each contradiction between limits; a rule whose variables are not all there is left out. */
export function limitFaults(values: Partial<Values>): string[] {
  return [...rules.flatMap((rule) => timeFault(rule, values)), ...slotFaults(values)];
}

function timeFault({ sum, plusMs = 0, below }: Rule, values: Partial<Values>): string[] {
  const parts = sum.map((name) => values[name]);
  const most =
    typeof below === 'string' ? { ms: values[below], what: below } : { ms: below.ms, what: below.what };
  const total = parts.reduce<number>((all, ms) => all + (ms ?? Number.NaN), plusMs);
  if (most.ms === undefined || Number.isNaN(total) || total < most.ms) return [];
  const retries = plusMs > 0 ? ` and ${inSeconds(plusMs)} for retries` : '';
  const verb = `${sum.join(' and ')}${retries}`;
  return [`${verb} must be below ${most.what} (${inSeconds(most.ms)}) and is ${inSeconds(total)}`];
}

/**
 * Slots unless the settings say otherwise: two for each connection, since what has begun stands before what is urgent; at
 * most 40.
 */
export function defaultActivitySlots(connections: number): number {
  return Math.max(4, Math.min(40, 2 * connections));
}

function slotFaults({ ACTIVITY_SLOTS: slots, DATABASE_POOL_SIZE: connections }: Partial<Values>): string[] {
  if (slots === undefined || connections === undefined) return [];
  const most = connections * activitiesPerConnection;
  return slots <= most
    ? []
    : [
        `ACTIVITY_SLOTS must be at most ${activitiesPerConnection} times DATABASE_POOL_SIZE (${most}) and is ${slots}`,
      ];
}
