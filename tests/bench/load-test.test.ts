import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  brokenInvariants,
  installOfferTriggers,
  summarizeLoadTest,
} from '../../bench/load-test/invariants.ts';
import { runLoadTest } from '../../bench/load-test/run-load-test.ts';
import { logIn } from '../../standalone/demo/onboard-agent.ts';
import { openOpsAccount } from '../../standalone/sample/ops-account.ts';
import { generatePassword } from '../../store/accounts/passwords.ts';
import { referralWorkflowId } from '../../workflows/messages.ts';
import { type Stack, startStack } from '../harness/stack.ts';

/** Long enough for a message to reach its provider while other tests keep the machine busy. */
const offerWindowMs = 8_000;
let stack: Stack;
let pool: pg.Pool;
const closers: (() => Promise<void>)[] = [];
beforeAll(async () => {
  stack = await startStack({
    offerWindowMs,
    followUpWindowMs: offerWindowMs,
    outcomeWindowMs: offerWindowMs,
    contactCorrectionWindowMs: offerWindowMs,
    referralBudgetMs: 2.5 * offerWindowMs,
  });
  closers.push(() => stack.close());
  pool = new pg.Pool({ connectionString: stack.ownerUrl, max: 4 });
  closers.push(() => pool.end());
});
afterAll(async () => {
  // close only what was opened
  for (const close of closers.toReversed()) await close();
});

test('many referrals against few agents who behave at random: every referral ends, and no invariant is broken', async () => {
  const seed = 7;
  const ops = { role: 'ops' as const, username: 'ops', password: generatePassword() };
  const login = await openOpsAccount(stack, ops);
  await installOfferTriggers(pool, { openOffers: 1, uncontacted: 3 });
  const opsCookie = await logIn(stack.user, login);
  const environment = { ...stack, pool, opsCookie };
  const printNothing = () => undefined;
  await runLoadTest(environment, {
    referrals: 24,
    agents: 10,
    seed,
    offerWindowMs,
    timeoutMs: 200_000,
    say: printNothing,
  });

  expect({ seed, broken: await brokenInvariants(pool) }).toEqual({ seed, broken: {} });
  const { rows } = await pool.query<{ id: string; stage: string }>('select id, stage from referrals');
  expect(rows).toHaveLength(24);
  for (const { id: referralId, stage } of rows) {
    const handle = stack.temporal.workflow.getHandle(referralWorkflowId({ referralId }));
    expect([referralId, await handle.result()]).toEqual([referralId, stage]);
  }
  // a run in which nothing happened would prove nothing
  const { stages, ends } = await summarizeLoadTest(pool);
  const { rows: observed } = await pool.query(eventsSeen);
  expect({ stages: Object.keys(stages).toSorted(), ends: Object.keys(ends), ...observed[0] }).toEqual({
    stages: ['closed', 'unmatched', 'withdrawn'],
    ends: expect.arrayContaining([
      'closed',
      'declined',
      'expired',
      'unreachable',
      'rescinded',
      'silent',
      'handed-back',
      'wrong-number',
      'another-asked',
    ]),
    stopped: true,
    started: true,
    switched: true,
    held: true,
    left: true,
  });
}, 300_000);

/** Events that no end of an offer shows. */
const eventsSeen = `
  select exists (select from text_replies where 'stop' = any (kinds)) as stopped,
         exists (select from text_replies where 'start' = any (kinds)) as started,
         exists (select from availability_overrides) as switched,
         exists (select from events where kind = 'held') as held,
         exists (select from agents where left_at is not null) as left`;
