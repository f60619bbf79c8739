import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createHttpUser, type HttpUser } from '../../standalone/demo/http-user.ts';
import {
  acceptAgentTerms,
  generatePassword,
  invitationTokenIn,
  logIn,
  signUp,
  untilStage,
} from '../../standalone/demo/onboard-agent.ts';
import { uploadFeeds } from '../../standalone/sample/feed-files.ts';
import { generateFeeds } from '../../standalone/sample/generate.ts';
import type { LoadTestContext, LoadTestEnvironment } from './environment.ts';
import { createSimulation, type ReferralHandle } from './simulation.ts';
import { createVirtualAgents, type KeyedRandom, keyedRandom, type VirtualAgent } from './virtual-agents.ts';

export interface LoadTestOptions {
  referrals: number;
  agents: number;
  seed: number;
  /** How long an agent has to answer: within it he does what he does. */
  offerWindowMs: number;
  /** After so long the play is over, whatever still stands. */
  timeoutMs: number;
  say: (line: string) => void;
}

/**
 * Brings agents aboard, lets consumers ask all at once, and has everybody do what chance says, through HTTP, until every
 * referral has ended.
 * @throws when it is not over in time
 */
export async function runLoadTest(theater: LoadTestEnvironment, about: LoadTestOptions): Promise<void> {
  const { referrals, agents, seed, offerWindowMs, timeoutMs, say } = about;
  const dice = keyedRandom(seed);
  const user = createHttpUser({ ...theater, patienceMs: 120_000 });
  const cast = createVirtualAgents(agents, { dice, firstNpn: 30_000_000 + (seed % 1_000) * 10_000 });
  const cookies = await onboardVirtualAgents(theater, user, cast, timeoutMs);
  say(
    `${cast.length} agents are aboard, ${cast.filter(({ isUnreachable }) => isUnreachable).length} of whom no message reaches`,
  );
  for (const [index, { email }] of cast.filter(({ isUnreachable }) => isUnreachable).entries())
    await addMailboxFault(theater, {
      channel: 'email',
      to: email,
      kind: index % 2 === 0 ? 'refuse' : 'bounce',
    });

  const stage: LoadTestContext = {
    environment: theater,
    user: user,
    random: dice,
    cookies,
    offerWindowMs,
  };
  const players = createSimulation(stage, cast);
  // whoever is offered something while others still ask does not wait for them
  const tickets = new Map<string, ReferralHandle>();
  let isAsking = true;
  const asking = submitReferrals(stage, referrals, tickets).finally(() => (isAsking = false));
  asking.catch(() => undefined);
  const endsAt = Date.now() + timeoutMs;
  let saidAt = Date.now();
  for (;;) {
    const mayBeMore = isAsking;
    const { rows } = await theater.pool.query<{ open: number }>(
      'select count(*)::integer as open from referrals where closed_at is null',
    );
    const open = rows[0]?.open ?? 0;
    if (open === 0 && !mayBeMore) break;
    if (Date.now() > endsAt) throw new Error(`${open} referrals have not ended in ${timeoutMs / 1_000} s`);
    if (Date.now() - saidAt > 15_000) {
      say(`${tickets.size} consumers have asked, ${open} referrals are open`);
      saidAt = Date.now();
    }
    await players.act(tickets);
    await sleep(150);
  }
  await asking;
  await players.rest();
  await untilAllDelivered(theater.pool, endsAt);
}

async function onboardVirtualAgents(
  theater: LoadTestEnvironment,
  user: HttpUser,
  cast: readonly VirtualAgent[],
  mostMs: number,
): Promise<Map<string, string>> {
  const files = await generateFeeds({ directory: theater.folder, seed: 1, agents: 0, named: cast });
  await uploadFeeds(files, theater);
  await untilInvited(theater.pool, cast, mostMs);
  const cookies = new Map<string, string>();
  const waiting = [...cast];
  const next = async () => {
    for (let player = waiting.shift(); player; player = waiting.shift()) {
      const newcomer = { ...player, password: generatePassword() };
      const { email, username, password, phone, zip, contactPreference } = newcomer;
      const token = invitationTokenIn(await user.message(email));
      await signUp(user, { email, username, password, phone, zip, contactPreference }, token);
      const cookie = await logIn(user, newcomer);
      await acceptAgentTerms(user, cookie);
      await untilStage(user, cookie, 'active');
      cookies.set(player.npn, cookie);
    }
  };
  await Promise.all(Array.from({ length: 4 }, next));
  return cookies;
}

/** Stories of hundreds of agents begin at once, two each where two plan years are open; nobody registers before all have an invitation. */
async function untilInvited(pool: Pool, cast: readonly VirtualAgent[], mostMs: number): Promise<void> {
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
async function submitReferrals(
  { user, random }: LoadTestContext,
  count: number,
  tickets: Map<string, ReferralHandle>,
): Promise<void> {
  const { body: consent } = await user.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const numbers = Array.from({ length: count }, (_, index) => index);
  const next = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const { body } = await user.expect<{ id: string; token: string }>('POST', 'referrals', {
        headers: { 'idempotency-key': randomUUID() },
        body: referralRequest(number, random, consent.version),
      });
      tickets.set(body.id, { token: body.token, number });
    }
  };
  await Promise.all(Array.from({ length: 20 }, next));
}

function referralRequest(number: number, dice: KeyedRandom, version: string) {
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

export async function addMailboxFault(
  { mailboxUrl }: Pick<LoadTestEnvironment, 'mailboxUrl'>,
  fault: object,
): Promise<void> {
  const answer = await fetch(new URL('/faults', mailboxUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  if (!answer.ok) throw new Error(`The outbox did not take a fault: ${answer.status}`);
}

/** The last messages are on their way when the last referral ends. */
async function untilAllDelivered(pool: Pool, endsAt: number): Promise<void> {
  while (Date.now() < endsAt) {
    const { rows } = await pool.query<{ pending: number }>(
      `select count(*)::integer as pending from deliveries d join notices n on n.id = d.notice_id
       where n.referral_id is not null and d.status = 'pending'`,
    );
    if (rows[0]?.pending === 0) return;
    await sleep(250);
  }
}
