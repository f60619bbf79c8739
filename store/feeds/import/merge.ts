import type { ClientBase } from 'pg';
import { refuse } from '../../../domain/failures.ts';
import { marketplaceDateAt } from '../../../domain/time/marketplace-calendar.ts';
import type { FeedDefinition } from './definitions.ts';
import * as statements from './merge-sql.ts';
import { checkBadShare, checkSparedShare } from './mostly-bad.ts';

/** How many rows a file adds, changes, removes, leaves as they are, and how many of its own are bad. */
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
 * Finds what has to be done to make the table equal to the staged rows, and leaves it in `differing`. A row that the
 * file does not have goes, unless a bad row may be meant for it. Of several rows with one key the first counts.
 *
 * @param read how many rows the file has, and how many of them cannot be read
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

/** Does what `compare` found, and hands over to the outbox. The release has to be kept already. */
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
 * Lets the rows stay that bad ones may be meant for, and returns how many. One without a readable NPN may be meant for
 * any that the file does not have: all of those stay, but no more of them than there are such bad rows count as bad.
 *
 * @throws the refusals `feed-mostly-bad` and `feed-removes-too-much`
 */
async function spareRows(
  client: ClientBase,
  definition: FeedDefinition,
  limits: { removed: number; before: number; maxRemovedShare: number; maxBadShare: number },
): Promise<number> {
  const { before, maxBadShare, maxRemovedShare } = limits;
  const meant = (await client.query(statements.spareRowsOfBadNpns(definition))).rowCount ?? 0;
  const { rows } = await client.query<{ nameless: number }>(statements.countWithoutNpn);
  const nameless = rows[0]?.nameless ?? 0;
  const held =
    nameless > 0 ? ((await client.query(statements.spareRowsWithoutNpn(definition))).rowCount ?? 0) : 0;
  const bad = meant + Math.min(nameless, held);
  await checkSparedShare(client, bad, before, maxBadShare);
  checkRemoved(limits.removed - bad, before, maxRemovedShare);
  if (held > 0) {
    await client.query(statements.appendSparedReason, [
      `; older rows that it may be meant for stay: ${held}`,
    ]);
  }
  return meant + held;
}

/** How many rows the table had, and how many of the file are good. */
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
 * Whether the file has a key twice, without a look at each of its keys: where more of its rows met a row of the
 * table than rows of the table were met, two met the same one. What is left is what the table does not have.
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
