import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { linkToken } from '../../../store/tokens.ts';
import {
  type ApiAnswer,
  type ApiHarness,
  codesOf,
  openApiHarness,
  problemNameOf,
} from '../../harness/api-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { testPassword } from '../../harness/people/people.ts';
import { addAccount, cookieOf, noticesTo, securityEventsOf, type TestAccount } from './account-people.ts';

const newPassword = 'Meadow!Trumpet4';
const minutes = 60_000;
let api: ApiHarness;
/** The API's clock stands still unless a test advances it. */
const startMs = Date.now();
let aheadMs = 0;
beforeAll(async () => {
  api = await openApiHarness({ proxies: 1, now: () => new Date(startMs + aheadMs) });
});
afterAll(() => api.close());

let networks = 0;
/** An address that no other request of this file comes from. */
const newNetwork = () => {
  networks += 1;
  return `10.${networks >> 8}.${networks & 255}.1`;
};

const request = (
  username: string,
  { from = newNetwork(), cookie }: { from?: string; cookie?: string } = {},
) =>
  api.call('POST /v1/password-reset', {
    body: { username },
    headers: { 'X-Forwarded-For': from, ...(cookie ? { Cookie: cookie } : {}) },
  });
const lookUp = (token: string) => api.call('POST /v1/password-reset/lookup', { body: { token } });
const complete = (token: string, password = newPassword) =>
  api.call('POST /v1/password-reset/completion', { body: { token, password } });
const logIn = (username: string, password: string, { from = newNetwork(), cookie = '' } = {}) =>
  api.call('POST /v1/session', {
    body: { username, password },
    headers: { 'X-Forwarded-For': from, Cookie: cookie },
  });

/** The token in the mail, derived as the worker derives it; undefined without a link that works. */
async function tokenFor({ accountId }: TestAccount): Promise<string | undefined> {
  const row = await api.db
    .selectFrom('passwordResets')
    .select('id')
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return row && linkToken(api.linkSecret, 'password-reset', row.id);
}

/** Requests a link. @returns its token */
async function linkTo(account: TestAccount): Promise<string> {
  expect((await request(account.username)).status).toBe(202);
  return (await tokenFor(account)) ?? '';
}

const mailsTo = async ({ npn }: TestAccount) =>
  (await noticesTo(api, npn)).filter(({ kind }) => kind === 'password-reset').length;

const summaryOf = ({ status, text }: ApiAnswer) => ({ status, text });
const received = { status: 202, text: '{"status":"received"}' };

describe('a link to a new password', () => {
  test('is mailed to the address in the MLMS profile alone, and its token is stored nowhere', async () => {
    const account = await addAccount(api);
    const token = await linkTo(account);
    const [notice, ...others] = await noticesTo(api, account.npn);
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ kind: 'password-reset', channel: 'email', toAddress: null });
    const messages = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
    const own = messages.filter(({ payload }) => (payload as { noticeId?: string }).noticeId === notice?.id);
    expect(own).toEqual([
      { type: 'send-notice', payload: { noticeId: notice?.id, kind: 'password-reset', channels: ['email'] } },
    ]);
    const links = await api.db.selectFrom('passwordResets').selectAll().execute();
    expect(JSON.stringify([links, notice, messages])).not.toContain(token);
    expect(api.logged()).not.toContain(token);
    expect(await lookUp(token)).toMatchObject({
      status: 200,
      json: {
        username: account.username,
        expiresAt: new Date(startMs + aheadMs + 15 * minutes).toISOString(),
      },
    });
  });

  test('sets a password once: all sessions end, none begins, and the owner is told', async () => {
    const account = await addAccount(api);
    const before = cookieOf(await logIn(account.username, testPassword), 'session');
    const token = await linkTo(account);
    const answer = await complete(token);
    expect([answer.status, cookieOf(answer, 'session')]).toEqual([204, '']);
    expect((await api.call('GET /v1/me/onboarding', { cookie: before })).status).toBe(401);
    expect((await logIn(account.username, testPassword)).status).toBe(401);
    expect((await logIn(account.username, newPassword)).status).toBe(200);

    const told = (await noticesTo(api, account.npn)).filter(({ kind }) => kind === 'credentials-changed');
    expect(told).toMatchObject([{ channel: 'email', data: { credentialChange: 'password-reset' } }]);
    expect(await securityEventsOf(api, account.accountId)).toEqual([
      'log-in password',
      'password-reset-requested',
      'credentials-changed password-reset',
      'session-ended password-changed',
      'log-in-refused',
      'log-in password',
    ]);
    expect([(await lookUp(token)).status, (await complete(token)).status]).toEqual([404, 404]);
  });

  test('of ten completions at once, one wins, and its password holds', async () => {
    const account = await addAccount(api);
    const token = await linkTo(account);
    const passwords = Array.from({ length: 10 }, (_, at) => `Meadow!Trumpet${at}`);
    const answers = await Promise.all(passwords.map((password) => complete(token, password)));
    const won = answers.findIndex(({ status }) => status === 204);
    expect(answers.map(({ status }) => status).filter((status) => status !== 404)).toEqual([204]);
    expect((await logIn(account.username, passwords[won] ?? '')).status).toBe(200);
  });

  test('is replaced by a newer one, and expires after fifteen minutes', async () => {
    const account = await addAccount(api);
    const older = await linkTo(account);
    const newer = await linkTo(account);
    expect([(await lookUp(older)).status, (await complete(older)).status]).toEqual([404, 404]);
    expect((await lookUp(newer)).status).toBe(200);
    aheadMs += 15 * minutes;
    for (const answer of [await lookUp(newer), await complete(newer)]) {
      expect([answer.status, problemNameOf(answer)]).toEqual([410, 'link-expired']);
      expect(answer.json['at']).toBe(new Date(startMs + aheadMs).toISOString());
    }
    expect((await logIn(account.username, testPassword)).status).toBe(200);
  });

  test('a password that breaks rules is refused with all of them, and the link still works', async () => {
    const account = await addAccount(api);
    const token = await linkTo(account);
    const faulty = await complete(token, `okafor ${account.npn}`);
    const codes = (faulty.json.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
    expect(faulty.status).toBe(422);
    expect(codes).toEqual(
      expect.arrayContaining(['/password no-upper-case', '/password space', '/password personal']),
    );
    expect(codesOf(await complete(token, 'Dragon-77!'))).toEqual({ '/password': 'common' });
    expect((await complete(token)).status).toBe(204);
  });

  test('without a link that works, nothing is said about a password', async () => {
    const answer = await complete('x'.repeat(43), 'short');
    expect([answer.status, answer.json.errors]).toEqual([404, undefined]);
  });

  test('no longer works once the password was changed otherwise, or the agent has died', async () => {
    const [changed, dead] = [await addAccount(api), await addAccount(api)];
    const [first, second] = [await linkTo(changed), await linkTo(dead)];
    const cookie = cookieOf(await logIn(changed.username, testPassword), 'session');
    const body = { password: newPassword };
    expect((await api.call('PUT /v1/me/password', { cookie, body })).status).toBe(204);
    await api.db
      .updateTable('agents')
      .set({ leftAt: new Date(), leftBecause: 'death', leftBy: 'ops' })
      .where('npn', '=', dead.npn)
      .execute();
    for (const token of [first, second]) expect((await complete(token, 'Harvest!Copper8')).status).toBe(404);
  });
});

describe('whoever asks for a link learns nothing about a username', () => {
  const leave = (npn: string | null, leftBecause: string) =>
    api.db
      .updateTable('agents')
      .set({ leftAt: new Date(), leftBecause, leftBy: 'ops' })
      .where('npn', '=', npn)
      .execute();

  test('the answer is the same, and never earlier than a quarter of a second', async () => {
    const [agent, ops, dead, bounced] = [
      await addAccount(api),
      await addAccount(api, 'ops'),
      await addAccount(api),
      await addAccount(api),
    ];
    await leave(dead.npn, 'death');
    await api.db
      .updateTable('agents')
      .set({ emailUndeliverableAt: new Date() })
      .where('npn', '=', bounced.npn)
      .execute();
    const usernames = [agent, ops, dead, bounced].map(({ username }) => username);
    for (const username of [...usernames, `nobody-${randomUUID().slice(0, 8)}`]) {
      const since = performance.now();
      expect(summaryOf(await request(username))).toEqual(received);
      expect(performance.now() - since).toBeGreaterThanOrEqual(249);
    }
    expect(await Promise.all([agent, ops, dead, bounced].map(tokenFor))).toEqual([
      expect.any(String),
      undefined,
      undefined,
      undefined,
    ]);
    expect([await mailsTo(agent), await mailsTo(dead)]).toEqual([1, 0]);
  });

  test('an agent who has left can still set a password, to read what stays open to them', async () => {
    const account = await addAccount(api);
    await leave(account.npn, 'agent');
    expect((await complete(await linkTo(account))).status).toBe(204);
    expect((await logIn(account.username, newPassword)).status).toBe(200);
  });

  test('an agent without an open onboarding gets the link at the address that the MLMS has now', async () => {
    const account = await addAccount(api);
    const npn = account.npn ?? '';
    await seedEvidence(api.db, { npn, planYear: 2027 });
    await api.db.updateTable('onboardings').set({ closedAt: new Date() }).where('npn', '=', npn).execute();
    await api.db
      .updateTable('trainingCompletions')
      .set({ email: 'moved@example.com' })
      .where('npn', '=', npn)
      .execute();
    await linkTo(account);
    const { email } = await api.db
      .selectFrom('agents')
      .select('email')
      .where('npn', '=', npn)
      .executeTakeFirstOrThrow();
    expect(email).toBe('moved@example.com');
    const sent = (await noticesTo(api, npn)).map(({ kind, toAddress }) => [kind, toAddress]);
    expect(sent).toEqual(
      expect.arrayContaining([
        ['address-changed', null],
        ['address-changed', `${npn}@example.com`],
        ['password-reset', null],
      ]),
    );
  });
});

describe('requests for a link are limited', () => {
  const range = (count: number) => Array.from({ length: count }, (_, at) => at);

  test('one network causes three mails a day to one agent, all networks ten, and every answer is the same', async () => {
    const account = await addAccount(api);
    const from = newNetwork();
    const answers = await Promise.all(range(6).map(() => request(account.username, { from })));
    expect(answers.map(summaryOf)).toEqual(answers.map(() => received));
    expect(await mailsTo(account)).toBe(3);
    const others = await Promise.all(range(20).map(() => request(account.username)));
    expect(others.map(summaryOf)).toEqual(others.map(() => received));
    expect(await mailsTo(account)).toBe(10);
  });

  test('the owner still gets a link on a device that has logged in before', async () => {
    const account = await addAccount(api);
    const cookie = cookieOf(await logIn(account.username, testPassword), 'device');
    await Promise.all(range(20).map(() => request(account.username)));
    const before = await mailsTo(account);
    await request(account.username, { cookie });
    expect(await mailsTo(account)).toBe(before + 1);
  });

  test('one network asks thirty times an hour, whatever usernames it names', async () => {
    const from = newNetwork();
    const answers = await Promise.all(
      range(40).map(() => request(`nobody-${randomUUID()}`.slice(0, 40), { from })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });

  test('a reset forgives strangers none of their wrong passwords, and lets its own device in', async () => {
    const account = await addAccount(api);
    const guess = () => logIn(account.username, 'Wrong!Word9');
    const guesses = await Promise.all(range(60).map(guess));
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(20);
    const reset = await complete(await linkTo(account));
    expect((await guess()).status).toBe(429);
    expect((await logIn(account.username, newPassword)).status).toBe(429);
    const cookie = cookieOf(reset, 'device');
    expect((await logIn(account.username, newPassword, { cookie })).status).toBe(200);
  });
});
