import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { AuditLimits, FindingKind, WorkflowState } from '../../domain/ops/audit.ts';
import type { Database } from '../../store/database/connection.ts';
import {
  filterOpenOnboardings,
  filterOpenReferrals,
  type OpenRow,
  readOpenOnboardings,
  readOpenReferrals,
} from '../../store/ops/audit.ts';
import type { FindingWithRepair } from '../../store/ops/audit-repairs.ts';
import { findPendingWakes, type OutboxMessage } from '../../store/outbox.ts';
import type { AuditPage } from './audit-rows.ts';

export type WorkflowKey = OnboardingId | { referralId: string };

/** Reads the status of workflows from Temporal. */
export interface WorkflowStatusReader {
  /** Returns for each key whether its workflow runs, by a visibility query, which lags behind. */
  areRunning: (keys: readonly WorkflowKey[]) => Promise<boolean[]>;
  /** Reads the current state of one workflow, without lag. */
  stateOf: (key: WorkflowKey) => Promise<WorkflowState>;
  /** Lists running workflows whose task fails or times out again and again: their ids, at most `limit`. */
  withFailingTasks: (limit: number) => Promise<string[]>;
}

interface WorkflowCheckContext {
  db: Database;
  workflowStatus: WorkflowStatusReader;
  limits: AuditLimits;
  at: Date;
  after: string | undefined;
  limit: number;
  describes: DescribeBudget;
}

/** Which workflows may be described: as many as are left to the part of this run, of rows after an id if one is given. */
export interface DescribeBudget {
  left: number;
  after: string | undefined;
}

/** Number of describe calls in flight. */
const atOnce = 20;

export async function checkOnboardings(context: WorkflowCheckContext): Promise<AuditPage> {
  const rows = await readOpenOnboardings(context.db, context);
  return checkWorkflows(context, rows, {
    subjectKind: 'onboarding',
    stillOpen: (keys) => filterOpenOnboardings(context.db, keys),
    start: (key, again) => ({ type: 'start-onboarding', payload: { ...key, ...again } }),
    wake: (payload) => ({ type: 'wake-onboarding', payload }),
  });
}

export async function checkReferrals(context: WorkflowCheckContext): Promise<AuditPage> {
  const rows = await readOpenReferrals(context.db, context);
  return checkWorkflows(context, rows, {
    subjectKind: 'referral',
    stillOpen: (keys) => filterOpenReferrals(context.db, keys),
    start: (key, again) => ({ type: 'start-referral', payload: { ...key, ...again } }),
    wake: (payload) => ({ type: 'wake-referral', payload }),
  });
}

interface WorkflowKind<Key> {
  subjectKind: 'onboarding' | 'referral';
  stillOpen: (keys: readonly Key[]) => Promise<Set<string>>;
  start: (key: Key, again: { again?: true }) => OutboxMessage;
  wake: (key: Key) => OutboxMessage;
}

/**
 * Checks that every open row has a running workflow, which has an instant ahead of it or a cause to wait. A row whose
 * start or wake waits in the outbox is left to the relay. For the others one list a page names the running workflows.
 * What is left is described one by one, within the bound, but only if its row has been unchanged for longer than a list
 * may lag.
 */
async function checkWorkflows<Key extends WorkflowKey>(
  { db, workflowStatus, limits, at, limit, describes }: WorkflowCheckContext,
  rows: readonly OpenRow<Key>[],
  kind: WorkflowKind<Key>,
): Promise<AuditPage> {
  const before = new Date(at.getTime() - limits.graceMs);
  const waiting = await findPendingWakes(
    db,
    rows.map(({ id }) => id),
  );
  const asked = rows.filter(({ id }) => !waiting.has(id));
  const isRunning = asked.length > 0 ? await workflowStatus.areRunning(asked.map(({ key }) => key)) : [];
  const listed = asked.map((row, index) => ({ row, isRunning: isRunning[index] === true }));
  const suspects = listed.flatMap(({ row, isRunning: runs }) => (!runs && row.since <= before ? [row] : []));
  const described = suspects
    .filter(({ id }) => describes.after === undefined || id > describes.after)
    .slice(0, describes.left);
  const states = await readStates(workflowStatus, described);
  const { subjectKind } = kind;
  const stopped = await findStoppedWorkflows({ db, kind }, states);
  const stuck = listed
    .filter(({ row, isRunning: runs }) => (runs || states.get(row) === 'running') && isStuck(row, before))
    .map(
      ({ row }): FindingWithRepair => ({
        kind: 'workflow-stuck',
        subjectKind,
        subjectId: row.id,
        repair: kind.wake(row.key),
      }),
    );
  return {
    lookedAt: rows.length,
    lists: asked.length > 0 ? 1 : 0,
    describes: described.length,
    describedTo: described.at(-1)?.id,
    leftOver: suspects.length - described.length,
    found: [...stopped, ...stuck],
    after: rows.at(-1)?.id,
    isLast: rows.length < limit,
  };
}

/** Returns whether a workflow missed its instant, or has neither an instant nor a cause to wait, so that it is stuck. */
function isStuck({ since, waitingUntil, causes }: OpenRow<unknown>, before: Date): boolean {
  if (since > before) return false;
  return waitingUntil ? waitingUntil <= before : causes.length === 0;
}

async function readStates<Key extends WorkflowKey>(
  workflowStatus: WorkflowStatusReader,
  rows: readonly OpenRow<Key>[],
): Promise<Map<OpenRow<Key>, WorkflowState>> {
  const states = new Map<OpenRow<Key>, WorkflowState>();
  for (let first = 0; first < rows.length; first += atOnce) {
    const some = rows.slice(first, first + atOnce);
    await Promise.all(some.map(async (row) => states.set(row, await workflowStatus.stateOf(row.key))));
  }
  return states;
}

/** Finds open rows whose workflow does not run, except rows that were closed meanwhile or whose start is pending. */
async function findStoppedWorkflows<Key extends WorkflowKey>(
  { db, kind }: { db: Database; kind: WorkflowKind<Key> },
  states: ReadonlyMap<OpenRow<Key>, WorkflowState>,
): Promise<FindingWithRepair[]> {
  const stopped = [...states].filter(([, state]) => state !== 'running');
  if (stopped.length === 0) return [];
  const open = await kind.stillOpen(stopped.map(([{ key }]) => key));
  const waiting = await findPendingWakes(
    db,
    stopped.map(([{ id }]) => id),
  );
  const { subjectKind } = kind;
  return stopped.flatMap(([{ key, id: subjectId }, state]): FindingWithRepair[] => {
    if (!open.has(subjectId)) return [];
    const about = { subjectKind, subjectId };
    const ended: Partial<Record<WorkflowState, FindingKind>> = {
      over: 'workflow-completed',
      interrupted: 'workflow-interrupted',
    };
    const found = ended[state];
    // the row was just reopened, and the start of its next run is pending
    if (found === 'workflow-completed' && waiting.has(subjectId)) return [];
    if (found) return [{ ...about, kind: found, repair: kind.start(key, { again: true }) }];
    return waiting.has(subjectId)
      ? []
      : [{ ...about, kind: 'workflow-missing', repair: kind.start(key, {}) }];
  });
}
