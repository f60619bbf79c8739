import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type Kysely, sql } from 'kysely';
import { countStatements } from '../../bench/referral/count-statements.ts';
import { createDatabase } from '../../runtime/database.ts';
import { createEmptyDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

const countsOf = countStatements();
let testDatabase: TestDatabase;
let db: Kysely<unknown>;
beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  db = createDatabase(testDatabase.url, { poolSize: 1 });
});
afterAll(async () => {
  await db.destroy();
  await testDatabase.drop();
});

/** Runs work as an activity of a workflow. */
const asActivity = (workflowId: string, activityType: string, work: () => Promise<unknown>) =>
  new MockActivityEnvironment({ activityType, workflowExecution: { workflowId, runId: 'run' } }).run(work);
const ask = (on: Kysely<unknown>) => sql`select 1`.execute(on);

test('a transaction of an activity counts its statements, its begin and its commit', async () => {
  await asActivity('one', 'acceptOffer', () =>
    db.transaction().execute(async (tx) => {
      await ask(tx);
      await ask(tx);
    }),
  );
  expect(countsOf('one')).toEqual({ acceptOffer: 4 });
});

test('activities that wait for one connection are counted each for itself, and what is no activity for none', async () => {
  await Promise.all([
    asActivity('two', 'acceptOffer', () => ask(db)),
    ask(db),
    asActivity('two', 'deliverNotice', () => db.transaction().execute(ask)),
    asActivity('three', 'acceptOffer', () => ask(db)),
  ]);
  expect(countsOf('two')).toEqual({ acceptOffer: 1, deliverNotice: 3 });
  expect(countsOf('three')).toEqual({ acceptOffer: 1 });
});
