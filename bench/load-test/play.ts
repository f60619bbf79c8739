import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createVisitor, type Visitor } from '../../standalone/demo/http-user.ts';
import {
  acceptAgentTerms,
  logIn,
  newPassword,
  signUp,
  tokenIn,
  untilStage,
} from '../../standalone/demo/onboard-agent.ts';
import { uploadFeeds } from '../../standalone/sample/feed-files.ts';
import { generateFeeds } from '../../standalone/sample/generate.ts';
import { castOf, type Dice, diceOf, type Player } from './cast.ts';
import { createPlayers, type Stage, type Ticket } from './players.ts';

/** The service that is played on: real processes, real Postgres, real Temporal. */
export interface Theater {
  apiUrl: string;
  outboxUrl: string;
  feedsKey: string;
  /** For files of the play. */
  folder: string;
  pool: Pool;
  opsCookie: string;
}

export interface Play {
  referrals: number;
  agents: number;
  seed: number;
  /** How long an agent has to answer: within it he does what he does. */
  offerWindowMs: number;
  /** After so long the play is over, whatever still stands. */
  mostMs: number;
  say: (line: string) => void;
}

/**
 * Brings agents aboard, lets consumers ask all at once, and has everybody do what chance says, through HTTP, until every
 * referral has ended.
 * @throws when it is not over in time
 */
export async function play(theater: Theater, about: Play): Promise<void> {
  const { referrals, agents, seed, offerWindowMs, mostMs, say } = about;
  const dice = diceOf(seed);
  const visitor = createVisitor({ ...theater, patienceMs: 120_000 });
  const cast = castOf(agents, { dice, firstNpn: 30_000_000 + (seed % 1_000) * 10_000 });
  const cookies = await aboard(theater, visitor, cast, mostMs);
  say(
    `${cast.length} agents are aboard, ${cast.filter(({ isGone }) => isGone).length} of whom no message reaches`,
  );
  for (const [index, { email }] of cast.filter(({ isGone }) => isGone).entries())
    await tellOutbox(theater, { channel: 'email', to: email, kind: index % 2 === 0 ? 'refuse' : 'bounce' });

  const stage: Stage = { theater, visitor, dice, cookies, offerWindowMs };
  const players = createPlayers(stage, cast);
  // whoever is offered something while others still ask does not wait for them
  const tickets = new Map<string, Ticket>();
  let isAsking = true;
  const asking = ask(stage, referrals, tickets).finally(() => (isAsking = false));
  asking.catch(() => undefined);
  const endsAt = Date.now() + mostMs;
  let saidAt = Date.now();
  for (;;) {
    const mayBeMore = isAsking;
    const { rows } = await theater.pool.query<{ open: number }>(
      'select count(*)::integer as open from referrals where closed_at is null',
    );
    const open = rows[0]?.open ?? 0;
    if (open === 0 && !mayBeMore) break;
    if (Date.now() > endsAt) throw new Error(`${open} referrals have not ended in ${mostMs / 1_000} s`);
    if (Date.now() - saidAt > 15_000) {
      say(`${tickets.size} consumers have asked, ${open} referrals are open`);
      saidAt = Date.now();
    }
    await players.act(tickets);
    await sleep(150);
  }
  await asking;
  await players.rest();
  await untilToldOfAll(theater.pool, endsAt);
}

async function aboard(
  theater: Theater,
  visitor: Visitor,
  cast: readonly Player[],
  mostMs: number,
): Promise<Map<string, string>> {
  const files = await generateFeeds({ directory: theater.folder, seed: 1, agents: 0, named: cast });
  await uploadFeeds(files, theater);
  await untilInvited(theater.pool, cast, mostMs);
  const cookies = new Map<string, string>();
  const waiting = [...cast];
  const next = async () => {
    for (let player = waiting.shift(); player; player = waiting.shift()) {
      const newcomer = { ...player, password: newPassword() };
      const { email, username, password, phone, zip, contactPreference } = newcomer;
      const token = tokenIn(await visitor.message(email));
      await signUp(visitor, { email, username, password, phone, zip, contactPreference }, token);
      const cookie = await logIn(visitor, newcomer);
      await acceptAgentTerms(visitor, cookie);
      await untilStage(visitor, cookie, 'active');
      cookies.set(player.npn, cookie);
    }
  };
  await Promise.all(Array.from({ length: 4 }, next));
  return cookies;
}

/** Stories of hundreds of agents begin at once, two each where two plan years are open; nobody registers before all have an invitation. */
async function untilInvited(pool: Pool, cast: readonly Player[], mostMs: number): Promise<void> {
  const npns = cast.map(({ npn }) => npn);
  const endsAt = Date.now() + mostMs;
  for (;;) {
    const { rows } = await pool.query<{ invited: number }>(
      "select count(distinct npn)::integer as invited from onboardings where stage = 'invited' and npn = any($1)",
      [npns],
    );
    const invited = rows[0]?.invited ?? 0;
    if (invited === npns.length) return;
    if (Date.now() > endsAt)
      throw new Error(`${invited} of ${npns.length} agents are invited after ${mostMs / 1_000} s`);
    await sleep(250);
  }
}

/** All at once, as far as one machine asks at once. */
async function ask({ visitor, dice }: Stage, count: number, tickets: Map<string, Ticket>): Promise<void> {
  const { body: consent } = await visitor.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const numbers = Array.from({ length: count }, (_, index) => index);
  const next = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const { body } = await visitor.expect<{ id: string; token: string }>('POST', 'referrals', {
        headers: { 'idempotency-key': randomUUID() },
        body: requestOf(number, dice, consent.version),
      });
      tickets.set(body.id, { token: body.token, number });
    }
  };
  await Promise.all(Array.from({ length: 20 }, next));
}

function requestOf(number: number, dice: Dice, version: string) {
  return {
    name: `Consumer ${number}`,
    email: `consumer.${number}.${randomUUID()}@example.org`,
    zip: dice('where', number) < 0.7 ? '85004' : '75201',
    language: dice('language', number) < 0.3 ? 'es' : 'en',
    ...(dice('interpreter', number) < 0.5 ? { interpreter: true } : {}),
    coverageYear: 2027,
    need: 'new-coverage',
    adult: true,
    consent: { version, language: 'en' },
  };
}

export async function tellOutbox({ outboxUrl }: Pick<Theater, 'outboxUrl'>, fault: object): Promise<void> {
  const answer = await fetch(new URL('/faults', outboxUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  if (!answer.ok) throw new Error(`The outbox did not take a fault: ${answer.status}`);
}

/** The last messages are on their way when the last referral ends. */
async function untilToldOfAll(pool: Pool, endsAt: number): Promise<void> {
  while (Date.now() < endsAt) {
    const { rows } = await pool.query<{ pending: number }>(
      `select count(*)::integer as pending from deliveries d join notices n on n.id = d.notice_id
       where n.referral_id is not null and d.status = 'pending'`,
    );
    if (rows[0]?.pending === 0) return;
    await sleep(250);
  }
}
