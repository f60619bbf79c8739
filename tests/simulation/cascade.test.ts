import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { play } from '../../bench/cascade/play.ts';
import { accountOf, brokenPromises, watchCapacity } from '../../bench/cascade/witness.ts';
import { logIn, newPassword } from '../../standalone/coming-aboard.ts';
import { openOpsAccount } from '../../standalone/ops-account.ts';
import { referralWorkflowId } from '../../workflows/messages.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Long enough for a message to reach its provider while other tests keep the machine busy. */
const offerWindowMs = 5_000;
let stack: Stack;
let pool: pg.Pool;
beforeAll(async () => {
  stack = await startStack({
    offerWindowMs,
    followUpWindowMs: 5_000,
    outcomeWindowMs: 5_000,
    contactCorrectionWindowMs: 5_000,
    referralBudgetMs: 30_000,
  });
  pool = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 });
});
afterAll(async () => {
  await pool.end();
  await stack.close();
});

test('many referrals against few agents who do as they please: every one ends, and no promise is broken', async () => {
  const seed = 7;
  const ops = { username: 'ops', password: newPassword() };
  await openOpsAccount(stack.databaseUrl, ops);
  await watchCapacity(pool, { openOffers: 1, uncontacted: 3 });
  const opsCookie = await logIn(stack.visitor, ops);
  const theater = { ...stack, pool, opsCookie };
  const silent = () => undefined;
  await play(theater, { referrals: 30, agents: 10, seed, offerWindowMs, mostMs: 150_000, say: silent });

  expect({ seed, broken: await brokenPromises(pool) }).toEqual({ seed, broken: {} });
  const { rows } = await pool.query<{ id: string; stage: string }>('select id, stage from referrals');
  expect(rows).toHaveLength(30);
  for (const { id: referralId, stage } of rows) {
    const handle = stack.temporal.workflow.getHandle(referralWorkflowId({ referralId }));
    expect([referralId, await handle.result()]).toEqual([referralId, stage]);
  }
  // a play in which nothing happened would show nothing
  const { ends } = await accountOf(pool);
  expect(Object.keys(ends)).toEqual(expect.arrayContaining(['closed', 'declined', 'expired']));
}, 240_000);
