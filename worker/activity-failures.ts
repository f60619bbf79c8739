import { failureRecordedEvery } from '../domain/time-limits.ts';
import type { Database } from '../store/database/connection.ts';
import {
  deleteActivityFailure,
  type FailedAttempt,
  saveActivityFailure,
} from '../store/ops/activity-failures.ts';

/** Records activities that fail again and again, so that ops learn of them. */
export interface ActivityFailureRecorder {
  /** Called after each failed attempt, except while a provider is out or a text waits for the morning. */
  failed: (attempt: Omit<FailedAttempt, 'error'>, error: unknown) => Promise<void>;
  /** Called after an activity has succeeded, was refused or canceled. */
  ended: (attempt: Omit<FailedAttempt, 'error'>) => Promise<void>;
}

/** Attempts from which failures are recorded: with the retry policies here a minute and a half, and half an hour. */
const recordedFrom = { defect: 8, outage: 64 } as const;

/**
 * Creates a recorder that writes to Postgres. An activity that succeeds before its eighth attempt costs no statement, and
 * a failing one an eighth of a statement an attempt. What it cannot record it logs: the activity itself matters more.
 */
export function createActivityFailureRecorder({
  db,
  log,
}: {
  db: Database;
  log: { warn: (values: object, message: string) => void };
}): ActivityFailureRecorder {
  const orLog = (statement: Promise<void>) =>
    statement.catch((err: unknown) => log.warn({ err }, 'Activity failure not recorded'));
  return {
    async failed(attempt, error) {
      const from = isOutage(error) ? recordedFrom.outage : recordedFrom.defect;
      if (attempt.attempt < from || attempt.attempt % failureRecordedEvery !== 0) return;
      await orLog(saveActivityFailure(db, { ...attempt, error: errorCodeOf(error) }));
    },
    async ended({ attempt, ...about }) {
      if (attempt > recordedFrom.defect) await orLog(deleteActivityFailure(db, about));
    },
  };
}

/** Codes of Node's network errors, of gRPC, and SQLSTATEs, of which the first letters are the class. */
const outageCodes =
  /^(?:E(?:CONN\w+|TIMEDOUT|PIPE|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|4|8|14|08\w{3}|53\w{3}|57\w{3}|25P0[34]|40001|40P01|55P03)$/;

/** What node-postgres says, without a code, when it loses its server or waits for it too long. */
const outageMessages = /timeout|connection terminated|connection error/i;

/**
 * Returns whether an error says that another system is away, slow or busy, rather than that something is wrong with us:
 * a lost or refused connection, a timeout, a conflict of transactions.
 */
function isOutage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause ? outageCodes.test(String(cause.code)) : outageMessages.test(cause.message))
      return true;
  }
  return false;
}

/** Returns an error's code, or else its name, if it looks like one. */
function errorCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const candidates = ['code' in error ? String(error.code) : '', error.name];
  return candidates.find((text) => /^\w{1,40}$/.test(text)) ?? 'unknown';
}
