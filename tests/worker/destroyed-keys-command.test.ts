import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, escapeIdentifier } from 'pg';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { readConsentRecord } from '../../store/encryption/consent-records.ts';
import { rescindConsent } from '../../store/referrals/consumer-actions.ts';
import { activitiesOn, after, hours, monday } from '../harness/activity-harness.ts';
import { builtProgram } from '../harness/built-program.ts';
import { cleanUp } from '../harness/clean-up.ts';
import { keyring } from '../harness/keyring.ts';
import { storedContact } from '../harness/people/contacts.ts';
import { seedReferral } from '../harness/people/fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../harness/servers/postgres.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';

const contact = { name: 'Cora Consumer', phone: '+15125550142', email: null };

let folder: string;
let program: string;
let database: TestDatabase;
/** The name of the database that a backup was restored to. */
const restored = `restored_${randomBytes(6).toString('hex')}`;
const ids: Record<'rescinded' | 'ended' | 'endedLater' | 'open', string> = {
  rescinded: '',
  ended: '',
  endedLater: '',
  open: '',
};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'destroyed-keys-'));
  program = await builtProgram('worker/cli/destroyed-keys');
  database = await createTestDatabase();
  await onDatabase(database.url, async (db) => {
    for (const name of Object.keys(ids) as (keyof typeof ids)[])
      ids[name] = await seedReferral(db, { contact: { name: contact.name, phone: contact.phone } });
    await close(db, ids.ended);
  });
  // a backup of that instant: no connection is open any more
  await admin(`create database ${restored} template ${databaseName(database.url)} strategy file_copy`);
  await onDatabase(database.url, async (db) => {
    await db
      .transaction()
      .execute((tx) => rescindConsent(tx, keyring, { referralId: ids.rescinded, at: after(hours(2)) }));
    await close(db, ids.endedLater);
  });
  await cleanUp(database, after(hours(24 * 90)));
}, 300_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await admin(`drop database ${restored} with (force)`);
  await database.drop();
});

const databaseName = (url: string) => escapeIdentifier(new URL(url).pathname.slice(1));
const close = (db: Database, referralId: string) =>
  activitiesOn(db).closeReferral({ referralId, stage: 'unmatched', at: monday.toISOString() });

async function onDatabase<Result>(url: string, work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = createDatabase<DB>(url, { poolSize: 2 });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

async function admin(statement: string): Promise<void> {
  const client = new Client({ connectionString: (await getSharedServer('postgres')).url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function run(url: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [{ key }] = keyring.masterKeys;
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: url,
    MASTER_KEY: Buffer.from(key).toString('base64'),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env, cwd: folder }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const saved = (lines: string) => {
  const file = join(folder, `${randomBytes(6).toString('hex')}.jsonl`);
  writeFileSync(file, lines);
  return file;
};

test('the list has ids alone, and replayed over a restored backup it erases everyone on it again', async () => {
  const list = await run(database.url, 'list');
  expect(list).toMatchObject({ code: 0, err: '' });
  const lines = list.out.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    expect.arrayContaining([
      {
        referralId: ids.rescinded,
        because: 'rescinded',
        destroyedAt: after(hours(2)).toISOString(),
        msg: expect.any(String),
      },
      { referralId: ids.ended, because: 'ended', destroyedAt: expect.any(String), msg: expect.any(String) },
    ]),
  );
  expect(list.out).not.toContain(contact.phone);

  const url = Object.assign(new URL(database.url), { pathname: `/${restored}` }).href;
  await onDatabase(url, async (db) => {
    for (const id of Object.values(ids)) expect(await storedContact(db, id)).toEqual(contact);
    // among the lines of a log, as they come out of its system
    const log = ['{"level":"info","msg":"API listening"}', ...lines, 'not a line of JSON', ''].join('\n');
    const replayed = await run(url, 'replay', saved(log));
    expect([replayed.code, replayed.out]).toEqual([0, expect.stringContaining('"listed":3,"erased":3')]);

    expect(await storedContact(db, ids.open)).toEqual(contact);
    for (const id of [ids.rescinded, ids.ended, ids.endedLater]) {
      expect(await storedContact(db, id)).toBeUndefined();
      expect(await readConsentRecord(db, keyring, id)).toMatchObject(contact);
    }
    // what is open in the backup is withdrawn; a consent that was taken back is so again, since when it was
    const withdrawn = await db
      .selectFrom('outbox')
      .select('payload')
      .where('type', '=', 'withdraw-referral')
      .execute();
    expect(withdrawn.map(({ payload }) => payload)).toEqual(
      expect.arrayContaining([{ referralId: ids.rescinded }, { referralId: ids.endedLater }]),
    );
    const consents = await db
      .selectFrom('consents')
      .select('rescindedAt')
      .where('referralId', '=', ids.rescinded)
      .execute();
    expect(consents).toEqual([{ rescindedAt: after(hours(2)) }]);

    const again = await run(url, 'replay', saved(lines.join('\n')));
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('"erased":0')]);
  });
}, 60_000);

test('a line that is about a key and not readable is refused with its number, and nothing is erased', async () => {
  const file = saved(
    `\n{"msg":"Referral key destroyed","referralId":"x","because":"ended","destroyedAt":"2026-11-23"}\n`,
  );
  const refused = await run(database.url, 'replay', file);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Line 2 is about a destroyed key') });
  expect((await run(database.url, 'replay')).code).toBe(2);
}, 60_000);
