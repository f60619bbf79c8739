import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { createReferralActivities } from '../../activities/referrals/referral.ts';
import type { Policy } from '../../domain/policy.ts';
import { createCascade, type PlayedRequest } from '../../standalone/sample/cascade.ts';
import { createVirtualClock } from '../../standalone/sample/virtual-clock.ts';
import { confirmHours as confirmAgentHours } from '../../store/agents/rests.ts';
import type { Database } from '../../store/database/connection.ts';
import { setNow } from '../../store/database/given-clock.ts';
import { toMasterKeys } from '../../store/encryption/master-keys.ts';
import { offerUnusedCapacity } from '../../store/referrals/matching/wake-next.ts';
import { startMatching } from '../../store/referrals/referral-queue.ts';
import { lockReferral } from '../../store/referrals/referrals.ts';
import { refreshWindows } from '../../worker/loops/availability-loop.ts';
import { countQueries } from '../count-queries.ts';
import { type PlayedAgent, readPlayedAgents, readSentMessages } from './played-rows.ts';
import { openPreparedDatabase } from './prepared-database.ts';
import type { World, WorldRequest } from './world.ts';
import { analyzeGrowth } from './world-database.ts';

/** A policy that was played on a world. */
export interface Played {
  requests: PlayedRequest<WorldRequest>[];
  agents: PlayedAgent[];
  /** Messages by kind of notice. */
  messages: Record<string, number>;
  /** SQL statements, except for begin and commit. */
  statements: number;
}

/**
 * Plays a world under one policy, in a database that the world fills and that has the virtual clock. Ends when every request
 * has.
 * @throws the signal's reason
 */
export async function play(
  world: World,
  { url, policy, signal }: { url: string; policy: Policy; signal: AbortSignal },
): Promise<Played> {
  const pool = openPreparedDatabase(url);
  const { db, queries } = countQueries(pool);
  try {
    const requests = await playOn(db, world, { policy, signal });
    const statements = queries();
    return {
      requests,
      agents: await readPlayedAgents(db),
      messages: await readSentMessages(db),
      statements,
    };
  } finally {
    await pool.destroy();
  }
}

async function playOn(
  db: Database,
  { startsAt, requests, people }: World,
  { policy, signal }: { policy: Policy; signal: AbortSignal },
): Promise<PlayedRequest<WorldRequest>[]> {
  const clock = createVirtualClock(startsAt);
  // nobody names an agent here, so that nothing is decrypted
  const keyring = { masterKeys: toMasterKeys([randomBytes(32)]) };
  const activities = createReferralActivities({ db, policy, keyring, now: clock.now });
  const confirmHours = (npn: string) =>
    db.transaction().execute((tx) => confirmAgentHours(tx, { npn, at: clock.now(), limits: policy }));
  const cascade = createCascade({ activities, people, clock, confirmHours });
  const passWakes = createWakeReader(db, { cascade, now: clock.now, policy });
  const played: PlayedRequest<WorldRequest>[] = [];
  const confirm = async (request: WorldRequest) => {
    await db.transaction().execute(async (tx) => {
      const referral = await lockReferral(tx, request.id);
      if (referral) await startMatching(tx, referral, { at: clock.now(), policy });
    });
    played.push(await cascade.begin(request));
  };
  clock.at(startsAt, updateHours);
  for (const request of requests) clock.at(request.at, () => confirm(request));
  let [steps, analyzeAt] = [0, 500];
  for (let work = clock.next(); work; work = clock.next()) {
    signal.throwIfAborted();
    if (++steps === analyzeAt) {
      await analyzeGrowth(db);
      analyzeAt *= 2;
    }
    if (played.length === requests.length && cascade.open() === 0) break;
    await setNow(db, clock.now());
    await work();
    await passWakes();
  }
  return played;

  /** Does what the worker's loop does each time that hours of agents begin or end. */
  async function updateHours(): Promise<void> {
    const page = { at: clock.now(), stopping: signal, woken: new Set<string>() };
    while ((await refreshWindows({ db, policy, log: failOnWarning }, page)).isFull);
    const { rows } = await sql<{ at: Date | null }>`
      select min(availability_changes_at) as at from agents`.execute(db);
    if (rows[0]?.at) clock.at(rows[0].at, updateHours);
  }
}

/** A page that fails would be tried agent by agent by a worker; here it is a fault. */
const failOnWarning = {
  warn: (about: unknown): never => {
    throw (about as { err?: Error }).err ?? new Error('Hours could not be updated');
  },
};

/** Reads the wakes that were added to the outbox, and does what the relay does with them. */
function createWakeReader(
  db: Database,
  {
    cascade,
    now,
    policy,
  }: { cascade: ReturnType<typeof createCascade<WorldRequest>>; now: () => Date; policy: Policy },
): () => Promise<void> {
  let lastId = 0;
  return async () => {
    for (;;) {
      const { rows } = await sql<{ id: number; type: string; referralId: string }>`
        select id, type, payload ->> 'referralId' as referral_id from outbox where id > ${lastId} order by id`.execute(
        db,
      );
      if (rows.length === 0) return;
      for (const { id, type, referralId } of rows) {
        lastId = id;
        if (type !== 'wake-referral' || (await cascade.wake(referralId))) continue;
        await db
          .transaction()
          .execute((tx) => offerUnusedCapacity(tx, { referralId, at: now(), limits: policy }));
      }
    }
  };
}
