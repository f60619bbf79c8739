import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FeedKind } from '../domain/onboarding/evidence.ts';
import { generateFeeds } from '../standalone/sample/generate.ts';
import { feedDefinitions } from '../store/feeds/import/definitions.ts';
import { type FeedImportResult, importFeed } from '../store/feeds/import/import-feed.ts';
import { measureFeedMemory } from './feed-memory.ts';
import { expectReport, type Figure, median, type Say, secondsOf } from './figures.ts';
import { copyPlainly, createPlain } from './plain-copy.ts';
import { type Bench, onBench } from './postgres.ts';

/** Gives a registration list of about 170,000 rows, the size of the public list. */
const agents = 97_000;
const rounds = 7;
const changes = 500;
const kind = 'registration-completions';

/** Compares the import of a registration list with a plain `COPY` of the same file, and measures its memory. */
export async function measureFeeds(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onBench(signal, async (bench) => {
    say(`generating a registration list of ${agents} agents`);
    const files = await generateFeeds({ directory: bench.folder, seed: 1, agents, asOf: '2026-11-23' });
    const { path, rows } = files[kind];
    say(
      `registration list: ${rows} rows; Postgres with its durable defaults; the median of ${rounds} rounds`,
    );
    const whole = await measureWholeFiles(bench, path, rows, say);
    const changed = await measureChanges(bench, files, say);
    const memory = await measureFeedMemory(bench, files[kind], say);
    return [
      { name: 'first import', baseline: 'a plain COPY', value: whole.first, max: 4, unit: 'times' },
      { name: 'same file again', baseline: 'a plain COPY', value: whole.again, max: 2, unit: 'times' },
      { name: `${changes} rows changed`, baseline: 'a plain COPY', value: changed, max: 2, unit: 'times' },
      ...memory,
    ];
  });
}

/**
 * Measures the imports and a plain COPY directly after each other in each round, so that other load on the machine affects
 * them equally.
 * @returns the median duration of each import, as a multiple of the plain COPY of its round
 */
async function measureWholeFiles(bench: Bench, path: string, rows: number, say: Say) {
  const times = { first: [] as number[], again: [] as number[] };
  for (let round = 1; round <= rounds; round += 1) {
    await bench.pool.query(`truncate ${feedDefinitions[kind].table}`);
    const plain = await plainSeconds(bench, path);
    const first = await importSeconds(bench, path, { added: rows });
    const again = await importSeconds(bench, path, { unchanged: rows });
    times.first.push(first / plain);
    times.again.push(again / plain);
    const [copy, one, two] = [plain, first, again].map((seconds) => seconds.toFixed(2));
    say(`round ${round}: plain COPY ${copy} s, first import ${one} s, same file again ${two} s`);
  }
  return { first: median(times.first), again: median(times.again) };
}

/**
 * Measures the import of a release in which some rows have changed; each changed row wakes an onboarding.
 * @returns its median duration, as a multiple of the plain COPY
 */
async function measureChanges(
  bench: Bench,
  files: Awaited<ReturnType<typeof generateFeeds>>,
  say: Say,
): Promise<number> {
  const { pool, folder } = bench;
  const { path, rows } = files[kind];
  await importRelease(bench, files['training-completions'].path, 'training-completions');
  await pool.query(`
    update onboardings set closed_at = now(), stage = 'lapsed'
     where plan_year < (select max(plan_year) from onboardings);
    analyze onboardings;`);
  const changed = join(folder, 'changed.csv');
  const found = await pool.query<{ npn: string; year: number }>(
    `select npn, plan_year as year from onboardings join ${feedDefinitions[kind].table} using (npn, plan_year)
      where closed_at is null and npn_valid = 'Y' order by md5(npn) limit $1`,
    [changes],
  );
  await pipeline(createReadStream(path), changedList(found.rows), createWriteStream(changed));

  const times: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await pool.query('truncate outbox');
    const plain = await plainSeconds(bench, path);
    const next = round % 2 === 1 ? changed : path;
    const seconds = await importSeconds(bench, next, { changed: changes, unchanged: rows - changes });
    const woken = await pool.query<{ woken: number }>(
      `select count(distinct payload)::integer as woken from outbox where type = 'wake-onboarding'`,
    );
    expectReport(woken.rows[0] ?? {}, { woken: changes });
    times.push(seconds / plain);
    say(`round ${round}: plain COPY ${plain.toFixed(2)} s, ${changes} rows changed ${seconds.toFixed(2)} s`);
  }
  return median(times);
}

async function plainSeconds({ pool }: Bench, path: string): Promise<number> {
  await createPlain(pool, kind);
  await pool.query('checkpoint');
  return secondsOf(() => copyPlainly(pool, path));
}

async function importSeconds(
  bench: Bench,
  path: string,
  expected: Partial<FeedImportResult>,
): Promise<number> {
  await bench.pool.query('checkpoint');
  return secondsOf(async () => expectReport(await importRelease(bench, path), expected));
}

function importRelease({ pool, db }: Bench, path: string, feed: FeedKind = kind): Promise<FeedImportResult> {
  const source = createReadStream(path);
  const receivedAt = new Date();
  return importFeed({
    pool,
    db,
    kind: feed,
    origin: 'command',
    source,
    maxRemovedShare: 1,
    maxBadShare: 0,
    receivedAt,
  });
}

/** Copies a registration list, with the flag of some rows changed from Y to N. */
export function changedList(rows: readonly { npn: string; year: number }[]) {
  const keys = new Set(rows.map(({ npn, year }) => `${npn},${year}`));
  return async function* changed(list: Readable): AsyncGenerator<string> {
    for await (const line of createInterface({ input: list })) {
      const [npn = '', year = ''] = line.split(',', 2);
      yield `${keys.has(`${npn.replace(/^0+/, '')},${year}`) ? line.replace(/Y$/, 'N') : line}\n`;
    }
  };
}
