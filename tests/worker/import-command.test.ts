import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { builtProgram } from '../harness/built-program.ts';
import { eventually } from '../harness/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';
import { csv, registrationCsvRow } from '../store/feeds/files.ts';

let database: TestDatabase;
let folder: string;
let program: string;
beforeAll(async () => {
  program = await builtProgram('worker/cli/import');
}, 300_000);
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'feeds-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

interface Ended {
  code: number;
  out: string;
  err: string;
}

function run(...args: string[]): Promise<Ended> {
  return start(...args).ended;
}

function start(...args: string[]): { process: ChildProcess; ended: Promise<Ended> } {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: database.url,
    MAX_REMOVED_SHARE: '25 %',
    MAX_BAD_SHARE: '30 %',
  };
  const child = execFile(process.execPath, [program, ...args], { env, cwd: folder });
  const [out, err] = [text(child.stdout as Readable), text(child.stderr as Readable)];
  const ended = once(child, 'close').then(async ([code]) => ({
    code: code as number,
    out: await out,
    err: await err,
  }));
  return { process: child, ended };
}

async function file(content: string): Promise<string> {
  const path = join(folder, 'list.csv');
  await writeFile(path, content);
  return path;
}

const kind = 'registration-completions';
const four = ['1', '2', '3', '4'].map((npn) => registrationCsvRow({ npn }));

describe('the import command', () => {
  test('imports a file and reports its figures and every bad row', async () => {
    const path = await file(csv(kind, ...four, registrationCsvRow({ npn: 'x' })));
    expect(await run(kind, path)).toEqual({
      code: 0,
      out: '4 added, 0 changed, 0 removed, 0 unchanged, 1 bad\n  line 6 NPN is not 1 to 10 digits\n',
      err: '',
    });
  });

  test('imports the real list, whatever the order of its columns, and names those that it ignores', async () => {
    const list = [
      'shop_end_date,NPN,applicable plan year,INDIVIDUAL REGISTRATION COMPLETION DATE,Individual Marketplace End Date,' +
        'SHOP Registration Completion Date,NPN Valid (Current Plan Year Only),Agency',
      ',1,2027,9/4/2026,12/31/2027 00:00:00,,y,Ada & Co',
      ',2,2027,2026-09-04,2027-12-31,,-,',
      '',
    ];
    expect(await run(kind, await file(`\ufeff${list.join('\r\n')}`))).toEqual({
      code: 0,
      out: '2 added, 0 changed, 0 removed, 0 unchanged, 0 bad\n  ignored the column Agency\n',
      err: '',
    });
  });

  test('refuses a release that is mostly bad, by the policy of the settings, and says what is wrong with it', async () => {
    const bad = ['5', '6'].map((npn) => registrationCsvRow({ npn, endsOn: '31.12.2027' }));
    expect(await run(kind, await file(csv(kind, ...four, ...bad)))).toEqual({
      code: 1,
      out: '',
      err:
        'Refused, nothing has changed: 2 of 6 rows are bad, more than the 30 % that a release may have. Most often: ' +
        'Individual Marketplace End Date is not a date as MM/DD/YYYY (2, first in line 6).\n',
    });
  });

  test('says in a sentence why it refuses a file, by the policy of the settings, and exits with 1', async () => {
    await run(kind, await file(csv(kind, ...four)));
    expect(await run(kind, await file(csv(kind, ...four.slice(2))))).toEqual({
      code: 1,
      out: '',
      err:
        'Refused, nothing has changed: ' +
        'The file would remove 2 of 4 rows, more than the 25 % that one release may.\n',
    });
    expect((await run(kind, await file(csv(kind, ...four.slice(1))))).out).toContain('1 removed');
  });

  test('leaves the data as it was on Ctrl-C, says so, and exits with 130', async () => {
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query('begin; lock table registration_completions in share mode');
    const { process: command, ended } = start(kind, await file(csv(kind, ...four)));
    await eventually(async () => {
      // unlike pg_stat_activity it is not frozen during a transaction
      const waiting = `select from pg_locks where not granted and relation = 'registration_completions'::regclass`;
      expect((await other.query(waiting)).rowCount).toBe(1);
    });
    // as under npm: once from the terminal, and once more from npm
    command.kill('SIGINT');
    command.kill('SIGINT');
    expect(await ended).toEqual({ code: 130, out: '', err: 'Interrupted, nothing has changed.\n' });
    await other.query('commit');
    expect((await other.query('select ended_as from feed_imports')).rows).toEqual([
      { ended_as: 'interrupted' },
    ]);
    await other.end();
    expect((await run(kind, await file(csv(kind, ...four)))).out).toContain('4 added');
  });

  test('prints its usage, and what is missing', async () => {
    expect(await run()).toMatchObject({
      code: 2,
      err: expect.stringContaining('npm run import -- KIND FILE'),
    });
    expect(await run('agents', 'list.csv')).toMatchObject({ code: 2 });
    expect(await run(kind, 'nowhere.csv')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no such file'),
    });
  });
});
