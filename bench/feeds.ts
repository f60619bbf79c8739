import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { generateFeeds } from '../standalone/sample/generate.ts';
import { feedDefinitions } from '../store/feeds/definitions.ts';
import { type FeedReport, importFeed } from '../store/feeds/import-feed.ts';
import { migrate } from '../store/migrate.ts';
import { changedList } from './changed-list.ts';
import type { Figure } from './figures.ts';
import { median, secondsOf } from './figures.ts';
import { type Bench, onBench } from './postgres.ts';

/** Makes a registration list of about 170,000 rows, the size of the public one. */
const agents = 97_000;
const rounds = 3;
const changes = 500;
const kind = 'registration-completions';
const megabyte = 1024 * 1024;

/** How the import of a registration list compares with a plain `COPY` of the same file, and what memory it takes. */
export async function measureFeeds(say: (line: string) => void): Promise<Figure[]> {
  return onBench(async (bench) => {
    await migrate(bench.url);
    const files = await generateFeeds({ directory: bench.folder, seed: 1, agents, asOf: '2026-11-23' });
    const { path, rows } = files[kind];
    say(`registration list: ${rows} rows; Postgres with its durable defaults; median of ${rounds} rounds`);
    const pool = new Pool({ connectionString: bench.url, max: 1 });
    try {
      const times = await measureRounds(pool, path, rows, say);
      const memory = await measureMemory(pool, bench, path);
      await measureChanges(pool, { path, trainings: files['training-completions'].path, bench }, say);
      return [
        {
          name: 'first import',
          of: 'a plain COPY',
          value: times.first / times.plain,
          most: 4,
          unit: 'times',
        },
        {
          name: 'same file again',
          of: 'a plain COPY',
          value: times.again / times.plain,
          most: 2,
          unit: 'times',
        },
        { name: 'memory', of: 'idle', value: memory / megabyte, most: 150, unit: 'MB above' },
      ];
    } finally {
      await pool.end();
    }
  });
}

async function measureRounds(pool: Pool, path: string, rows: number, say: (line: string) => void) {
  const seconds = { plain: [] as number[], first: [] as number[], again: [] as number[] };
  for (let round = 1; round <= rounds; round += 1) {
    await emptyTables(pool);
    const plain = await secondsOf(() => copyPlainly(pool, path));
    await pool.query('checkpoint');
    const first = await secondsOf(async () => expectReport(await take(pool, path), { added: rows }));
    await pool.query('checkpoint');
    const again = await secondsOf(async () => expectReport(await take(pool, path), { unchanged: rows }));
    seconds.plain.push(plain);
    seconds.first.push(first);
    seconds.again.push(again);
    const figures = [plain, first, again].map((each) => each.toFixed(2));
    say(
      `round ${round}: plain COPY ${figures[0]} s, first import ${figures[1]} s, same file again ${figures[2]} s`,
    );
  }
  return { plain: median(seconds.plain), first: median(seconds.first), again: median(seconds.again) };
}

/** The same columns as text and the same primary key, and nothing else: what any import has to pay at least. */
async function copyPlainly(pool: Pool, path: string): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(
      createReadStream(path),
      client.query(copyFrom('copy plain from stdin (format csv, header)')),
    );
  } finally {
    client.release();
  }
}

async function emptyTables(pool: Pool): Promise<void> {
  const { columns, key, table } = feedDefinitions[kind];
  const names = columns.map(({ column }) => `${column} text`).join(', ');
  await pool.query(`
    drop table if exists plain;
    create table plain (${names}, primary key (${key.join(', ')}));
    truncate ${table};`);
  await pool.query('checkpoint');
}

function take(pool: Pool, path: string, feed: keyof typeof feedDefinitions = kind): Promise<FeedReport> {
  const source = createReadStream(path);
  return importFeed({ pool, kind: feed, source, maxRemovedShare: 1, receivedAt: new Date() });
}

async function measureMemory(pool: Pool, { url }: Bench, path: string): Promise<number> {
  await emptyTables(pool);
  const script = fileURLToPath(new URL('import-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, url, path]);
  return Number(stdout);
}

/** A release in which 500 rows differ wakes 500 onboardings, told with the time it took. */
async function measureChanges(
  pool: Pool,
  { path, trainings, bench }: { path: string; trainings: string; bench: Bench },
  say: (line: string) => void,
): Promise<void> {
  await take(pool, trainings, 'training-completions');
  await pool.query(`
    delete from outbox;
    update onboardings set closed_at = now(), stage = 'lapsed'
     where plan_year < (select max(plan_year) from onboardings);
    analyze onboardings;`);
  const changed = join(bench.folder, 'changed.csv');
  const { rows } = await pool.query<{ npn: string; year: number }>(
    `select npn, plan_year as year from onboardings join ${feedDefinitions[kind].table} using (npn, plan_year)
      where closed_at is null and npn_valid = 'Y' order by md5(npn) limit $1`,
    [changes],
  );
  await pipeline(createReadStream(path), changedList(rows), createWriteStream(changed));
  const seconds = await secondsOf(async () =>
    expectReport(await take(pool, changed), { added: 0, changed: changes }),
  );
  const woken = await pool.query<{ count: number }>(
    `select count(distinct subject)::integer as count from outbox where deed = 'wake-onboarding'`,
  );
  expectReport({ woken: woken.rows[0]?.count }, { woken: changes });
  say(`${changes} of the rows changed: ${changes} onboardings woken, ${seconds.toFixed(2)} s`);
}

/** A time says nothing of an import that did not do its work. */
function expectReport<Report extends object>(report: Report, expected: Partial<Report>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = (report as Record<string, unknown>)[name];
    if (found !== value) throw new Error(`${name} is ${String(found)} instead of ${String(value)}`);
  }
}
