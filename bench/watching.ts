import { setTimeout as sleep } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import type { Pool } from 'pg';
import { createHttpUser, type HttpUser } from '../standalone/demo/http-user.ts';
import { type Figure, quantile, type Say } from './figures.ts';
import { onboardVirtualAgents, referralRequest } from './load-test/run-load-test.ts';
import { createVirtualAgents, keyedRandom } from './load-test/virtual-agents.ts';
import { onParts, type RunningService } from './on-parts.ts';

/** A session has four streams at most. */
const size = { pages: 200, agents: 75, inboxesOfAgent: 4, requestsASecond: 4 } as const;
/** How long an agent looks at an offer, and then at each step of a referral, in milliseconds. */
const thinkingMs = 3_000;

/** No limits for the one address of all people, nor for agents; they never rest. Nothing else differs from `npm start`. */
const variables = {
  OPEN_OFFERS_PER_AGENT: '100',
  UNCONTACTED_REFERRALS_PER_AGENT: '100',
  REST_AFTER_UNSEEN: '0',
  RATE_LIMIT_INTAKE: '1000000 per hour',
  RATE_LIMIT_REQUESTS: '10000000 per minute',
  LOG_LEVEL: 'error',
};

/** When a page first showed a step or an offer, in Unix milliseconds, by what it is about. */
type Seen = Map<string, number>;

interface Watched {
  pages: Map<string, Seen>;
  inboxes: { npn: string; seen: Seen }[];
  /** The streams, to close them. */
  sources: EventSource[];
}

/**
 * Opens 300 inboxes and 200 status pages on one API process, each as a browser does: an event stream, and a read with each of its
 * events. Meanwhile each of the 200 requests is declined once, accepted, contacted and enrolled. Measures from the instant of each
 * step until a page has read it.
 */
export function measureWatching(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onParts({ variables, signal }, async (service) => {
    const user = createHttpUser({ ...service, timeoutMs: 120_000 });
    const people = createVirtualAgents(size.agents, { random: () => 0.4, firstNpn: 34_000_000 });
    const cookies = await onboardVirtualAgents(service, user, people, 600_000);
    const watched: Watched = { pages: new Map(), inboxes: [], sources: [] };
    for (const [npn, cookie] of cookies)
      for (let number = 0; number < size.inboxesOfAgent; number += 1)
        openInbox(watched, { service, user, npn, cookie });
    say(`${watched.inboxes.length} inboxes are open`);
    const before = await readUse(service);
    const startedAt = performance.now();
    const answering = answerUntilClosed(service.pool, user, cookies);
    await ask(watched, { service, user });
    await answering;
    const seconds = (performance.now() - startedAt) / 1_000;
    // the last event may be on its way
    await sleep(2_000);
    const after = await readUse(service);
    for (const source of watched.sources) source.close();
    const share = (after.cpuSeconds - before.cpuSeconds) / seconds;
    say(
      `${size.pages} requests closed in ${seconds.toFixed(0)} s; the API used ${(100 * share).toFixed(0)} % of a processor and ` +
        `${after.megabytes.toFixed(0)} MB, ${before.megabytes.toFixed(0)} MB before`,
    );
    return figuresOf(await stepsOf(service.pool, watched), await offersOf(service.pool, watched), share);
  });
}

function figuresOf(steps: readonly number[], offers: readonly number[], share: number): Figure[] {
  const p99 = (delays: readonly number[]) => quantile(delays, 0.99) / 1_000;
  const missed = [...steps, ...offers].filter((ms) => !Number.isFinite(ms)).length;
  return [
    {
      name: `${steps.length} steps on ${size.pages} status pages, 99th percentile`,
      baseline: 'until shown',
      value: p99(steps),
      unit: 's',
      max: 2,
    },
    {
      name: `${offers.length} offers in ${size.agents * size.inboxesOfAgent} inboxes, 99th percentile`,
      baseline: 'until shown',
      value: p99(offers),
      unit: 's',
      max: 2,
    },
    { name: 'steps and offers never shown', baseline: 'of these', value: missed, unit: '', max: 0 },
    { name: 'processor of the API', baseline: 'of one', value: share, unit: 'times', max: 0.8 },
  ];
}

interface Opened {
  service: RunningService;
  user: HttpUser;
}

/** Opens an event stream with these headers, and calls back with each of its events. */
function follow(
  { sources }: Watched,
  { url, headers, events }: { url: URL; headers: Record<string, string>; events: readonly string[] },
  onEvent: (event: { name: string; id: string }) => void,
): void {
  const source = new EventSource(url, {
    fetch: (address, init) => fetch(address, { ...init, headers: { ...init.headers, ...headers } }),
  });
  for (const name of events)
    source.addEventListener(name, ({ lastEventId }) => onEvent({ name, id: lastEventId }));
  sources.push(source);
}

function openInbox(
  watched: Watched,
  { service, user, npn, cookie }: Opened & { npn: string; cookie: string },
): void {
  const seen: Seen = new Map();
  watched.inboxes.push({ npn, seen });
  const read = oneAtATime(async () => {
    const { body } = await user.expect<{ offers: { id: string }[] }>('GET', 'me/offers', { cookie });
    for (const { id } of body.offers) if (!seen.has(id)) seen.set(id, Date.now());
  });
  const url = new URL('/v1/me/events', service.apiUrl);
  follow(watched, { url, headers: { cookie }, events: ['current', 'change'] }, read);
}

function openPage(
  watched: Watched,
  { service, user, id, token }: Opened & { id: string; token: string },
): void {
  const seen: Seen = new Map();
  watched.pages.set(id, seen);
  let arrived: string[] = [];
  const read = oneAtATime(async () => {
    const shown = arrived;
    arrived = [];
    await user.expect('GET', `referrals/${id}`, { bearer: token });
    for (const sequence of shown) seen.set(sequence, Date.now());
  });
  const url = new URL(`/v1/referrals/${id}/events`, service.apiUrl);
  const headers = { authorization: `Bearer ${token}` };
  follow(watched, { url, headers, events: ['stage'] }, ({ id: sequence }) => {
    arrived.push(sequence);
    read();
  });
}

/** Reads at once, or once more after the read that is under way, as a page does. */
function oneAtATime(read: () => Promise<void>): () => void {
  let isReading = false;
  let isAsked = false;
  return () => {
    isAsked = true;
    if (isReading) return;
    isReading = true;
    void (async () => {
      while (isAsked) {
        isAsked = false;
        // what was not read is missing in the figures
        await read().catch(() => undefined);
      }
      isReading = false;
    })();
  };
}

/** Asks for help at a steady rate, and opens the status page of each request. */
async function ask(watched: Watched, { service, user }: Opened): Promise<void> {
  const random = keyedRandom(7);
  const { body: consent } = await user.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const asking: Promise<void>[] = [];
  for (let number = 0; number < size.pages; number += 1) {
    const body = { ...referralRequest(number, random, consent.version), zip: '85004', language: 'en' };
    const headers = { 'idempotency-key': `watching-${number}` };
    asking.push(
      user
        .expect<{ id: string; token: string }>('POST', 'referrals', { headers, body })
        .then(({ body: created }) => openPage(watched, { service, user, ...created })),
    );
    await sleep(1_000 / size.requestsASecond);
  }
  await Promise.all(asking);
}

interface OpenOffer {
  id: string;
  npn: string;
  referralId: string;
  number: number;
  ageMs: number;
  phase: 'offered' | 'accepted' | 'contacted';
}

/** Answers as the agents do: declines the first offer of a request, accepts the next, then reports contact and enrollment. */
async function answerUntilClosed(
  pool: Pool,
  user: HttpUser,
  cookies: ReadonlyMap<string, string>,
): Promise<void> {
  const done = new Set<string>();
  for (let closed = 0; closed < size.pages; ) {
    const { rows } = await pool.query<OpenOffer>(
      `select id, npn, referral_id as "referralId", number,
              case when contacted_at is not null then 'contacted' when accepted_at is not null then 'accepted'
                   else 'offered' end as phase,
              extract(epoch from now() - coalesce(contacted_at, accepted_at, offered_at))::float * 1000 as "ageMs"
       from offers where ended_at is null`,
    );
    await Promise.all(
      rows
        .filter((offer) => offer.ageMs >= thinkingMs && !done.has(`${offer.id} ${offer.phase}`))
        .map(async (offer) => {
          done.add(`${offer.id} ${offer.phase}`);
          const { status } = await answer(user, cookies.get(offer.npn) ?? '', offer);
          // what may not be recorded is done again
          if (status === 503 || status === 409) done.delete(`${offer.id} ${offer.phase}`);
          else if (status >= 400) throw new Error(`An agent was answered ${status}`);
        }),
    );
    const { rows: counts } = await pool.query<{ closed: number }>(
      'select count(*)::integer as closed from referrals where closed_at is not null',
    );
    closed = counts[0]?.closed ?? 0;
    await sleep(200);
  }
}

function answer(user: HttpUser, cookie: string, { id, referralId, number, phase }: OpenOffer) {
  const report = (outcome: string) =>
    user.call('POST', `referrals/${referralId}/outcomes`, { cookie, body: { outcome } });
  if (phase === 'accepted') return report('contacted');
  if (phase === 'contacted') return report('enrolled');
  return number === 1
    ? user.call('POST', `offers/${id}/decline`, { cookie, body: { reason: 'too-busy' } })
    : user.call('POST', `offers/${id}/acceptance`, { cookie, body: {} });
}

/** Milliseconds from each step of a request, after its page was open, until the page showed it; infinite if it never did. */
async function stepsOf(pool: Pool, { pages }: Watched): Promise<number[]> {
  const { rows } = await pool.query<{ id: string; sequence: string; at: Date }>(
    `select subject_id as id, sequence::text as sequence, at from events
     where subject_kind = 'referral' and kind = 'stage-entered' and subject_id = any ($1)`,
    [[...pages.keys()]],
  );
  return rows.flatMap(({ id, sequence, at }) => {
    const seen = pages.get(id) ?? new Map<string, number>();
    const first = Math.min(...[...seen.keys()].map(Number));
    if (Number(sequence) <= first) return [];
    return [(seen.get(sequence) ?? Number.POSITIVE_INFINITY) - at.getTime()];
  });
}

/** The same for each offer in each inbox of its agent. */
async function offersOf(pool: Pool, { inboxes }: Watched): Promise<number[]> {
  const { rows } = await pool.query<{ id: string; npn: string; at: Date }>(
    'select id, npn, offered_at as at from offers',
  );
  return rows.flatMap(({ id, npn, at }) =>
    inboxes
      .filter((inbox) => inbox.npn === npn)
      .map(({ seen }) => (seen.get(id) ?? Number.POSITIVE_INFINITY) - at.getTime()),
  );
}

/** Reads what the API process has used: seconds of a processor, and resident memory. */
async function readUse({ env }: RunningService): Promise<{ cpuSeconds: number; megabytes: number }> {
  const metrics = await (await fetch(`http://127.0.0.1:${env['API_METRICS_PORT']}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
  return {
    cpuSeconds: read('process_cpu_seconds_total'),
    megabytes: read('process_resident_memory_bytes') / 1_000_000,
  };
}
