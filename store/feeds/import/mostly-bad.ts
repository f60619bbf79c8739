import type { ClientBase } from 'pg';
import { refuse } from '../../../domain/failures.ts';

/**
 * A format that has changed makes rows bad by the thousand. Such a file is none that its sender meant, and it is not
 * a release: what it changes would be an accident of which rows can still be read. One bad row alone, whatever its
 * share, is somebody's mistake.
 */
const minBadRows = 2;

/** How many of a release's reasons a refusal names: the most frequent ones. */
const maxNamedReasons = 3;

/** @throws `feed-mostly-bad` when more of the file's rows are bad than may be */
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
 * However many new rows a file has beside: rows that were good before stay as they were where theirs is bad now, and
 * they may not be most of them.
 *
 * @throws `feed-mostly-bad`
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
