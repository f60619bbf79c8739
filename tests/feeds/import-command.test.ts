import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { csv, registration } from './files.ts';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'feeds-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

const program = new URL('../../worker/import.ts', import.meta.url).pathname;

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, MAX_REMOVED_SHARE: '25 %' };
  const tsx = import.meta.resolve('tsx');
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', tsx, program, ...args], { env, cwd: folder }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

async function file(text: string): Promise<string> {
  const path = join(folder, 'list.csv');
  await writeFile(path, text);
  return path;
}

const kind = 'registration-completions';
const four = ['1', '2', '3', '4'].map((npn) => registration({ npn }));

describe('the import command', () => {
  test('takes a file in and reports its figures and every bad row', async () => {
    const path = await file(csv(kind, ...four, registration({ npn: 'x' })));
    expect(await run(kind, path)).toEqual({
      code: 0,
      out: '4 added, 0 changed, 0 removed, 0 unchanged, 1 bad\n  line 6 NPN is not 1 to 10 digits\n',
      err: '',
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

  test('says how it is called, and what is missing', async () => {
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
