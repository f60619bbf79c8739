import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { appCode } from '../../../store/accounts/totp.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { testPassword } from '../../harness/people/people.ts';
import { addAuthenticatorApp } from '../../harness/people/second-factor.ts';
import { addAccount, cookieOf, noticesTo, securityEventsOf, type TestAccount } from './account-people.ts';

const newPassword = 'Meadow!Trumpet4';
let api: ApiHarness;
/** The API's clock stands still unless a test advances it. */
const startMs = Date.now();
let aheadMs = 0;
beforeAll(async () => {
  api = await openApiHarness({ now: () => new Date(startMs + aheadMs) });
});
afterAll(() => api.close());

async function logIn({ username }: TestAccount, password = testPassword, code?: string) {
  const answer = await api.call('POST /v1/session', { body: { username, password, code } });
  return { status: answer.status, cookie: cookieOf(answer, 'session') };
}
const change = (cookie: string, password = newPassword) =>
  api.call('PUT /v1/me/password', { cookie, body: { password } });
const statusOf = async (cookie: string) => (await api.call('GET /v1/me/sessions', { cookie })).status;

test('a new password ends all other sessions, gives this one another token, and is told to the owner', async () => {
  const account = await addAccount(api);
  const [{ cookie: here }, { cookie: there }] = [await logIn(account), await logIn(account)];
  const answer = await change(here);
  expect(answer.status).toBe(204);
  const now = cookieOf(answer, 'session');
  expect([await statusOf(now), await statusOf(here), await statusOf(there)]).toEqual([200, 401, 401]);
  expect([(await logIn(account)).status, (await logIn(account, newPassword)).status]).toEqual([401, 200]);
  expect(await noticesTo(api, account.npn)).toMatchObject([
    {
      kind: 'credentials-changed',
      channel: 'email',
      toAddress: null,
      data: { credentialChange: 'password-changed' },
    },
  ]);
  expect(await securityEventsOf(api, account.accountId)).toEqual([
    'log-in password',
    'log-in password',
    'credentials-changed password-changed',
    'session-ended password-changed',
    'log-in-refused',
    'log-in password',
  ]);
});

test('ten minutes after the log-in it takes the current password', async () => {
  const account = await addAccount(api);
  const { cookie } = await logIn(account);
  aheadMs += 10 * 60_000;
  const refused = await change(cookie);
  expect([refused.status, problemNameOf(refused)]).toEqual([403, 're-authentication-required']);
  const confirmed = await api.call('POST /v1/session/confirmation', {
    cookie,
    body: { password: testPassword },
  });
  expect((await change(cookieOf(confirmed, 'session'))).status).toBe(204);
});

test('a password that is common or about its owner is refused', async () => {
  const account = await addAccount(api);
  const { cookie } = await logIn(account);
  expect(codesOf(await change(cookie, 'Dragon-77!'))).toEqual({ '/password': 'common' });
  expect(codesOf(await change(cookie, 'Q!7-Okafor-27'))).toEqual({ '/password': 'personal' });
  expect((await logIn(account)).status).toBe(200);
});

test('of two changes in one session at once, one wins', async () => {
  const account = await addAccount(api);
  const { cookie } = await logIn(account);
  const passwords = ['Meadow!Trumpet1', 'Meadow!Trumpet2'];
  const answers = await Promise.all(passwords.map((password) => change(cookie, password)));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 401]);
  const won = answers.findIndex(({ status }) => status === 204);
  expect((await logIn(account, passwords[won])).status).toBe(200);
});

test('the operations team changes its passwords too, and has no mail address to be told at', async () => {
  const account = await addAccount(api, 'ops');
  const { accountId } = account;
  const secret = await addAuthenticatorApp(api.db, { accountId, linkSecret: api.linkSecret });
  const code = () => appCode(secret, new Date(startMs + aheadMs));
  const { cookie } = await logIn(account, testPassword, code());
  const notices = () => api.db.selectFrom('notices').select('id').execute();
  const before = await notices();
  expect((await change(cookie)).status).toBe(204);
  expect(await notices()).toEqual(before);
  // a code counts once
  aheadMs += 30_000;
  expect((await logIn(account, newPassword, code())).status).toBe(200);
});
