import { sql } from 'kysely';
import { Client } from 'pg';
import { readChanges } from '../store/changes.ts';
import type { Database } from '../store/database/connection.ts';
import { type Figure, median, type Say, secondsOf } from './figures.ts';
import { type Bench, onBench } from './postgres.ts';

const connections = 64;
const roundMs = 1_500;
const rounds = 3;
/** What a write-ahead log on a network disk adds to a flush; every commit that waits for the flush shares it. */
const slowFlush = { us: 2_000, name: 'on a disk that takes 2 ms' };

/** Ways to let live pages know of an event, by the SQL that changes the schema to it and back. */
const ways = {
  asItIs: { before: '', after: '' },
  none: {
    before: 'alter table events drop column transaction_id',
    after: `alter table events add column transaction_id xid8 default pg_current_xact_id();
      create index events_of_transaction on events (transaction_id) where transaction_id is not null`,
  },
  notify: {
    before: `create function announce() returns trigger language plpgsql as
        $$ begin perform pg_notify('events', new.subject_id); return null; end $$;
      create trigger announced after insert on events for each row execute function announce()`,
    after: 'drop function announce() cascade',
  },
} as const;
type Way = keyof typeof ways;

/**
 * Compares commits that write an event with the same commits where no live page learns of it, and says how NOTIFY in each
 * of them would do. Then compares the read of what has changed among a million events with the shortest query.
 */
export async function measureNotify(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onBench(signal, async (bench) => {
    const fast = await measureCommits(bench, 'on this disk', say);
    await setFlush(bench, slowFlush.us);
    const slow = await measureCommits(bench, slowFlush.name, say);
    await setFlush(bench, 0);
    return [
      {
        name: `events committed by ${connections} connections`,
        baseline: 'fewer than without live pages',
        value: fast.none / fast.asItIs,
        max: 1.25,
        unit: 'times',
      },
      { name: '', baseline: slowFlush.name, value: slow.none / slow.asItIs, max: 1.25, unit: 'times' },
      await measureReading(bench.db, say),
    ];
  });
}

async function measureCommits({ url, pool }: Bench, disk: string, say: Say): Promise<Record<Way, number>> {
  const clients = Array.from({ length: connections }, () => new Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const rates: Record<Way, number[]> = { asItIs: [], none: [], notify: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const way of Object.keys(ways) as Way[]) {
      await pool.query(`${ways[way].before}; truncate events`);
      rates[way].push(await commitsPerSecond(clients));
      await pool.query(ways[way].after);
    }
  await Promise.all(clients.map((client) => client.end()));
  const [asItIs, none, notify] = [median(rates.asItIs), median(rates.none), median(rates.notify)];
  const [written, alone, announced] = [asItIs, none, notify].map((rate) => Math.round(rate));
  say(`${disk}, commits a second: ${written}; without live pages ${alone}; with NOTIFY in each ${announced}`);
  return { asItIs, none, notify };
}

async function commitsPerSecond(clients: readonly Client[]): Promise<number> {
  let commits = 0;
  const seconds = await secondsOf(() => {
    const end = performance.now() + roundMs;
    return Promise.all(
      clients.map(async (client) => {
        while (performance.now() < end) await insertEvent(client, (commits += 1));
      }),
    );
  });
  return commits / seconds;
}

function insertEvent(client: Client, number: number): Promise<unknown> {
  return client.query({
    name: 'event',
    text: `insert into events (subject_kind, subject_id, sequence, kind, at, by)
      values ('onboarding', $1, 1, 'phone-confirmed', now(), 'agent')`,
    values: [`${number}-2027`],
  });
}

/** Makes each flush of the write-ahead log take longer: `commit_delay` waits while others wait for the same flush. */
async function setFlush({ pool }: Bench, us: number): Promise<void> {
  await pool.query(`alter system set commit_delay = ${us}`);
  await pool.query('alter system set commit_siblings = 0');
  await pool.query('select pg_reload_conf()');
}

async function measureReading(db: Database, say: Say): Promise<Figure> {
  await sql`truncate events`.execute(db);
  await sql`
    insert into events (subject_kind, subject_id, sequence, kind, at, by, transaction_id)
    select 'onboarding', n || '-2027', 1, 'phone-confirmed', now(), 'agent', (n % 500)::text::xid8
    from generate_series(1, 1000000) n`.execute(db);
  await sql`vacuum analyze events`.execute(db);
  const { cursor } = await readChanges(db, undefined);
  const readMs = await medianMsOf(() => readChanges(db, cursor));
  const shortestMs = await medianMsOf(() => sql`select 1`.execute(db));
  say(`a read of what has changed ${readMs.toFixed(2)} ms, the shortest query ${shortestMs.toFixed(2)} ms`);
  return {
    name: 'what has changed, of 1,000,000 events',
    baseline: 'the shortest query',
    value: readMs / shortestMs,
    max: 8,
    unit: 'times',
  };
}

async function medianMsOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 401; run += 1) times.push(1_000 * (await secondsOf(work)));
  return median(times);
}
