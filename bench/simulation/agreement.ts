import type { Pool } from 'pg';
import { readSettings } from '../../runtime/settings.ts';
import { createHttpUser } from '../../standalone/demo/http-user.ts';
import type { Figure, Say } from '../figures.ts';
import { onboardVirtualAgents, referralRequest } from '../load-test/run-load-test.ts';
import { createVirtualAgents, keyedRandom } from '../load-test/virtual-agents.ts';
import { onParts } from '../on-parts.ts';
import { createLivePeople } from './live-people.ts';
import { outsideFigures } from './outside-figures.ts';
import { createPeople, type PeopleFigures } from './people.ts';
import { minutes } from './report.ts';
import { simulate } from './simulate.ts';
import { type Times, timesOf } from './summary.ts';
import type { World, WorldAgent, WorldRequest } from './world.ts';

/** An hour is played in three minutes. */
const faster = 20;
const size = { requests: 300, agents: 90, seed: 2026, hours: 1 } as const;
/** The simulation plays the hour with as many sets of people, so that what they do by chance weighs next to nothing. */
const simulatedHours = 12;
const hourMs = 3_600_000 / faster;

/**
 * The policy at that speed, without overlap, and limits for one address that sends all requests. Its windows are too short for
 * nudges, which are at least a minute apart.
 */
const variables = {
  OFFER_WINDOW: `${(15 * 60) / faster} seconds`,
  FOLLOW_UP_WINDOW: `${(60 * 60) / faster} seconds`,
  REFERRAL_BUDGET: `${(60 * 60) / faster} seconds`,
  RECHECK_AFTER: `${(60 * 60) / faster} seconds`,
  CONFIRM_CONSUMER_CONTACT: 'off',
  AVAILABILITY_TICK: '1 second',
  RATE_LIMIT_INTAKE: '100000 per hour',
  RATE_LIMIT_REQUESTS: '1000000 per minute',
  LOG_LEVEL: 'error',
};

/**
 * People who do everything at that speed, by day and by night, and always call. Most of them answer, and take nearly the same
 * time: the median is made of first offers, the 90th percentile of second ones, and 300 requests tell both within a few
 * percent. With the outside figures chance alone makes a median of 200 differ by 15 %.
 */
const figures: PeopleFigures = {
  ...outsideFigures.people,
  isFree: { share: 0.9, spread: 0.1 },
  notices: 0.95,
  night: { fromHour: 24, untilHour: 0, share: 1 },
  answerDelay: { medianSeconds: 180 / faster, sigma: 0.5 },
  callDelay: { medianSeconds: 480 / faster, sigma: 1 },
  neverCalls: 0,
  confirmDelay: { medianSeconds: 3_600 / faster, sigma: 1 },
};

/**
 * Plays an hour on the real parts and the same hour in the simulation, with the same people who treat the same requests
 * alike, and compares how long consumers waited.
 */
export async function measureAgreement(say: Say, signal: AbortSignal): Promise<Figure[]> {
  const played = await onParts({ variables, signal }, async (service) => {
    const user = createHttpUser({ ...service, timeoutMs: 120_000 });
    const random = keyedRandom(size.seed);
    const agents = createVirtualAgents(2 * size.agents, { random, firstNpn: 6_100_000 })
      .filter(({ isUnreachable }) => !isUnreachable)
      .slice(0, size.agents);
    const cookies = await onboardVirtualAgents(service, user, agents, 300_000);
    say(`${agents.length} agents are active`);
    const world = await readWorld(service.pool);
    const people = createPeople(figures, { random, agents: world.agents });
    const live = createLivePeople({ user, pool: service.pool, people, cookies });
    const { body: consent } = await user.expect<{ version: string }>('GET', 'consents/intake?language=en');
    const startsAt = Date.now();
    const asking = Array.from({ length: size.requests }, (_, number) => number)
      .map((number) => ({ number, atMs: random('when', number) * hourMs * size.hours }))
      .toSorted((one, other) => one.atMs - other.atMs);
    for (const { number, atMs } of asking) {
      await live.actUntil(startsAt + atMs);
      const { body } = await user.expect<{ id: string }>('POST', 'referrals', {
        headers: { 'idempotency-key': `agreement ${size.seed} ${number}` },
        body: referralRequest(number, random, consent.version),
      });
      live.know(body.id, number);
    }
    while (await isAnybodyWaiting(service.pool)) await live.actUntil(Date.now() + 200);
    await live.finish();
    return {
      world: await readWorld(service.pool),
      numbers: live.numbers(),
      times: await timesOnParts(service.pool),
    };
  });
  const { world, numbers, times } = played;
  const requests = world.requests.map((one) => ({ ...one, number: numbers.get(one.id) ?? one.number }));
  const { policy } = readSettings(variables, 'bench');
  const simulated: Times[] = [];
  for (let number = 0; number < simulatedHours; number += 1) {
    const people = createPeople(figures, { random: keyedRandom(size.seed + number), agents: world.agents });
    const [hour] = await simulate([{ name: `the same hour, ${number + 1}`, policy }], {
      makeWorld: () => ({ ...world, requests, people }),
      say,
      signal,
    });
    if (!hour) continue;
    const ofHour = timesOf(hour.played.requests, 'acceptedAt');
    say(`hour ${number + 1}: ${shown(ofHour)}`);
    simulated.push(ofHour);
  }
  return compare(times, meanOf(simulated), say);
}

function meanOf(all: readonly Times[]): Pick<Times, 'p50' | 'p90'> {
  const mean = (name: 'p50' | 'p90') => all.reduce((sum, times) => sum + times[name], 0) / all.length;
  return { p50: mean('p50'), p90: mean('p90') };
}

/** Median and 90th percentile at the pace of the service, such as `3:22 and 17:23`. */
function shown({ p50, p90 }: Pick<Times, 'p50' | 'p90'>): string {
  return [p50, p90].map((seconds) => minutes(seconds * faster)).join(' and ');
}

function compare(onTheParts: Times, simulated: Pick<Times, 'p50' | 'p90'>, say: Say): Figure[] {
  say(`request to acceptance, p50 and p90: ${shown(onTheParts)} on the parts, ${shown(simulated)} simulated`);
  return (['p50', 'p90'] as const).map((figure) => ({
    name: `request to acceptance, ${figure}`,
    baseline: 'between simulation and real parts',
    value: (100 * Math.abs(simulated[figure] - onTheParts[figure])) / onTheParts[figure],
    max: 10,
    unit: '%',
  }));
}

/** True while a request may still get its first acceptance, the only one whose time is compared. */
async function isAnybodyWaiting(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query(`
    select from referrals r where stage in ('queued', 'offering')
      and not exists (select from offers o where o.referral_id = r.id and o.accepted_at is not null) limit 1`);
  return rows.length > 0;
}

/** Reads agents and requests as they are in the database of the parts; nobody's behavior. */
async function readWorld(pool: Pool): Promise<Omit<World, 'people'>> {
  const { rows: agents } = await pool.query<WorldAgent>(`
    select npn, lat, lon, time_zone as "timeZone", languages, contact_preference as "contactPreference", '{}'::jsonb as hours,
      array(select distinct state from serving where serving.npn = agents.npn order by 1) as states
    from agents where exists (select from serving where serving.npn = agents.npn) order by npn`);
  const { rows: requests } = await pool.query<WorldRequest>(`
    select id, created_at as at, zip, city, state, lat, lon, time_zone as "timeZone", language, interpreter,
      false as "isRural", (row_number() over (order by created_at, id))::integer - 1 as number
    from referrals order by created_at, id`);
  const firstAt = requests[0]?.at ?? new Date();
  return { startsAt: new Date(firstAt.getTime() - 1_000), agents, requests };
}

/** Reads the times from request to first acceptance, in seconds. */
async function timesOnParts(pool: Pool): Promise<Times> {
  const { rows } = await pool.query<{ at: Date; acceptedAt: Date | null }>(`
    select r.created_at as at, min(o.accepted_at) as "acceptedAt"
    from referrals r left join offers o on o.referral_id = r.id group by r.id`);
  return timesOf(
    rows.map(({ at, acceptedAt }) => ({ request: { at }, acceptedAt: acceptedAt ?? undefined })),
    'acceptedAt',
  );
}
