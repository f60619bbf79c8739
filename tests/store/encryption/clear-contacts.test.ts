import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { createDatabase } from '../../../runtime/database.ts';
import { migrate } from '../../../store/database/migrate.ts';
import { migrationFilesBefore } from '../../../store/database/migration-files.ts';
import type { DB } from '../../../store/database/schema.ts';
import { openKeyring } from '../../../store/encryption/keyring.ts';
import { toMasterKeys } from '../../../store/encryption/master-keys.ts';
import { readReferralKey } from '../../../store/encryption/referral-keys.ts';
import { readReferralReason } from '../../../store/encryption/referral-reasons.ts';
import { readWishedAgent } from '../../../store/encryption/wished-agents.ts';
import { readConsumerContact } from '../../../store/notifications/reachability.ts';
import { readPendingContactChanges } from '../../../store/referrals/contacts/contact-change-codes.ts';
import { contactKey } from '../../../store/tokens.ts';
import { encryptClearContacts } from '../../../worker/deployment/encrypt-contacts.ts';
import { createEmptyDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';

const masterKeys = toMasterKeys([randomBytes(32)]);
const linkSecret = 'l'.repeat(32);

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await createEmptyDatabase();
  client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
  await migrateBefore('0113');
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

/** Runs the migrations before a number. */
async function migrateBefore(number: string): Promise<void> {
  await runner({
    databaseUrl: database.ownerUrl,
    dir: new URL('../../../store/database/migrations', import.meta.url).pathname,
    direction: 'up',
    migrationsTable: 'migrations',
    singleTransaction: false,
    migrationLoaderStrategies: [migrationFilesBefore(number)],
    log: () => undefined,
  });
}

/** Adds requests as the release before stored them. @returns their ids */
async function addClearRequests(count: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into referrals (id, since, created_at, zip, city, state, time_zone, language, interpreter, coverage_year, need,
       token_sha256, idempotency_key_sha256, request_sha256, budget_ends_at, policy_version)
     select gen_random_uuid(), now(), now(), '84101', 'Salt Lake City', 'UT', 'America/Denver', 'en', false, 2027, 'renew',
       'token', 'key ' || n, 'guessable', now(), 'p1' from generate_series(1, $1) n returning id`,
    [count],
  );
  await client.query(
    `insert into consumer_contacts (referral_id, name, phone)
     select id, 'Ana Reyes', '+18015550142' from referrals`,
  );
  await client.query(
    `insert into contact_keys (referral_id, channel, key) select id, 'text', $1 from referrals`,
    [contactKey(linkSecret, 'text', '+18015550142')],
  );
  return rows.map(({ id }) => id);
}

const encrypting = () => {
  const db = createDatabase<DB>(database.ownerUrl, { poolSize: 1 });
  return { db, encrypt: () => encryptClearContacts(db, masterKeys) };
};

/** Encrypts while somebody else holds a row, which ends it there. @param holding SQL that locks the row */
async function interruptAt(holding: string): Promise<void> {
  const holder = new Client({ connectionString: database.ownerUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query(holding);
  const interrupted = createDatabase<DB>(database.ownerUrl, {
    poolSize: 1,
    limits: { waitMs: 5_000, lockMs: 200, statementMs: 30_000, idleMs: 30_000, transactionMs: 30_000 },
  });
  await expect(encryptClearContacts(interrupted, masterKeys)).rejects.toThrow('lock timeout');
  await interrupted.destroy();
  await holder.end();
}

test('contacts of a release before are encrypted, their hashes made anew, and the clear columns dropped', async () => {
  const [id = ''] = await addClearRequests(3);
  const changeId = randomUUID();
  const oldKey = contactKey(linkSecret, 'email', 'ana@example.org');
  await client.query(
    `insert into contact_changes (id, referral_id, channel, address, key, asked_at, contact_by, code_id, code_expires_at,
       waiting_until) values ($1, $2, 'email', 'ana@example.org', $3, now(), 'call', $1, now(), now())`,
    [changeId, id, oldKey],
  );
  await client.query(`insert into contact_keys (referral_id, channel, key) values ($1, 'email', $2)`, [
    id,
    oldKey,
  ]);
  await client.query(
    `insert into text_opt_outs (phone, stopped_at, stopped_by) values ('+18015550142', now(), 'reply'),
       ('+18015550177', now(), 'reply')`,
  );
  await client.query(
    `insert into agents (npn, first_name, last_name, email, synced_at, phone)
     values ('1234567', 'Al', 'Ash', 'al@example.org', now(), '+18015550177')`,
  );
  const { db, encrypt } = encrypting();
  try {
    await migrate(database.ownerUrl, { lockMs: 5_000, giveUpAfterMs: 5_000, encryptContacts: encrypt });
    const keyring = await openKeyring(db, masterKeys);
    const contact = { name: 'Ana Reyes', phone: '+18015550142', email: null };
    expect(await readConsumerContact(db, keyring, id)).toMatchObject(contact);
    const email = contactKey(keyring.lookupKey, 'email', 'ana@example.org');
    expect(await readPendingContactChanges(db, keyring, id)).toMatchObject([
      { id: changeId, address: 'ana@example.org', key: email },
    ]);
    const { rows } = await client.query(
      `select (select array_agg(distinct key order by key) from contact_keys) as keys,
              (select array_agg(distinct request_sha256) from referrals) as digests`,
    );
    const text = contactKey(keyring.lookupKey, 'text', '+18015550142');
    expect(rows).toEqual([{ keys: [email, text].toSorted(), digests: [''] }]);
    // the number of an agent stays as it is, that of a consumer does not
    const optOuts = await client.query('select phone, phone_key from text_opt_outs order by phone');
    expect(optOuts.rows).toEqual([
      { phone: '+18015550177', phone_key: contactKey(keyring.lookupKey, 'text', '+18015550177') },
      { phone: null, phone_key: text },
    ]);
    const columns = await client.query(
      `select from information_schema.columns where table_schema = 'public' and column_name like 'clear\\_%'`,
    );
    expect(columns.rows).toEqual([]);
    expect(await encrypt()).toBe(0);
  } finally {
    await db.destroy();
  }
}, 60_000);

test('without its key nothing is dropped; an encryption that was interrupted goes on where it was', async () => {
  await addClearRequests(700);
  await expect(migrate(database.ownerUrl)).rejects.toThrow('contacts of consumers are not encrypted yet');
  const clear = async () =>
    (await client.query<{ count: string }>('select count(*) from consumer_contacts where name is null'))
      .rows[0]?.count;
  expect(await clear()).toBe('700');
  // a row of the second page
  await interruptAt(`select from consumer_contacts
      where referral_id = (select referral_id from consumer_contacts order by referral_id offset 600 limit 1) for update`);
  expect(await clear()).toBe('200');

  const { db, encrypt } = encrypting();
  try {
    expect(await encrypt()).toBe(200);
    await migrate(database.ownerUrl);
  } finally {
    await db.destroy();
  }
}, 60_000);

test('so are what ops wrote about referrals, and agents whom consumers named; interrupted, it goes on where it was', async () => {
  const [kept = '', erased = ''] = await addClearRequests(700);
  await client.query('delete from contact_keys where referral_id = $1', [erased]);
  await client.query('delete from consumer_contacts where referral_id = $1', [erased]);
  await client.query(
    `update referrals set agent_wish = 'name', wished_agent = 'Al Ash' where id = any ($1)`,
    [[kept, erased]],
  );
  const accountId = randomUUID();
  await client.query(
    `insert into accounts (id, username, password_hash, role, created_at) values ($1, 'ops', '-', 'ops', now())`,
    [accountId],
  );
  await client.query(
    `insert into ops_actions (id, account_id, action, referral_id, npn, reason, at)
     select gen_random_uuid(), $1::uuid, 'close', id, null, 'Ana called again', now() from referrals
     union all select gen_random_uuid(), $1::uuid, 'hold', null::uuid, '1234567', 'of an agent', now()`,
    [accountId],
  );
  await migrateBefore('0114');
  const { db, encrypt } = encrypting();
  try {
    expect(await encrypt()).toBe(699);
    await migrateBefore('0131');
    await expect(migrate(database.ownerUrl)).rejects.toThrow('whom consumers name are not encrypted yet');
    // a row of the second page
    await interruptAt(`select from ops_actions where id = (
      select id from ops_actions where referral_id is not null order by id offset 600 limit 1) for update`);
    const clear = await client.query(
      'select count(*)::integer as left from ops_actions where referral_id is not null and reason is not null',
    );
    expect(clear.rows).toEqual([{ left: 200 }]);
    // with the two wishes
    expect(await encrypt()).toBe(202);
    await migrate(database.ownerUrl);
    expect(await encrypt()).toBe(0);

    const key = await readReferralKey(db, { masterKeys }, kept);
    if (!key) throw new Error('a request with a contact has a key');
    const { rows } = await client.query<{ id: string; referral_id: string | null; reason: string | null }>(
      `select id, referral_id, reason from ops_actions where referral_id is null or referral_id = any ($1)`,
      [[kept, erased]],
    );
    const actionOf = (id: string | null) => rows.find(({ referral_id: of }) => of === id);
    expect(await readReferralReason(db, key, actionOf(kept)?.id ?? '')).toBe('Ana called again');
    expect([kept, erased, null].map((id) => actionOf(id)?.reason)).toEqual([null, null, 'of an agent']);
    expect(await readWishedAgent(db, { masterKeys }, kept)).toBe('Al Ash');
    const wishes = await client.query('select id from referrals where agent_wish is not null');
    expect(wishes.rows).toEqual([{ id: kept }]);
    const reasons = await client.query<{ count: string }>('select count(*) from referral_reasons');
    expect(reasons.rows[0]?.count).toBe('699');
  } finally {
    await db.destroy();
  }
}, 60_000);
