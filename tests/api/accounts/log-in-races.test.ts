import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import type { LogInOptions, RegistrationOptions } from '../../../api/schemas/accounts/passkeys.ts';
import { readPasskeys, removePasskey } from '../../../store/accounts/passkeys.ts';
import { hashPassword } from '../../../store/accounts/passwords.ts';
import { removeAuthenticatorApp, replaceRecoveryCodes } from '../../../store/accounts/second-factors.ts';
import { endSessions } from '../../../store/accounts/sessions.ts';
import type { Tx } from '../../../store/database/connection.ts';
import { type ApiAnswer, type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { untilLocked } from '../../harness/lock-waits.ts';
import { testPassword } from '../../harness/people/people.ts';
import { addAuthenticatorApp, nextCode } from '../../harness/people/second-factor.ts';
import { createSoftwareAuthenticator } from '../../harness/people/software-authenticator.ts';
import { addAccount, cookieOf, type TestAccount } from './account-people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const logIn = ({ username }: TestAccount, code?: string) =>
  api.call('POST /v1/session', { body: { username, password: testPassword, code } });
const hashOf = async ({ accountId }: TestAccount) => {
  const accounts = api.db.selectFrom('accounts').select('passwordHash').where('id', '=', accountId);
  return (await accounts.executeTakeFirstOrThrow()).passwordHash;
};
const setHash = (account: TestAccount, passwordHash: string) =>
  api.db.updateTable('accounts').set({ passwordHash }).where('id', '=', account.accountId).execute();

test('a log-in whose password is replaced while it is checked opens no session', async () => {
  const account = await addAccount(api);
  await setHash(account, await hashPassword(testPassword));
  const other = await hashPassword('Meadow!Trumpet4');
  let answer: Promise<ApiAnswer> | undefined;
  await api.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('accounts')
      .set({ passwordHash: other })
      .where('id', '=', account.accountId)
      .execute();
    answer = logIn(account);
    await untilLocked(api.db);
  });
  const refused = await (answer as Promise<ApiAnswer>);
  expect([refused.status, problemNameOf(refused)]).toEqual([401, 'log-in-failed']);
  expect(await sessionsOf(account)).toEqual([]);
});

const sessionsOf = ({ accountId }: TestAccount) =>
  api.db.selectFrom('sessions').select('id').where('accountId', '=', accountId).execute();

/** Logs in while the account is locked, and changes its factors once the log-in has shown its own and waits. */
async function logInAround(
  { accountId }: TestAccount,
  enter: () => Promise<ApiAnswer>,
  change: (tx: Tx) => Promise<unknown>,
): Promise<ApiAnswer> {
  let answer: Promise<ApiAnswer> | undefined;
  await api.db.transaction().execute(async (tx) => {
    await tx.selectFrom('accounts').select('id').where('id', '=', accountId).forUpdate().execute();
    answer = enter();
    await untilLocked(api.db);
    await change(tx);
    await endSessions(tx, { accountId, exceptTokenSha256: undefined });
  });
  return answer as Promise<ApiAnswer>;
}

test('a log-in with a passkey that is removed meanwhile opens no session', async () => {
  const account = await addAccount(api);
  const { accountId } = account;
  const cookie = cookieOf(await logIn(account), 'session');
  const device = createSoftwareAuthenticator('http://help.example.org');
  const begun = await api.call('POST /v1/passkeys/registration-options', { cookie, body: {} });
  const credential = device.create(begun.json as unknown as RegistrationOptions);
  await api.call('POST /v1/passkeys', { cookie, body: { name: 'Phone', credential } });
  const [passkey] = await readPasskeys(api.db, accountId);
  const options = (await api.call('POST /v1/passkeys/log-in-options', { body: {} })).json;
  const signed = device.get(options as unknown as LogInOptions);
  const refused = await logInAround(
    account,
    () => api.call('POST /v1/passkeys/log-in', { body: { credential: signed } }),
    (tx) => removePasskey(tx, { accountId, id: passkey?.id ?? '' }),
  );
  expect([refused.status, problemNameOf(refused)]).toEqual([401, 'passkey-refused']);
  expect(await sessionsOf(account)).toEqual([]);
});

test.each<[string, (tx: Tx, accountId: string) => Promise<unknown>]>([
  ['the app is removed', removeAuthenticatorApp],
  ['the recovery codes are replaced', replaceRecoveryCodes],
])('a log-in with a code opens no session if %s meanwhile', async (_what, change) => {
  const account = await addAccount(api);
  const { accountId } = account;
  const secret = await addAuthenticatorApp(api.db, { accountId, linkSecret: api.linkSecret });
  const code = await nextCode(secret);
  const refused = await logInAround(
    account,
    () => logIn(account, code),
    (tx) => change(tx, accountId),
  );
  expect([refused.status, problemNameOf(refused)]).toEqual([401, 'log-in-failed']);
  expect(await sessionsOf(account)).toEqual([]);
  expect((await logIn(account, await nextCode(secret))).status).toBe(200);
});

test('a hash with another cost is replaced at the log-in, and of several log-ins at once each succeeds', async () => {
  const account = await addAccount(api);
  const before = await hash(testPassword, { memoryCost: 4096, timeCost: 1 });
  await setHash(account, before);
  const answers = await Promise.all(Array.from({ length: 5 }, () => logIn(account)));
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
  const now = await hashOf(account);
  expect(now).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await logIn(account)).status).toBe(200);
  expect(await hashOf(account)).toBe(now);
});
