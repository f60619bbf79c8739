import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { readConsentRecord } from '../../../store/encryption/consent-records.ts';
import { type Keyring, openKeyring } from '../../../store/encryption/keyring.ts';
import { toMasterKeys } from '../../../store/encryption/master-keys.ts';
import { countWrappedKeys } from '../../../store/encryption/wrapped-keys.ts';
import { readConsumerContact } from '../../../store/notifications/reachability.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { builtProgram } from '../../harness/built-program.ts';
import { eventually } from '../../harness/eventually.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

const [former, next] = [randomBytes(32), randomBytes(32)];
const both = toMasterKeys([next, former]);
/** A key in the settings: the first encrypts. */
const setting = [next, former].map((key) => key.toString('base64')).join(',');

let api: ApiHarness;
/** The keyring of processes that have not been restarted since the rotation was prepared. */
let formerKeyring: Keyring;
let program: string;
beforeAll(async () => {
  program = await builtProgram('worker/cli/rotate-master-key');
  api = await openApiHarness();
  formerKeyring = await openKeyring(api.db, toMasterKeys([former]));
  Object.assign(api.deps.keyring, formerKeyring);
}, 300_000);
afterAll(() => api.close());

function rotate(): { child: ChildProcess; said: () => string } {
  const env = { PATH: process.env['PATH'], DATABASE_URL: api.ownerUrl, MASTER_KEY: setting };
  const child = spawn(process.execPath, [program], { env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += String(part)));
  return { child, said: () => text };
}

const left = async () => (await countWrappedKeys(api.db, both[0])).others;

/** Holds the keys of some referrals, as transactions of requests do, until it is told to let go. */
async function hold(ids: readonly string[]): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: api.ownerUrl });
  await client.connect();
  await client.query('begin');
  await client.query('select from referral_keys where referral_id = any ($1) for update', [ids]);
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

/** Asks for help, and reads the contact as the agent who has accepted it. */
async function helped(): Promise<{ id: string; readAgain: () => Promise<unknown> }> {
  const { id } = await requestReferral(api);
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  await addOffer(api.db, { referralId: id, npn, acceptedAt: new Date() });
  const cookie = await logInAs(api, { npn });
  const readAgain = async () => {
    const { json } = await api.call('GET /v1/me/referrals', { cookie });
    return (json['referrals'] as { consumer: unknown }[])[0]?.consumer;
  };
  return { id, readAgain };
}

test('a rotation that is killed in the middle goes on where it was, while requests come and contacts are read', async () => {
  const first = await helped();
  const consumer = await first.readAgain();
  expect(consumer).toMatchObject({ name: 'Ana Reyes' });
  const others = await Promise.all(Array.from({ length: 20 }, () => requestReferral(api)));
  const ids = [first.id, ...others.map(({ id }) => id)];
  const rescinded = await requestReferral(api);
  await api.call(`POST /v1/referrals/${rescinded.id}/consent/rescission`, {
    bearer: rescinded.token,
    body: {},
  });
  const letGo = await hold(ids.slice(0, 10));
  // the processes get both keys first: what is rewrapped has to open everywhere
  Object.assign(api.deps.keyring, { masterKeys: both });

  const killed = rotate();
  await eventually(async () => expect(await left()).toBe(10));
  expect(await first.readAgain()).toEqual(consumer);
  const meanwhile = await helped();
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');
  expect(await left()).toBe(10);
  expect(await meanwhile.readAgain()).toMatchObject({ name: 'Ana Reyes' });
  await letGo();

  const resumed = rotate();
  const [code] = await once(resumed.child, 'exit');
  expect([code, resumed.said()]).toEqual([0, expect.stringContaining('Master key rotated')]);
  expect(await left()).toBe(0);
  expect(await first.readAgain()).toEqual(consumer);

  // now the former key can go; the look-up key is the same, so that contacts are still found
  const keyring = await openKeyring(api.db, toMasterKeys([next]));
  expect(keyring.lookupKey).toBe(formerKeyring.lookupKey);
  for (const id of [...ids, meanwhile.id])
    expect(await readConsumerContact(api.db, keyring, id)).toMatchObject({ name: 'Ana Reyes' });
  // who consented has a key of their own
  expect(await readConsentRecord(api.db, keyring, rescinded.id)).toMatchObject({ name: 'Ana Reyes' });
  await expect(readConsumerContact(api.db, formerKeyring, first.id)).rejects.toThrow(
    'MASTER_KEY lacks the key',
  );
  await expect(openKeyring(api.db, toMasterKeys([former]))).rejects.toThrow('MASTER_KEY lacks the key');
}, 120_000);

test('Ctrl-C stops a rotation between two transactions, with the exit code that says so', async () => {
  Object.assign(api.deps.keyring, { masterKeys: toMasterKeys([former]) });
  const { id } = await requestReferral(api);
  Object.assign(api.deps.keyring, { masterKeys: both });
  const letGo = await hold([id]);
  const { child, said } = rotate();
  await eventually(async () => expect(said()).toContain('"left":1'));
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  await letGo();
  expect(await left()).toBe(1);
}, 60_000);

test('a keyring is made once for a database, whichever process comes first', async () => {
  const { db } = api;
  const opened = await Promise.all([1, 2, 3].map(() => openKeyring(db, both)));
  expect(new Set(opened.map(({ lookupKey }) => lookupKey))).toEqual(new Set([formerKeyring.lookupKey]));
  expect(formerKeyring.lookupKey).toMatch(/^[0-9a-f]{64}$/);
});
