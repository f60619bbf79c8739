import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createHttpUser, type HttpUser } from '../standalone/demo/http-user.ts';
import { type Figure, median, type Say } from './figures.ts';
import { onboardVirtualAgents, referralRequest } from './load-test/run-load-test.ts';
import { createVirtualAgents, keyedRandom } from './load-test/virtual-agents.ts';
import { onParts, type RunningService } from './on-parts.ts';
import { addMessages, countMessages } from './onboarding-rows.ts';
import { prepareRegistrations } from './registrations.ts';

const onboardings = { firstNpn: 50_000_000, count: 20_000, bulk: true };
/** Consumers who ask during each backlog; an odd number has a median. */
const consumers = 11;
/** What every agent of the benchmark can serve. */
const asks = { zip: '85004', language: 'en' } as const;
/** Agents who register during each backlog. */
const registering = 2;

/** No limit for the one address that sends all requests. Nothing else differs from `npm start`. */
const variables = {
  RATE_LIMIT_INTAKE: '100000 per hour',
  RATE_LIMIT_REQUESTS: '1000000 per minute',
  LOG_LEVEL: 'error',
};

/**
 * Measures how long consumers and agents wait while 20,000 onboardings without evidence start, and while as many are
 * woken: from a request to its first offer, a decline, an acceptance, a registration. What is left of a backlog is dropped.
 */
export async function measureBacklog(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onParts({ variables, signal }, (service) => measure(service, say));
}

async function measure(service: RunningService, say: Say): Promise<Figure[]> {
  const user = createHttpUser({ ...service, timeoutMs: 120_000 });
  const people = createVirtualAgents(8 + 3 * registering, { random: () => 0.4, firstNpn: 30_000_000 });
  const [newcomers, agents] = [people.slice(0, 3 * registering), people.slice(3 * registering)];
  const cookies = await onboardVirtualAgents(service, user, agents, 120_000);
  const register = await prepareRegistrations(service, user, newcomers, agents);
  const run = { pool: service.pool, user, cookies, register };
  const idle = await measureWaits(run);
  say(`no backlog: ${wordsOf(idle)}`);
  const figures: Figure[] = [];
  for (const [type, name] of [
    ['start-onboarding', 'starts without evidence'],
    ['wake-onboarding', 'wakes without evidence'],
  ] as const) {
    await addMessages(service.pool, type, onboardings);
    await sleep(10_000);
    const before = await countMessages(service.pool, onboardings);
    const waits = await measureWaits(run);
    const after = await countMessages(service.pool, onboardings);
    say(`${name}: ${wordsOf(waits)}; ${before} messages in the outbox before, ${after} after`);
    if (after === 0) throw new Error(`The backlog of ${name} did not last as long as the measurement`);
    await service.pool.query('delete from outbox where bulk');
    figures.push(...figuresOf(waits, name));
  }
  return figures;
}

/** Seconds of each wait. */
type Waits = Readonly<Record<'first offer' | 'decline' | 'acceptance' | 'registration', number[]>>;

interface Run {
  pool: Pool;
  user: HttpUser;
  cookies: ReadonlyMap<string, string>;
  /** Registers so many of those who are invited. @returns seconds of each */
  register: (count: number) => Promise<number[]>;
}

/** Lets consumers ask one after another: the first agent declines, the second one accepts, the consumer withdraws. */
async function measureWaits({ pool, user, cookies, register }: Run): Promise<Waits> {
  const waits: Waits = { 'first offer': [], decline: [], acceptance: [], registration: [] };
  const { body: consent } = await user.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const timed = async <T>(name: keyof Waits, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work();
    waits[name].push((performance.now() - startedAt) / 1000);
    return result;
  };
  for (let number = 0; number < consumers; number += 1) {
    const asked = { id: '', token: '' };
    const first = await timed('first offer', async () => {
      const { body } = await user.expect<{ id: string; token: string }>('POST', 'referrals', {
        headers: { 'idempotency-key': randomUUID() },
        body: { ...referralRequest(number, keyedRandom(1), consent.version), ...asks },
      });
      Object.assign(asked, body);
      return openOfferOf(pool, asked.id);
    });
    const answer = (path: string, npn: string, body: object) =>
      user.expect('POST', `offers/${path}`, { cookie: cookies.get(npn) ?? '', body });
    await timed('decline', () => answer(`${first.id}/decline`, first.npn, { reason: 'too-busy' }));
    const second = await openOfferOf(pool, asked.id);
    await timed('acceptance', () => answer(`${second.id}/acceptance`, second.npn, {}));
    await user.expect('POST', `referrals/${asked.id}/withdrawal`, { bearer: asked.token, body: {} });
  }
  waits.registration.push(...(await register(registering)));
  return waits;
}

/** Waits for the open offer of a referral, and reads it every 10 ms. */
async function openOfferOf(pool: Pool, referralId: string): Promise<{ id: string; npn: string }> {
  for (;;) {
    const { rows } = await pool.query<{ id: string; npn: string }>(
      'select id, npn from offers where referral_id = $1 and ended_at is null',
      [referralId],
    );
    if (rows[0]) return rows[0];
    await sleep(10);
  }
}

function wordsOf(waits: Waits): string {
  return Object.entries(waits)
    .map(
      ([name, seconds]) =>
        `${name} ${median(seconds).toFixed(2)} s, at most ${Math.max(...seconds).toFixed(2)} s`,
    )
    .join('; ');
}

function figuresOf(waits: Waits, backlog: string): Figure[] {
  return Object.entries(waits).flatMap(([name, seconds]) => {
    const [middle, most] = name === 'registration' ? [2, 5] : [0.5, 1];
    const about = { baseline: `behind ${onboardings.count.toLocaleString('en')} ${backlog}`, unit: 's' };
    return [
      { ...about, name: `${name}, median`, value: median(seconds), max: middle },
      { ...about, name: `${name}, the longest`, value: Math.max(...seconds), max: most },
    ];
  });
}
