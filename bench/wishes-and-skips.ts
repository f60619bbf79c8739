import { sql } from 'kysely';
import type { AgentWish } from '../domain/matching/agent-wish.ts';
import { readSettings } from '../runtime/settings.ts';
import { chooseAgent } from '../store/matching/candidates.ts';
import { chooseWishedAgent } from '../store/matching/wished-agent.ts';
import { type Figure, medianMsOf, type Say } from './figures.ts';
import { at, busiest, createRequests } from './matching-sample.ts';
import type { Bench } from './postgres.ts';

const choices = 401;

/**
 * Compares a look for an agent whom a consumer names, by NPN and by name, with a primary-key read; and a choice where every
 * fourth agent of the busiest state skips every area, with one where nobody skips any.
 */
export async function measureWishesAndSkips(
  { db, url }: Bench,
  { ms: plainMs, keyMs }: { ms: number; keyMs: number },
  say: Say,
): Promise<Figure[]> {
  const { policy: limits } = readSettings({ DATABASE_URL: url }, 'bench');
  const requests = await createRequests(db, choices);
  const wishes = requests.map((request, index) => ({ request, npn: `${1 + index * 400}` }));
  const wishMsOf = (wishOf: (npn: string) => AgentWish) =>
    db
      .transaction()
      .execute((tx) =>
        medianMsOf(wishes, ({ request, npn }) =>
          chooseWishedAgent(tx, request, { wish: wishOf(npn), at, limits }),
        ),
      );
  const npnMs = await wishMsOf((agent) => ({ by: 'npn', agent }));
  const nameMs = await wishMsOf((npn) => ({ by: 'name', agent: `agent no${npn}` }));
  await sql`update agents set skipped_areas = array(
      select distinct left(zip, 3) from zips where state = ${busiest.state})
    where npn::integer % 4 = 0`.execute(db);
  await sql`vacuum analyze`.execute(db);
  const skippedMs = await db
    .transaction()
    .execute((tx) =>
      medianMsOf(requests, (request) => chooseAgent(tx, request, { at, limits, lockedInVain: [] })),
    );
  await sql`update agents set skipped_areas = '{}' where skipped_areas <> '{}'`.execute(db);
  await sql`vacuum analyze`.execute(db);
  say(
    `a look for a named agent in ${npnMs.toFixed(2)} ms by NPN, ${nameMs.toFixed(2)} ms by name; a choice past skips in ${skippedMs.toFixed(2)} ms`,
  );
  const key = { baseline: 'a primary-key read', unit: 'times' };
  return [
    { ...key, name: 'look for an agent named by NPN', value: npnMs / keyMs, max: 20 },
    { ...key, name: 'look for an agent named by name', value: nameMs / keyMs, max: 20 },
    {
      name: 'choice where every fourth agent skips the area',
      baseline: 'a choice where nobody does',
      value: skippedMs / plainMs,
      max: 2,
      unit: 'times',
    },
  ];
}
