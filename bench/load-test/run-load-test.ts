import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createHttpUser, type HttpUser } from '../../standalone/demo/http-user.ts';
import {
  acceptAgentTerms,
  invitationTokenIn,
  logIn,
  signUp,
  untilStage,
} from '../../standalone/demo/onboard-agent.ts';
import { uploadFeeds } from '../../standalone/sample/feed-files.ts';
import { generateFeeds } from '../../standalone/sample/generate.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import type { LoadTestContext, LoadTestEnvironment } from './environment.ts';
import { createSimulation, type ReferralHandle } from './simulation.ts';
import { createVirtualAgents, type KeyedRandom, keyedRandom, type VirtualAgent } from './virtual-agents.ts';

export interface LoadTestOptions {
  referrals: number;
  agents: number;
  seed: number;
  /** Duration of an offer in milliseconds. Agents react within it. */
  offerWindowMs: number;
  /** Time after which the load test fails, in milliseconds. */
  timeoutMs: number;
  say: (line: string) => void;
}

/**
 * Onboards the agents, submits all referrals at once, and has agents and consumers act at random through HTTP until every
 * referral has ended.
 * @throws when a referral has not ended in time
 */
export async function runLoadTest(environment: LoadTestEnvironment, options: LoadTestOptions): Promise<void> {
  const { referrals, agents, seed, offerWindowMs, timeoutMs, say } = options;
  const random = keyedRandom(seed);
  const user = createHttpUser({ ...environment, timeoutMs: 120_000 });
  const virtualAgents = createVirtualAgents(agents, {
    random,
    firstNpn: 30_000_000 + (seed % 1_000) * 10_000,
  });
  const cookies = await onboardVirtualAgents(environment, user, virtualAgents, timeoutMs);
  say(
    `${virtualAgents.length} agents are onboarded, ${virtualAgents.filter(({ isUnreachable }) => isUnreachable).length} of whom no message can reach`,
  );
  for (const [index, { email }] of virtualAgents.filter(({ isUnreachable }) => isUnreachable).entries())
    await addMailboxFault(environment, {
      channel: 'email',
      to: email,
      kind: index % 2 === 0 ? 'refuse' : 'bounce',
    });

  const context: LoadTestContext = {
    environment,
    user,
    random,
    cookies,
    offerWindowMs,
  };
  const simulation = createSimulation(context, virtualAgents);
  // agents answer the first offers while other referrals are still being submitted
  const referralHandles = new Map<string, ReferralHandle>();
  let isAsking = true;
  const asking = submitReferrals(context, referrals, referralHandles).finally(() => (isAsking = false));
  asking.catch(() => undefined);
  const endsAt = Date.now() + timeoutMs;
  let saidAt = Date.now();
  for (;;) {
    const mayBeMore = isAsking;
    const { rows } = await environment.pool.query<{ open: number }>(
      'select count(*)::integer as open from referrals where closed_at is null',
    );
    const open = rows[0]?.open ?? 0;
    if (open === 0 && !mayBeMore) break;
    if (Date.now() > endsAt) throw new Error(`${open} referrals have not ended in ${timeoutMs / 1_000} s`);
    if (Date.now() - saidAt > 15_000) {
      say(`${referralHandles.size} consumers have asked, ${open} referrals are open`);
      saidAt = Date.now();
    }
    await simulation.act(referralHandles);
    await sleep(150);
  }
  await asking;
  await simulation.finish();
  await untilAllDelivered(environment.pool, endsAt);
}

/** Names the agents in the feeds and onboards them through HTTP. @returns their session cookies, by NPN */
export async function onboardVirtualAgents(
  environment: Pick<LoadTestEnvironment, 'folder' | 'apiUrl' | 'feedsKey' | 'pool'>,
  user: HttpUser,
  virtualAgents: readonly VirtualAgent[],
  timeoutMs: number,
): Promise<Map<string, string>> {
  const files = await generateFeeds({
    directory: environment.folder,
    seed: 1,
    agents: 0,
    named: virtualAgents,
  });
  await uploadFeeds(files, environment);
  await untilInvited(environment.pool, virtualAgents, timeoutMs);
  const cookies = new Map<string, string>();
  const waiting = [...virtualAgents];
  const next = async () => {
    for (let agent = waiting.shift(); agent; agent = waiting.shift()) {
      const newcomer = { ...agent, password: generatePassword() };
      const { email, username, password, phone, zip, contactPreference } = newcomer;
      const token = invitationTokenIn(await user.message(email));
      await signUp(user, { email, username, password, phone, zip, contactPreference }, token);
      const cookie = await logIn(user, newcomer);
      await acceptAgentTerms(user, cookie);
      await untilStage(user, cookie, 'active');
      cookies.set(agent.npn, cookie);
    }
  };
  await Promise.all(Array.from({ length: 4 }, next));
  return cookies;
}

/** Waits until all agents are invited. Hundreds of workflows start at once, two per agent while two plan years are open. */
async function untilInvited(
  pool: Pool,
  virtualAgents: readonly VirtualAgent[],
  timeoutMs: number,
): Promise<void> {
  const npns = virtualAgents.map(({ npn }) => npn);
  const endsAt = Date.now() + timeoutMs;
  for (;;) {
    const { rows } = await pool.query<{ invited: number }>(
      "select count(distinct npn)::integer as invited from onboardings where stage = 'invited' and npn = any($1)",
      [npns],
    );
    const invited = rows[0]?.invited ?? 0;
    if (invited === npns.length) return;
    if (Date.now() > endsAt)
      throw new Error(`${invited} of ${npns.length} agents are invited after ${timeoutMs / 1_000} s`);
    await sleep(250);
  }
}

/** Submits all referrals at once, 20 at a time. */
async function submitReferrals(
  { user, random }: LoadTestContext,
  count: number,
  referralHandles: Map<string, ReferralHandle>,
): Promise<void> {
  const { body: consent } = await user.expect<{ version: string }>('GET', 'consents/intake?language=en');
  const numbers = Array.from({ length: count }, (_, index) => index);
  const next = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const { body } = await user.expect<{ id: string; token: string }>('POST', 'referrals', {
        headers: { 'idempotency-key': randomUUID() },
        body: referralRequest(number, random, consent.version),
      });
      referralHandles.set(body.id, { token: body.token, number });
    }
  };
  await Promise.all(Array.from({ length: 20 }, next));
}

/** The request of a consumer, by the number. */
export function referralRequest(number: number, random: KeyedRandom, version: string) {
  return {
    name: `Consumer ${number}`,
    email: `consumer.${number}.${randomUUID()}@example.org`,
    zip: random('where', number) < 0.7 ? '85004' : '75201',
    language: random('language', number) < 0.3 ? 'es' : 'en',
    ...(random('interpreter', number) < 0.5 ? { interpreter: true } : {}),
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
  if (!answer.ok) throw new Error(`The mailbox refused a fault: ${answer.status}`);
}

/** Waits for the last deliveries, which may be pending when the last referral ends. */
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
