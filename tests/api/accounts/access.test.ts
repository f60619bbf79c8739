import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { access, type CallerKind, checkAccess, type RouteKey } from '../../../api/access.ts';
import { type ApiCall, type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, logInAs, requestReferral } from '../../harness/people.ts';

const kinds = ['nobody', 'agent', 'ops', 'a wrong token', 'the referral', 'the feeds'] as const;
type Kind = (typeof kinds)[number];

const everybody = <Expected>(status: Expected) =>
  Object.fromEntries(kinds.map((kind) => [kind, status])) as Record<Kind, Expected>;

/** Status that the access check gives each kind of caller; `in` where it lets them through. */
const expected: Record<CallerKind, Record<Kind, 'in' | 401 | 403 | 404>> = {
  anyone: {
    nobody: 'in',
    agent: 'in',
    ops: 'in',
    'a wrong token': 'in',
    'the referral': 'in',
    'the feeds': 'in',
  },
  account: {
    nobody: 401,
    agent: 'in',
    ops: 'in',
    'a wrong token': 401,
    'the referral': 401,
    'the feeds': 401,
  },
  agent: { nobody: 401, agent: 'in', ops: 403, 'a wrong token': 401, 'the referral': 401, 'the feeds': 401 },
  ops: { nobody: 401, agent: 403, ops: 'in', 'a wrong token': 401, 'the referral': 401, 'the feeds': 401 },
  referral: {
    nobody: 401,
    agent: 401,
    ops: 401,
    'a wrong token': 404,
    'the referral': 'in',
    'the feeds': 404,
  },
  // callers with an offer's own link are in tests/end-to-end/offer-link
  offer: {
    nobody: 401,
    agent: 401,
    ops: 401,
    'a wrong token': 404,
    'the referral': 404,
    'the feeds': 404,
  },
  // those with the link of a question about their hours are in tests/api/agents/rests
  rest: {
    nobody: 401,
    agent: 401,
    ops: 401,
    'a wrong token': 404,
    'the referral': 404,
    'the feeds': 404,
  },
  // those with the link of a test offer are in tests/api/agents/test-offers
  'test-offer': {
    nobody: 401,
    agent: 401,
    ops: 401,
    'a wrong token': 404,
    'the referral': 404,
    'the feeds': 404,
  },
  feeds: { nobody: 401, agent: 401, ops: 401, 'a wrong token': 403, 'the referral': 403, 'the feeds': 'in' },
  // requests signed by a provider are in tests/api/notifications
  twilio: everybody(403),
  sns: everybody(403),
};

let api: ApiHarness;
let as: Record<Kind, () => Promise<ApiCall>>;
let referralId: string;

beforeAll(async () => {
  api = await openApiHarness();
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const referral = await requestReferral(api);
  referralId = referral.id;
  const agent = await logInAs(api, { npn });
  // a call in the matrix logs out, so ops log in for each
  as = {
    nobody: async () => ({}),
    agent: async () => ({ cookie: agent }),
    ops: async () => ({ cookie: await logInAs(api, { role: 'ops' }) }),
    'a wrong token': async () => ({ bearer: randomUUID() }),
    'the referral': async () => ({ bearer: referral.token }),
    'the feeds': async () => ({ bearer: api.feedsKey }),
  };
});
afterAll(() => api.close());

const keys = Object.keys(access).filter((key) => key !== 'DELETE /v1/session') as RouteKey[];

describe.each(keys)('%s', (key) => {
  test.each(kinds)('called by %s', async (kind) => {
    const status = await statusOf(key, await as[kind]());
    const wanted = expected[access[key]][kind];
    expect(wanted === 404 || status === 401 || status === 403 ? status : 'in').toBe(wanted);
  });
});

/** Calls a route with an invalid body, which passes the access check and goes no further. Leaves event streams at once. */
async function statusOf(key: RouteKey, call: ApiCall): Promise<number> {
  const [method = '', path = ''] = key.split(' ');
  const id = access[key] === 'referral' ? referralId : randomUUID();
  const kind = path.includes('feeds') ? 'licenses' : 'terms-of-use';
  const filled = path.replace(':id', id).replace(':kind', kind).replace(':npn', '17593264');
  const leave = new AbortController();
  const response = await fetch(new URL(filled, api.url), {
    method,
    signal: leave.signal,
    headers: {
      ...(call.cookie ? { Cookie: call.cookie, Origin: 'http://help.example.org' } : {}),
      ...(call.bearer ? { Authorization: `Bearer ${call.bearer}` } : {}),
      ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: '{"unknown":true}' }),
  });
  leave.abort();
  return response.status;
}

test('the service does not start with a row in the access table and no route for it', () => {
  const all = Object.keys(access) as RouteKey[];
  expect(() => checkAccess(all)).not.toThrow();
  expect(() => checkAccess(all.slice(1))).toThrow('GET /health/live is in the access table and has no route');
  expect(() => checkAccess([...all, 'POST /v1/referrals'])).toThrow('POST /v1/referrals has two routes');
});

test('the token of another referral gives no access', async () => {
  const other = await requestReferral(api);
  const answer = await api.call(`GET /v1/referrals/${referralId}`, { bearer: other.token });
  expect([answer.status, problemNameOf(answer)]).toEqual([404, 'not-found']);
});

test('an unknown address is not found; a known one lists the methods it takes', async () => {
  expect(problemNameOf(await api.call('GET /v1/nothing'))).toBe('not-found');
  const answer = await api.call('PUT /v1/session', { body: {} });
  expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'POST, GET, DELETE']);
});
