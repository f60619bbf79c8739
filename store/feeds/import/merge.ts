import type { ClientBase } from 'pg';
import { refuse } from '../../../domain/failures.ts';
import { marketplaceDateAt } from '../../../domain/time/marketplace-calendar.ts';
import type { FeedDefinition } from './definitions.ts';
import * as statements from './merge-sql.ts';
import { checkBadShare, checkSparedShare } from './mostly-bad.ts';

/** Numbers of rows that a file adds, changes, removes and leaves as they are, and of its bad rows. */
export interface FeedFigures {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  bad: number;
}

type Differing = Pick<FeedFigures, 'added' | 'changed' | 'removed'>;

const duplicateKeyReason = 'has the same key as an earlier row';

/**
 * Finds the changes that make the table equal to the staged rows, and leaves them in `differing`. A row that the file
 * lacks is removed unless a bad row may stand for it. Of several rows with one key the first counts.
 *
 * @param read numbers of the file's rows and of its bad rows, with the limits
 * @throws the refusals `feed-mostly-bad` and `feed-removes-too-much`
 */
export async function compareWithTable(
  client: ClientBase,
  definition: FeedDefinition,
  read: { rows: number; bad: number; maxRemovedShare: number; maxBadShare: number },
): Promise<FeedFigures> {
  await checkBadShare(client, read);
  const before = await countRows(client, definition.table);
  const good = read.rows - read.bad;
  let bad = read.bad;
  let differing = await findDiffering(client, definition, { before, good });
  if (await hasRepeated(client, definition, { before, good, ...differing })) {
    const marked =
      (await client.query(statements.markRepeated(definition), [duplicateKeyReason])).rowCount ?? 0;
    bad += marked;
    await checkBadShare(client, { ...read, bad });
    differing = await findDiffering(client, definition, { before, good: good - marked });
  }
  if (bad > 0 && differing.removed > 0) {
    differing.removed -= await spareRows(client, definition, { ...read, removed: differing.removed, before });
  } else checkRemoved(differing.removed, before, read.maxRemovedShare);
  const { added, changed, removed } = differing;
  return { added, changed, removed, unchanged: read.rows - bad - added - changed, bad };
}

/** Applies what `compareWithTable` found, and wakes the affected onboardings. The release must be saved already. */
export async function applyDifferences(
  client: ClientBase,
  definition: FeedDefinition,
  { added, changed, removed }: FeedFigures,
  release: { id: string; receivedAt: Date },
): Promise<void> {
  if (added + changed + removed === 0) return;
  const source = [release.id, release.receivedAt];
  if (added > 0) await client.query(statements.addRows(definition), source);
  if (changed > 0) await client.query(statements.changeRows(definition), source);
  if (removed > 0) await client.query(statements.removeRows(definition));
  await client.query(statements.wakeAffectedOnboardings(definition));
  if (definition.reopensLapsed)
    await client.query(statements.reopenLapsed, [release.receivedAt, marketplaceDateAt(release.receivedAt)]);
  if (definition.opensOnboardings) await client.query(statements.openOnboardings, [release.receivedAt]);
}

/**
 * Keeps the rows that bad rows may stand for, and returns their number. A bad row without a readable NPN may stand for any
 * row that the file lacks: all of those stay, but only as many as there are such bad rows count as bad.
 *
 * @throws the refusals `feed-mostly-bad` and `feed-removes-too-much`
 */
async function spareRows(
  client: ClientBase,
  definition: FeedDefinition,
  limits: { removed: number; before: number; maxRemovedShare: number; maxBadShare: number },
): Promise<number> {
  const { before, maxBadShare, maxRemovedShare } = limits;
  const spared = (await client.query(statements.spareRowsOfBadNpns(definition))).rowCount ?? 0;
  const { rows } = await client.query<{ count: number }>(statements.countWithoutNpn);
  const badWithoutNpn = rows[0]?.count ?? 0;
  const sparedWithoutNpn =
    badWithoutNpn > 0 ? ((await client.query(statements.spareRowsWithoutNpn(definition))).rowCount ?? 0) : 0;
  const bad = spared + Math.min(badWithoutNpn, sparedWithoutNpn);
  await checkSparedShare(client, bad, before, maxBadShare);
  checkRemoved(limits.removed - bad, before, maxRemovedShare);
  if (sparedWithoutNpn > 0) {
    await client.query(statements.appendSparedReason, [
      `; older rows that it may be meant for stay: ${sparedWithoutNpn}`,
    ]);
  }
  return spared + sparedWithoutNpn;
}

/** Number of rows in the table, and of good rows in the file. */
interface Sizes {
  before: number;
  good: number;
}

async function findDiffering(
  client: ClientBase,
  definition: FeedDefinition,
  { before, good }: Sizes,
): Promise<Differing> {
  if (before === 0) {
    await client.query(statements.addAll(definition));
    return { added: good, changed: 0, removed: 0 };
  }
  await client.query(statements.findDiffering(definition));
  const { rows } = await client.query<Differing>(statements.countDiffering);
  return rows[0] as Differing;
}

/**
 * Returns whether the file has a key twice, without reading all of its keys. If more of its rows matched a row of the table
 * than rows of the table were matched, two matched the same one. Only keys that the table lacks need a query.
 */
async function hasRepeated(
  client: ClientBase,
  definition: FeedDefinition,
  { before, good, added, removed }: Differing & Sizes,
): Promise<boolean> {
  if (good - added > before - removed) return true;
  if (added < 2) return false;
  const { rows } = await client.query<{ found: boolean }>(statements.findRepeated(definition));
  return rows[0]?.found === true;
}

async function countRows(client: ClientBase, table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::integer as count from ${table}`);
  return rows[0]?.count ?? 0;
}

function checkRemoved(removed: number, before: number, maxRemovedShare: number): void {
  if (removed <= before * maxRemovedShare) return;
  const allowed = `${Math.round(maxRemovedShare * 1000) / 10} %`;
  const message = `The file would remove ${removed} of ${before} rows, more than the ${allowed} that one release may.`;
  refuse('feed-removes-too-much', message, { removed, before, maxRemovedShare });
}
