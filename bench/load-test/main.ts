import type { Pool } from 'pg';
import { createHttpUser } from '../../standalone/demo/http-user.ts';
import { logIn } from '../../standalone/demo/onboard-agent.ts';
import { openOpsAccount } from '../../standalone/sample/ops-account.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import { type Figure, type Say, secondsOf } from '../figures.ts';
import { onParts } from '../on-parts.ts';
import { brokenInvariants, installOfferTriggers, oneAtATime, summarizeLoadTest } from './invariants.ts';
import { createRotatedKeys, rotateWhileRunning } from './rotation.ts';
import { runLoadTest } from './run-load-test.ts';

/** With overlap as many as can act at once; one agent at a time the same mix takes longer, and shows the same with fewer. */
const sizes = {
  cascade: { referrals: 300, agents: 90 },
  overlap: { referrals: 500, agents: 150 },
} as const;
type Size = (typeof sizes)[keyof typeof sizes];
const seed = 2026;
const offerWindowMs = 15_000;

/**
 * Windows of 15 seconds instead of 15 minutes, and rate limits for one address that sends all requests. Nothing else differs from
 * `npm start`. With much shorter windows messages would not be sent in time, because Temporal's development server is slow.
 */
const variables = {
  OFFER_WINDOW: '15 seconds',
  FOLLOW_UP_WINDOW: '15 seconds',
  OUTCOME_WINDOW: '15 seconds',
  CONTACT_CORRECTION_WINDOW: '8 seconds',
  REFERRAL_BUDGET: '75 seconds',
  // a referral that its agent loses gets its full time again: a few would go on long after the others
  MAX_OFFERS_PER_REFERRAL: '10',
  // nobody here ever looks at an offer, so all would be resting soon
  REST_AFTER_UNSEEN: '0',
  AVAILABILITY_TICK: '1 second',
  RATE_LIMIT_INTAKE: '100000 per hour',
  RATE_LIMIT_REQUESTS: '1000000 per minute',
  LOG_LEVEL: 'error',
};

/**
 * Counts the invariants that a load test violates. 300 consumers ask at once, and 90 agents randomly accept, decline, ignore,
 * cannot be reached, become unavailable, are held by ops, opt out of texts, or leave.
 */
export function measureCascade(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return playCascade(say, signal, { size: sizes.cascade });
}

/**
 * Does the same with 500 consumers and 150 agents while a second agent is asked after a quarter of the window, and a third
 * towards the end of the budget; and rotates the master key meanwhile.
 */
export function measureOverlap(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return playCascade(say, signal, {
    size: sizes.overlap,
    overlap: { OFFER_OVERLAP: '4 seconds, 2 at once, 3 in the last 30 seconds of the budget' },
  });
}

async function playCascade(
  say: Say,
  signal: AbortSignal,
  { size, overlap }: { size: Size; overlap?: { OFFER_OVERLAP: string } },
): Promise<Figure[]> {
  const keys = createRotatedKeys();
  const settings = { ...variables, ...(overlap && { ...overlap, MASTER_KEY: keys.ofService }) };
  return onParts({ variables: settings, signal }, async (service) => {
    const { pool } = service;
    const ops = { role: 'ops' as const, username: 'cascade', password: generatePassword() };
    const target = { databaseUrl: service.databaseUrl, linkSecret: service.env['LINK_SECRET'] ?? '' };
    const opsCookie = await logIn(createHttpUser(service), await openOpsAccount(target, ops));
    await installOfferTriggers(pool, { openOffers: 1, uncontacted: 3 });
    const { referrals } = size;
    const rotating = overlap ? rotateWhileRunning(service, { referrals, keys, say, signal }) : [];
    const playing = runLoadTest(
      { ...service, opsCookie },
      { ...size, seed, offerWindowMs, timeoutMs: 60 * 60_000, say },
    );
    let rotated: Figure[] = [];
    const seconds = await secondsOf(async () => {
      [rotated] = await Promise.all([rotating, playing]);
    });
    const broken = await brokenInvariants(pool, overlap ? [oneAtATime] : []);
    return [...(await figuresOf(pool, { referrals, seconds, broken, say })), ...rotated];
  });
}

async function figuresOf(
  pool: Pool,
  {
    referrals,
    seconds,
    broken,
    say,
  }: { referrals: number; seconds: number; broken: Record<string, unknown[]>; say: Say },
): Promise<Figure[]> {
  const { stages, ends, offers, firstOfferSeconds, acceptedSeconds } = await summarizeLoadTest(pool);
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  const times = ({ median, p95 }: { median: number; p95: number }) =>
    `${median.toFixed(1)} s, 95th percentile ${p95.toFixed(1)} s`;
  say(`seed ${seed}: ${listed(stages)}`);
  say(`${offers} offers in ${seconds.toFixed(0)} s: ${listed(ends)}`);
  say(`first offer after a median of ${times(firstOfferSeconds)}; accepted after ${times(acceptedSeconds)}`);
  for (const [invariant, rows] of Object.entries(broken)) say(`${invariant}: ${JSON.stringify(rows)}`);
  const value = Object.keys(broken).length;
  return [
    { name: 'invariants violated', baseline: `by ${referrals} referrals`, value, max: 0, unit: 'kinds' },
  ];
}
