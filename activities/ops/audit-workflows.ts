import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { AuditLimits, FindingKind, WorkflowState } from '../../domain/ops/audit.ts';
import type { Database } from '../../store/database/connection.ts';
import {
  filterOpenOnboardings,
  filterOpenReferrals,
  findPendingWakes,
  type OpenRow,
  readOpenOnboardings,
  readOpenReferrals,
} from '../../store/ops/audit.ts';
import type { OutboxMessage } from '../../store/outbox.ts';
import type { AuditPage, FindingWithRepair } from './audit-rows.ts';

export type WorkflowKey = OnboardingId | { referralId: string };

/** What Temporal is asked about stories. */
export interface WorkflowStatusReader {
  /** Which of these run, as far as one list of Temporal's knows: it lags behind. In the order of the keys. */
  areRunning: (keys: readonly WorkflowKey[]) => Promise<boolean[]>;
  /** What Temporal itself knows of one, without lag. */
  stateOf: (key: WorkflowKey) => Promise<WorkflowState>;
}

interface WorkflowCheckContext {
  db: Database;
  workflowStatus: WorkflowStatusReader;
  limits: AuditLimits;
  at: Date;
  after: string | undefined;
  limit: number;
}

/** How many stories Temporal is asked about at once. */
const atOnce = 20;

export async function checkOnboardings(look: WorkflowCheckContext): Promise<AuditPage> {
  const rows = await readOpenOnboardings(look.db, look);
  return checkWorkflows(look, rows, {
    subjectKind: 'onboarding',
    stillOpen: (keys) => filterOpenOnboardings(look.db, keys),
    start: (key, again) => ({ type: 'start-onboarding', payload: { ...key, ...again } }),
    wake: (subject) => ({ type: 'wake-onboarding', payload: subject }),
  });
}

export async function checkReferrals(look: WorkflowCheckContext): Promise<AuditPage> {
  const rows = await readOpenReferrals(look.db, look);
  return checkWorkflows(look, rows, {
    subjectKind: 'referral',
    stillOpen: (keys) => filterOpenReferrals(look.db, keys),
    start: (key, again) => ({ type: 'start-referral', payload: { ...key, ...again } }),
    wake: (subject) => ({ type: 'wake-referral', payload: subject }),
  });
}

interface WorkflowKind<Key> {
  subjectKind: 'onboarding' | 'referral';
  stillOpen: (keys: readonly Key[]) => Promise<Set<string>>;
  start: (key: Key, again: { again?: true }) => OutboxMessage;
  wake: (key: Key) => OutboxMessage;
}

/**
 * Every open row has a running story, and that story has an instant ahead of it or a cause to wait. One list a page
 * says which stories run; only those that it does not name are asked for one by one, and only once their row has
 * stood still for longer than a list lags.
 */
async function checkWorkflows<Key extends WorkflowKey>(
  { db, workflowStatus, limits, at, limit }: WorkflowCheckContext,
  rows: readonly OpenRow<Key>[],
  kind: WorkflowKind<Key>,
): Promise<AuditPage> {
  const before = new Date(at.getTime() - limits.graceMs);
  const isRunning = rows.length > 0 ? await workflowStatus.areRunning(rows.map(({ key }) => key)) : [];
  const standing = rows.map((row, index) => ({ row, isRunning: isRunning[index] === true }));
  const suspects = standing.filter(({ row, isRunning: runs }) => !runs && row.since <= before);
  const states = await readStates(
    workflowStatus,
    suspects.map(({ row }) => row),
  );
  const { subjectKind } = kind;
  const gone = await findStoppedWorkflows({ db, kind }, states);
  const slept = standing
    .filter(
      ({ row, isRunning: runs }) => (runs || states.get(row) === 'running') && hasOverslept(row, before),
    )
    .map(
      ({ row }): FindingWithRepair => ({
        kind: 'overslept',
        subjectKind,
        subjectId: row.id,
        repair: kind.wake(row.key),
      }),
    );
  return {
    lookedAt: rows.length,
    lists: rows.length > 0 ? 1 : 0,
    describes: suspects.length,
    found: [...gone, ...slept],
    after: rows.at(-1)?.id,
    isLast: rows.length < limit,
  };
}

/** Its instant went by, or it has neither an instant nor a cause: nothing would ever bring it on. */
function hasOverslept({ since, waitingUntil, causes }: OpenRow<unknown>, before: Date): boolean {
  if (since > before) return false;
  return waitingUntil ? waitingUntil <= before : causes.length === 0;
}

async function readStates<Key extends WorkflowKey>(
  stories: WorkflowStatusReader,
  rows: readonly OpenRow<Key>[],
): Promise<Map<OpenRow<Key>, WorkflowState>> {
  const states = new Map<OpenRow<Key>, WorkflowState>();
  for (let first = 0; first < rows.length; first += atOnce) {
    const some = rows.slice(first, first + atOnce);
    await Promise.all(some.map(async (row) => states.set(row, await stories.stateOf(row.key))));
  }
  return states;
}

/** Open rows whose story does not run. A row that was closed meanwhile is well, and so is one whose start waits. */
async function findStoppedWorkflows<Key extends WorkflowKey>(
  { db, kind }: { db: Database; kind: WorkflowKind<Key> },
  states: ReadonlyMap<OpenRow<Key>, WorkflowState>,
): Promise<FindingWithRepair[]> {
  const gone = [...states].filter(([, state]) => state !== 'running');
  if (gone.length === 0) return [];
  const open = await kind.stillOpen(gone.map(([{ key }]) => key));
  const waiting = await findPendingWakes(
    db,
    gone.map(([{ id }]) => id),
  );
  const { subjectKind } = kind;
  return gone.flatMap(([{ key, id: subjectId }, state]): FindingWithRepair[] => {
    if (!open.has(subjectId)) return [];
    const about = { subjectKind, subjectId };
    const ended: Partial<Record<WorkflowState, FindingKind>> = {
      over: 'story-over',
      'broken-off': 'story-broken-off',
    };
    const found = ended[state];
    // opened anew a moment ago: the start of its next run is on its way
    if (found === 'story-over' && waiting.has(subjectId)) return [];
    if (found) return [{ ...about, kind: found, repair: kind.start(key, { again: true }) }];
    return waiting.has(subjectId) ? [] : [{ ...about, kind: 'story-missing', repair: kind.start(key, {}) }];
  });
}
