import type { ClientBase } from 'pg';
import { refuse } from '../../../domain/failures.ts';

/**
 * Fewest bad rows that can refuse a file. A changed format makes thousands of rows bad, and the file must be refused, since
 * its changes would depend on which rows happen to be readable. A single bad row is a typing mistake, whatever its share.
 */
const minBadRows = 2;

/** Number of reasons that a refusal names, the most frequent first. */
const maxNamedReasons = 3;

/** @throws `feed-mostly-bad` when the share of bad rows in the file is above the limit */
export async function checkBadShare(
  client: ClientBase,
  { rows, bad, maxBadShare }: { rows: number; bad: number; maxBadShare: number },
): Promise<void> {
  if (bad < minBadRows || bad <= rows * maxBadShare) return;
  const sentence = `${bad} of ${rows} rows are bad, more than the ${percent(maxBadShare)} that a release may have.`;
  refuse('feed-mostly-bad', `${sentence} ${await describeMostFrequentReasons(client)}`, {
    bad,
    rows,
    maxBadShare,
  });
}

/**
 * Checks how many existing rows stay only because their new version is bad, however many new rows the file has beside.
 *
 * @throws `feed-mostly-bad` when their share of the table is above the limit
 */
export async function checkSparedShare(
  client: ClientBase,
  spared: number,
  before: number,
  maxBadShare: number,
): Promise<void> {
  if (spared < minBadRows || spared <= before * maxBadShare) return;
  const sentence = `Of ${before} rows that were good before, ${spared} are bad, more than the ${percent(maxBadShare)} that a release may have.`;
  refuse('feed-mostly-bad', `${sentence} ${await describeMostFrequentReasons(client)}`, {
    spared,
    before,
    maxBadShare,
  });
}

async function describeMostFrequentReasons(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ reason: string; count: number; line: number }>(
    `select reason, count(*)::integer as count, min(line) as line from staged where reason is not null
      group by reason order by count desc, line limit $1`,
    [maxNamedReasons],
  );
  return `Most often: ${rows.map(({ reason, count, line }) => `${reason} (${count}, first in line ${line})`).join('; ')}.`;
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
