import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Policy } from '../domain/policy.ts';
import { readSettings } from '../runtime/settings.ts';
import { changeAvailability, readAvailabilities } from '../store/agents/availability.ts';
import { claimElapsedWindows, saveAvailabilityWindows } from '../store/agents/availability-windows.ts';
import type { Database, Tx } from '../store/database/connection.ts';
import { chooseAgent } from '../store/matching/candidates.ts';
import { explainDecision } from '../store/matching/match-explanations.ts';
import { wakeNextReferral } from '../store/referrals/matching/wake-next.ts';
import { type Figure, medianMsOf, type Say } from './figures.ts';
import {
  at,
  busiest,
  createRequests,
  endHoursUntilNow,
  insertAgents,
  insertWaiting,
  occupyBusiestState,
  type SampleRequest,
} from './matching-sample.ts';
import { type Bench, onBench } from './postgres.ts';
import { measureWishesAndSkips } from './wishes-and-skips.ts';

const choices = 401;
/** Offers made and declined before the measurement, because the dead rows that they leave are part of the real work. */
const offersBefore = 500;

/** Agents who begin at nine, and referrals that wait, in the measurement under load. */
const beginning = 20_000;
const waiting = 1_000;

/**
 * Compares the work of matching among 170,000 agents with 5 states each, 25,500 of them in the busiest state, with reading
 * one row by its primary key, and choosing with choosing among 1,000. Also counts sequential scans and index entries read.
 */
export async function measureMatching(say: Say, signal: AbortSignal): Promise<Figure[]> {
  const few = await onBench(signal, (bench) => measureChoosing(bench, 1_000, say));
  const some = await onBench(signal, (bench) => measureChoosing(bench, 10_000, say));
  return onBench(signal, async (bench) => {
    const many = await measureChoosing(bench, 170_000, say);
    // it is three statements
    const keys = { baseline: 'three primary-key reads', unit: 'times', max: 5 };
    return [
      { ...keys, name: 'choice among 1,000 agents', value: few.ms / few.keyMs / 3 },
      { ...keys, name: 'choice among 10,000 agents', value: some.ms / some.keyMs / 3 },
      { ...keys, name: 'choice among 170,000 agents', value: many.ms / many.keyMs / 3 },
      { name: '', baseline: 'a choice among 1,000', value: many.ms / few.ms, max: 2, unit: 'times' },
      { name: '', baseline: 'read sequentially', value: many.scans, max: 0, unit: 'tables' },
      { name: '', baseline: 'read per choice', value: many.rows, max: 1_000, unit: 'index entries' },
      ...(await measureWishesAndSkips(bench, many, say)),
      ...(await measureChanges(bench, many.keyMs, say)),
      ...(await measureAllBusy(bench, many.keyMs, say)),
    ];
  });
}

/** Compares what changes the candidate index, and an explanation, with a primary-key read. */
async function measureChanges({ db, url }: Bench, keyMs: number, say: Say): Promise<Figure[]> {
  const { policy } = readSettings({ DATABASE_URL: url }, 'bench');
  const npns = Array.from({ length: 51 }, (_, index) => `${4 + index * 400}`);
  const hoursMs = await medianMsOf(npns, (npn) =>
    db
      .transaction()
      .execute((tx) =>
        changeAvailability(tx, { npn, at, limits: policy }, { override: { is: 'off', untilAt: null } }),
      ),
  );
  await endHoursUntilNow(db, beginning);
  const startedAt = performance.now();
  while (await beginPage(db, policy));
  const beginMs = (performance.now() - startedAt) / beginning;
  const requests = await createRequests(db, 11);
  const explainMs = await medianMsOf(requests, (request) =>
    explainDecision(db, request, { at, asked: 0, limits: policy }),
  );
  say(
    `a change of hours in ${hoursMs.toFixed(1)} ms; ${beginning} agents begin within ${((beginMs * beginning) / 1000).toFixed(0)} s; an explanation in ${explainMs.toFixed(0)} ms`,
  );
  const key = { baseline: 'a primary-key read', unit: 'times' };
  return [
    { ...key, name: 'change of hours of one agent', value: hoursMs / keyMs, max: 60 },
    { ...key, name: 'each of 20,000 agents who begin at nine', value: beginMs / keyMs, max: 15 },
    { ...key, name: 'explanation of one decision', value: explainMs / keyMs, max: 3_000 },
  ];
}

/** Lets a page of agents begin, as the worker's loop does. @returns false if there was none */
async function beginPage(db: Database, policy: Policy): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const npns = await claimElapsedWindows(tx, { at, limit: 200, except: new Set() });
    await saveAvailabilityWindows(tx, await readAvailabilities(tx, npns, at), { at, limits: policy });
    return npns.length > 0;
  });
}

/** Compares a choice and a wake when all agents of the busiest state are busy with a primary-key read. */
async function measureAllBusy({ db, url }: Bench, keyMs: number, say: Say): Promise<Figure[]> {
  const { policy } = readSettings({ DATABASE_URL: url }, 'bench');
  await occupyBusiestState(db);
  await insertWaiting(db, waiting);
  const requests = await createRequests(db, 101);
  const before = await tableReads(db);
  const lookMs = await inOneTransaction(db, (tx) =>
    medianMsOf(requests, (request) => choose(tx, request, policy)),
  );
  const { rows } = await tableReads(db);
  const first = { id: randomUUID(), state: busiest.state, createdAt: new Date(0) };
  const wakeMs = await inOneTransaction(db, (tx) =>
    medianMsOf(requests, () => wakeNextReferral(tx, first, { at, limits: policy })),
  );
  say(`all busy: a choice in ${lookMs.toFixed(2)} ms, a wake in ${wakeMs.toFixed(2)} ms (medians)`);
  const key = { baseline: 'a primary-key read', unit: 'times' };
  return [
    { ...key, name: 'choice when all agents are busy', value: lookMs / keyMs, max: 20 },
    {
      name: '',
      baseline: 'read per choice',
      value: (rows - before.rows) / requests.length,
      max: 20,
      unit: 'index entries',
    },
    { ...key, name: 'wake when all agents are busy', value: wakeMs / keyMs, max: 10 },
  ];
}

interface Measured {
  ms: number;
  keyMs: number;
  scans: number;
  rows: number;
}

async function measureChoosing({ db, url }: Bench, agents: number, say: Say): Promise<Measured> {
  const { policy: limits } = readSettings({ DATABASE_URL: url }, 'bench');
  await insertAgents(db, agents);
  const measured = await createRequests(db, choices);
  const earlier = await createRequests(db, 97);
  for (let offer = 0; offer < offersBefore; offer += 1) {
    const request = earlier[offer % earlier.length];
    if (request) await offerAndDecline(db, request, { limits, at: new Date(at.getTime() + offer) });
  }
  await sql`vacuum analyze`.execute(db);
  const before = await tableReads(db);
  const ms = await inOneTransaction(db, (tx) =>
    medianMsOf(measured, (request) => choose(tx, request, limits)),
  );
  const after = await tableReads(db);
  const npns = Array.from({ length: choices }, (_, index) => `${1 + ((index * 7919) % agents)}`);
  const keyMs = await inOneTransaction(db, (tx) =>
    medianMsOf(npns, (npn) =>
      tx.selectFrom('agents').select('npn').where('npn', '=', npn).executeTakeFirstOrThrow(),
    ),
  );
  const found = await inOneTransaction(db, (tx) => countRungs(tx, measured, limits));
  say(
    `${agents} agents: a choice in ${ms.toFixed(2)} ms, a primary-key read in ${keyMs.toFixed(2)} ms (medians); ${found}`,
  );
  return { ms, keyMs, scans: after.scans - before.scans, rows: (after.rows - before.rows) / choices };
}

const choose = (tx: Tx, request: SampleRequest, limits: Policy) =>
  chooseAgent(tx, request, { at, limits, lockedInVain: [] });

/** Runs all choices in one transaction, so that commits are not measured. */
async function inOneTransaction<Result>(db: Database, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(work);
}

async function countRungs(tx: Tx, requests: readonly SampleRequest[], limits: Policy): Promise<string> {
  const counts = new Map<string, number>();
  for (const request of requests) {
    const rung = (await choose(tx, request, limits))?.rung ?? 'nobody';
    counts.set(rung, (counts.get(rung) ?? 0) + 1);
  }
  return [...counts].map(([rung, count]) => `${rung} ${count}`).join(', ');
}

async function offerAndDecline(
  db: Database,
  request: SampleRequest,
  { limits, at: when }: { limits: Policy; at: Date },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const chosen = await chooseAgent(tx, request, { at: when, limits, lockedInVain: [] });
    if (!chosen) return;
    await tx.updateTable('agents').set({ lastOfferedAt: when }).where('npn', '=', chosen.npn).execute();
  });
}

/** Reads Postgres's statistics of the tables that a choice reads: sequential scans and index entries read. */
async function tableReads(db: Database): Promise<{ scans: number; rows: number }> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  const { rows } = await sql<{ scans: number; rows: number }>`
    select sum(seq_scan)::integer as scans,
      (select sum(idx_tup_read)::integer from pg_stat_user_indexes where relname = any (${tablesRead}::text[])) as rows
    from pg_stat_user_tables where relname = any (${tablesRead}::text[])`.execute(db);
  return rows[0] ?? { scans: Number.NaN, rows: Number.NaN };
}
const tablesRead = ['candidate_index', 'agents'];
