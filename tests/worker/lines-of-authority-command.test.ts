import { execFile } from 'node:child_process';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { builtProgram } from '../harness/built-program.ts';
import { seedEvidence } from '../harness/people/evidence-fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';

let database: TestDatabase;
let db: Database;
let program: string;
beforeAll(async () => {
  program = await builtProgram('worker/cli/lines-of-authority');
}, 300_000);
beforeEach(async () => {
  database = await createTestDatabase();
  db = createDatabase<DB>(database.url);
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

test('the command lists what is unknown, and takes a mapping', async () => {
  expect(await run()).toEqual({ code: 0, out: 'Every line of authority in use is mapped.\n', err: '' });
  const license = { lineOfAuthority: 'Sickness Insurance' };
  await seedEvidence(db, { npn: '831001', planYear: 2027, states: ['UT', 'TX'], license });
  expect((await run()).out.split('\n')).toEqual([
    'TX\tsickness insurance\t1 license\t1 agent',
    'UT\tsickness insurance\t1 license\t1 agent',
    '',
  ]);
  expect(await run('*', 'Sickness Insurance', 'health')).toMatchObject({
    code: 0,
    out: 'Mapped; 0 onboardings will be reviewed.\n',
  });
  expect((await run('*', 'sickness insurance', 'health')).out).toContain('nothing has changed');
  const row = await db
    .selectFrom('linesOfAuthority')
    .selectAll()
    .where('name', '=', 'sickness insurance')
    .executeTakeFirst();
  expect(row).toMatchObject({ state: '*', health: true, setBy: expect.stringMatching(/./) });
});

test.each([[['TX']], [['Texas', 'Health', 'health']], [['TX', 'Health', 'yes']], [['TX', ' ', 'other']]])(
  'the command prints its usage: %j',
  async (args) => {
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining('npm run lines --') });
  },
);
