import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type ApiAnswer, type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { hour, testPassword, validHelpRequest } from '../../harness/people/people.ts';
import { postTwilio, publicUrl, statusForm, topicArn, twilioAuthToken } from '../notifications/providers.ts';

const second = 1_000;
const rateLimits = {
  requests: { points: 20, windowMs: 20 * second },
  renewalsByNetwork: { points: 2, windowMs: 90 * second },
  intakeByNetwork: { points: 15, windowMs: hour },
  intakeByContact: { points: 2, windowMs: hour },
  logInByBoth: { points: 2, windowMs: hour },
  codesByReferral: { points: 3, windowMs: hour },
};

let api: ApiHarness;
/** The clock of the limits stands still unless a test advances it. */
let clock = Date.now();
beforeAll(async () => {
  api = await openApiHarness({
    publicUrl,
    proxies: 1,
    rateLimits,
    webhooks: { topicArn, maxAgeMs: hour, twilioAuthToken },
    policy: { confirmConsumerContact: true },
  });
});
afterAll(() => api.close());
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => clock));
afterEach(() => {
  clock += hour;
  jest.restoreAllMocks();
});

/**
 * Parses a list of strings with integers as parameters, of RFC 9651.
 * @throws an Error for anything else, such as a key of a limit
 */
function parseField(field: string | null): { name: string; [parameter: string]: unknown } | undefined {
  if (field === null) return undefined;
  const [, name, parameters = ''] = /^"([a-z-]+)"((?:;[a-z]+=\d{1,15})+)$/.exec(field) ?? [];
  if (name === undefined) throw new Error(`Not the form of the field: ${field}`);
  const pairs = parameters.split(';').filter(Boolean);
  return { name, ...Object.fromEntries(pairs.map((pair) => [pair[0], Number(pair.slice(2))])) };
}

const shownIn = ({ headers }: ApiAnswer) => ({
  policy: parseField(headers.get('RateLimit-Policy')),
  left: parseField(headers.get('RateLimit')),
});
const leftIn = (answer: ApiAnswer) => shownIn(answer).left;
const retryAfter = ({ headers }: ApiAnswer) => Number(headers.get('Retry-After'));

const consents = (from: string) =>
  api.call('GET /v1/consents/intake?language=en', { headers: { 'X-Forwarded-For': from } });
const statusLink = (from: string, email = `${randomUUID()}@example.com`) =>
  api.call('POST /v1/status-link-requests', { body: { email }, headers: { 'X-Forwarded-For': from } });

describe('what is left of a limit', () => {
  test('counts down to the refusal, and a client who waits as told gets in', async () => {
    const name = 'requests';
    for (let r = 19; r >= 0; r -= 1) {
      const answer = await consents('192.0.2.1');
      expect([answer.status, shownIn(answer)]).toEqual([
        200,
        { policy: { name, q: 20, w: 20 }, left: { name, r, t: 20 } },
      ]);
    }
    clock += 4_500;
    const refused = await consents('192.0.2.1');
    expect([refused.status, leftIn(refused), retryAfter(refused)]).toEqual([429, { name, r: 0, t: 16 }, 16]);
    clock += 15 * second;
    expect(leftIn(await consents('192.0.2.1'))).toEqual({ name, r: 0, t: 1 });
    clock += 1 * second;
    const answer = await consents('192.0.2.1');
    expect([answer.status, leftIn(answer)]).toEqual([200, { name, r: 19, t: 20 }]);
  });

  test('is that of the limit nearest to its end, also of one in Postgres', async () => {
    const name = 'renewals-by-network';
    const first = await statusLink('192.0.2.2');
    expect(shownIn(first)).toEqual({ policy: { name, q: 2, w: 90 }, left: { name, r: 1, t: 90 } });
    clock += 30 * second;
    expect(leftIn(await statusLink('192.0.2.2'))).toEqual({ name, r: 0, t: 60 });
    const refused = await statusLink('192.0.2.2');
    expect([refused.status, leftIn(refused), retryAfter(refused)]).toEqual([429, { name, r: 0, t: 60 }, 60]);
    // other routes are open, and say so
    expect(leftIn(await consents('192.0.2.2'))).toEqual({ name: 'requests', r: 17, t: 20 });
    clock += 60 * second;
    const answer = await statusLink('192.0.2.2');
    expect([answer.status, leftIn(answer)]).toEqual([202, { name, r: 1, t: 90 }]);
  });

  test('is that of a wider block of addresses where it ends before the network', async () => {
    for (let at = 0; at < 8; at += 1)
      expect((await statusLink(`2001:db8:5:${at}00::1`)).headers.get('RateLimit')).toMatch(
        at < 6 ? /^"renewals-by-network";r=1/ : new RegExp(`^"renewals-by-network-wider";r=${7 - at};`),
      );
    const refused = await statusLink('2001:db8:5:900::1');
    expect([refused.status, leftIn(refused)?.name]).toEqual([429, 'renewals-by-network-wider']);
  });

  test('is told of a limit of one’s own request to the holder of its token', async () => {
    const body = await validHelpRequest(api);
    const headers = { 'X-Forwarded-For': '192.0.2.3', 'Idempotency-Key': randomUUID() };
    const { json } = await api.call('POST /v1/referrals', { body, headers });
    const key = `POST /v1/referrals/${String(json['id'])}/verification`;
    const answer = await api.call(key, { body: {}, bearer: String(json['token']), headers });
    expect(leftIn(answer)).toMatchObject({ name: 'codes-by-referral', r: 2 });
  });

  test('is not told of pages and of health, and of webhook calls only the refused ones count', async () => {
    for (const path of ['/', '/nothing.js', '/health/live'])
      expect(shownIn(await api.call(`GET ${path}`))).toEqual({ policy: undefined, left: undefined });
    const call = async (how?: { token: string }) =>
      (await postTwilio(api, 'status', statusForm('delivered'), how)).headers.get('RateLimit');
    for (const r of [19, 18, 17])
      expect(await call({ token: 'wrong' })).toBe(`"refused-webhooks";r=${r};t=20`);
    expect([await call(), await call()]).toEqual(Array(2).fill('"refused-webhooks";r=16;t=20'));
  });
});

describe('a limit of somebody whom the sender only names is not shown', () => {
  test('such as how often help was asked for with a phone number', async () => {
    const contact = await validHelpRequest(api);
    const answers = [];
    for (let at = 0; at < 4; at += 1) {
      const headers = { 'X-Forwarded-For': `192.0.2.${10 + at}`, 'Idempotency-Key': randomUUID() };
      answers.push(await api.call('POST /v1/referrals', { body: contact, headers }));
      await api.db.updateTable('referrals').set({ stage: 'withdrawn', closedAt: new Date() }).execute();
    }
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429, 429]);
    for (const answer of answers)
      expect(leftIn(answer)).toEqual({ name: 'intake-by-network', r: 14, t: 3600 });
    expect(answers.slice(2).map(retryAfter)).toEqual([3600, 3600]);
  });

  test('such as how often a password was tried for a username', async () => {
    const logIn = (username: string) =>
      api.call('POST /v1/session', {
        body: { username, password: testPassword },
        headers: { 'X-Forwarded-For': '192.0.2.20' },
      });
    const username = `nobody-${randomUUID()}`;
    const answers = [await logIn(username), await logIn(username), await logIn(username)];
    expect(answers.map((answer) => [answer.status, leftIn(answer)])).toEqual([
      [401, { name: 'requests', r: 19, t: 20 }],
      [401, { name: 'requests', r: 18, t: 20 }],
      [429, { name: 'requests', r: 17, t: 20 }],
    ]);
  });
});
