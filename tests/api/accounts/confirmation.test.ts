import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, logInAs, testPassword } from '../../harness/people/people.ts';

const minute = 60_000;

let api: ApiHarness;
/** How far the clock of the API is ahead. */
let aheadMs = 0;
beforeAll(async () => {
  api = await openApiHarness({ now: () => new Date(Date.now() + aheadMs) });
});
afterAll(() => api.close());

/** An agent who is logged in: their cookie, account and number. */
async function agent() {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const cookie = await logInAs(api, { npn });
  return { npn, cookie };
}

const changePhone = (cookie: string, phone = '+18015550177') =>
  api.call('PATCH /v1/me/profile', { cookie, body: { phone } });
const confirm = (cookie: string, password: string) =>
  api.call('POST /v1/session/confirmation', { cookie, body: { password } });
const cookieOf = (answer: { headers: Headers }) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

async function phoneOf(npn: string) {
  const row = await api.db.selectFrom('agents').select('phone').where('npn', '=', npn).executeTakeFirst();
  return row?.phone;
}

test('a phone is changed without a question within ten minutes of the log-in', async () => {
  const { cookie, npn } = await agent();
  aheadMs += 10 * minute - 5_000;
  expect((await changePhone(cookie)).status).toBe(200);
  expect(await phoneOf(npn)).toBe('+18015550177');
  const { json } = await api.call('GET /v1/me/security-events', { cookie });
  expect((json['items'] as { kind: string }[]).map(({ kind }) => kind)).toEqual(['phone-changed', 'log-in']);
});

test('later the password is asked for, and the same call then succeeds with another token', async () => {
  const { cookie, npn } = await agent();
  aheadMs += 10 * minute;
  const refused = await changePhone(cookie);
  expect([refused.status, problemNameOf(refused)]).toEqual([403, 're-authentication-required']);
  expect(await phoneOf(npn)).toBe('+18015550123');
  // whatever else is wrong with the body is not said before
  expect(problemNameOf(await changePhone(cookie, 'no number'))).toBe('re-authentication-required');

  const confirmed = await confirm(cookie, testPassword);
  expect(confirmed).toMatchObject({ status: 200, json: { npn } });
  const renewed = cookieOf(confirmed);
  expect(renewed).not.toBe(cookie);
  expect((await changePhone(cookie)).status).toBe(401);
  expect((await changePhone(renewed)).status).toBe(200);
  aheadMs += 10 * minute;
  expect((await changePhone(renewed, '+18015550178')).status).toBe(403);
});

test('a profile is changed without the phone at any time', async () => {
  const { cookie } = await agent();
  aheadMs += 60 * minute;
  const answer = await api.call('PATCH /v1/me/profile', {
    cookie,
    body: { contactPreference: 'email-text' },
  });
  expect(answer.status).toBe(200);
});

test('a session of another device is ended only after a confirmation', async () => {
  let { cookie } = await agent();
  for (const [key, status] of [
    ['DELETE /v1/me/sessions', 204],
    [`DELETE /v1/me/sessions/${randomUUID()}`, 404],
  ] as const) {
    aheadMs += 11 * minute;
    const refused = await api.call(key, { cookie });
    expect([refused.status, problemNameOf(refused)]).toEqual([403, 're-authentication-required']);
    cookie = cookieOf(await confirm(cookie, testPassword));
    expect((await api.call(key, { cookie })).status).toBe(status);
  }
});

test('a confirmation does not make a session longer', async () => {
  const { cookie } = await agent();
  const endOf = async (own: string) => {
    const { json } = await api.call('GET /v1/me/sessions', { cookie: own });
    return (json['sessions'] as { endsAt: string }[])[0]?.endsAt;
  };
  const end = await endOf(cookie);
  aheadMs += 60 * minute;
  expect(await endOf(cookieOf(await confirm(cookie, testPassword)))).toBe(end);
});

test('wrong passwords are limited as at the log-in, are on record, and leave the session as it is', async () => {
  const { cookie } = await agent();
  const answers = [];
  for (let times = 0; times < 12; times += 1) answers.push(await confirm(cookie, 'Wrong!Word9'));
  expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  expect(problemNameOf(answers[0] as never)).toBe('log-in-failed');
  // the limit is that of the log-in
  expect((await confirm(cookie, testPassword)).status).toBe(429);
  const { json } = await api.call('GET /v1/me/security-events', { cookie });
  const kinds = (json['items'] as { kind: string }[]).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'step-up-refused')).toHaveLength(10);
  expect(kinds.filter((kind) => kind === 'log-in-limited')).toHaveLength(1);
});

test('without a session nothing is confirmed', async () => {
  expect((await confirm(`session-80=${randomUUID()}`, testPassword)).status).toBe(401);
});
