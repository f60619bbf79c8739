import { availableParallelism } from 'node:os';
import pg from 'pg';
import { importLimitMs } from '../../domain/time-limits.ts';
import { createDatabase, importLimits } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import type { Say } from '../figures.ts';
import { onBench } from '../postgres.ts';
import { type Place, readPlaces } from './places.ts';
import { type Played, play } from './play.ts';
import type { NamedPolicy } from './policies.ts';
import type { World } from './world.ts';
import { fillDatabase, installVirtualClock } from './world-database.ts';

/** A policy with what was played under it. */
export type PlayedPolicy = NamedPolicy & { played: Played };

/** Nothing is kept, so nothing has to outlive a crash. */
const forgetful = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Plays a world under each policy, on a Postgres that exists as long as it takes, as many at once as there are processors.
 * @param makeWorld makes it from the ZIPs of the service
 */
export async function simulate(
  policies: readonly NamedPolicy[],
  {
    makeWorld,
    say,
    signal,
  }: {
    makeWorld: (places: readonly Place[]) => World | Promise<World>;
    say: Say;
    signal: AbortSignal;
  },
): Promise<PlayedPolicy[]> {
  return onBench(
    signal,
    async ({ url }) => {
      const world = await onDatabase(url, async (db) => {
        const made = await makeWorld(await readPlaces(db));
        await fillDatabase(db, made);
        return made;
      });
      say(`${world.requests.length} requests, ${world.agents.length} agents`);
      const played: PlayedPolicy[] = [];
      const waiting = policies.map((policy, index) => ({ policy, index }));
      const next = async () => {
        for (let one = waiting.shift(); one; one = waiting.shift()) {
          const { policy, index } = one;
          const own = await copyDatabase(url, `played_${index}`);
          await onDatabase(own, installVirtualClock);
          const startedAt = performance.now();
          const result = await play(world, { url: own, policy: policy.policy, signal });
          played[index] = { ...policy, played: result };
          const seconds = (performance.now() - startedAt) / 1_000;
          say(
            `${policy.name}: played in ${seconds.toFixed(0)} s, ${(result.statements / world.requests.length).toFixed(0)} statements a request`,
          );
        }
      };
      await Promise.all(Array.from({ length: Math.min(policies.length, availableParallelism()) }, next));
      return played;
    },
    forgetful,
  );
}

async function onDatabase<Result>(url: string, use: (db: Database) => Promise<Result>): Promise<Result> {
  const db = createDatabase<DB>(url, {
    poolSize: 1,
    name: 'simulation',
    limits: importLimits(importLimitMs),
  });
  try {
    return await use(db);
  } finally {
    await db.destroy();
  }
}

/** Copies a database that nobody is connected with. @returns the URL of the copy */
async function copyDatabase(url: string, name: string): Promise<string> {
  const on = (database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  const client = new pg.Client({ connectionString: on('postgres') });
  await client.connect();
  try {
    const source = new URL(url).pathname.slice(1);
    await client.query(
      `create database ${client.escapeIdentifier(name)} template ${client.escapeIdentifier(source)} strategy file_copy`,
    );
  } finally {
    await client.end();
  }
  return on(name);
}
