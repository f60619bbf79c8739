import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

/** Adds a logged-in agent. Returns also the account id that the agent's pages send. */
async function loggedInAgent() {
  const npn = await addAgent(api.db, { registered: true });
  const cookie = await logInAs(api, { npn });
  const { json } = await api.call('GET /v1/session', { cookie });
  return { npn, cookie, accountId: String(json['accountId']) };
}

const zipOf = async (npn: string) =>
  (await api.db.selectFrom('agents').select('zip').where('npn', '=', npn).executeTakeFirstOrThrow()).zip;

test('a request from a page of one account with the session of another is refused and changes nothing', async () => {
  const [ada, ben] = [await loggedInAgent(), await loggedInAgent()];
  const headers = { 'Account-Id': ada.accountId };
  const calls: [string, object?][] = [
    ['PATCH /v1/me/profile', { zip: '84770' }],
    ['POST /v1/me/departure', { reason: 'retiring' }],
    ['PUT /v1/me/availability/hours', { hours: [] }],
    [`POST /v1/offers/${randomUUID()}/acceptance`, {}],
    [`DELETE /v1/me/availability/absences/${randomUUID()}`],
    ['GET /v1/me/profile'],
    ['GET /v1/ops/problems'],
    [`POST /v1/ops/agents/${ada.npn}/hold`, { reason: 'A complaint.' }],
  ];
  for (const [key, body] of calls) {
    const answer = await api.call(key, { cookie: ben.cookie, headers, ...(body ? { body } : {}) });
    expect([key, answer.status, problemNameOf(answer)]).toEqual([key, 409, 'account-changed']);
    expect(answer.text).not.toMatch(new RegExp(`${ada.npn}|${ben.npn}|${ben.accountId}`));
  }
  expect([await zipOf(ada.npn), await zipOf(ben.npn)]).toEqual(['84101', '84101']);
  // the account of the session is logged, and not what the page says
  const refused = api
    .logged()
    .split('\n')
    .filter((line) => line.includes('"status":409'));
  expect(refused).toHaveLength(calls.length);
  expect(refused.filter((line) => line.includes(ben.accountId))).toHaveLength(calls.length);
  expect(refused.join('')).not.toContain(ada.accountId);
});

test.each(['', 'nobody'])(
  'so is a request that names an account that does not exist: "%s"',
  async (accountId) => {
    const { npn, cookie } = await loggedInAgent();
    const answer = await api.call('PATCH /v1/me/profile', {
      cookie,
      headers: { 'Account-Id': accountId },
      body: { zip: '84770' },
    });
    expect([answer.status, problemNameOf(answer), await zipOf(npn)]).toEqual([
      409,
      'account-changed',
      '84101',
    ]);
  },
);

test('a write is accepted with the account’s own id, and with none', async () => {
  const { npn, cookie, accountId } = await loggedInAgent();
  for (const [zip, headers] of [
    ['84770', { 'Account-Id': accountId }],
    ['84101', {}],
  ] as const) {
    const answer = await api.call('PATCH /v1/me/profile', { cookie, headers, body: { zip } });
    expect([answer.status, await zipOf(npn)]).toEqual([200, zip]);
  }
});

test('a caller whose session has ended is asked to log in, whichever account the page names; logging out is always possible', async () => {
  const [ada, ben] = [await loggedInAgent(), await loggedInAgent()];
  const headers = { 'Account-Id': ada.accountId };
  expect((await api.call('DELETE /v1/session', { cookie: ben.cookie, headers })).status).toBe(204);
  const answer = await api.call('GET /v1/me/profile', { cookie: ben.cookie, headers });
  expect([answer.status, problemNameOf(answer)]).toEqual([401, 'not-authenticated']);
});
