import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { problem } from '../../../api/schemas/problem.ts';
import { createDatabase } from '../../../runtime/database.ts';
import type { DB } from '../../../store/database/schema.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import {
  addAgent,
  addOffer,
  logInAs,
  requestReferral,
  validHelpRequest,
} from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

test('a body that is not JSON is 400', async () => {
  const answer = await api.call('POST /v1/session', { body: '{"username":' });
  expect([answer.status, problemNameOf(answer)]).toEqual([400, 'malformed-json']);
});

test('a body of another type is 415, and so is a missing one', async () => {
  const headers = { 'Content-Type': 'text/plain' };
  expect((await api.call('POST /v1/session', { body: 'username=ana', headers })).status).toBe(415);
  expect((await api.call('POST /v1/session')).status).toBe(415);
});

test('a body over 100 kB is 413', async () => {
  const body = { username: 'ana', password: 'x'.repeat(101 * 1024) };
  const answer = await api.call('POST /v1/session', { body });
  expect([answer.status, problemNameOf(answer)]).toEqual([413, 'too-large']);
});

test('every failed field is reported at once, unknown ones too', async () => {
  const body = {
    ...(await validHelpRequest(api)),
    zip: '841',
    need: 'medicare',
    name: 7,
    phone: '12',
    'a/b': 1,
  };
  const answer = await api.call('POST /v1/referrals', {
    body,
    headers: { 'Idempotency-Key': randomUUID() },
  });
  expect([answer.status, problemNameOf(answer)]).toEqual([422, 'invalid-fields']);
  expect(codesOf(answer)).toEqual({
    '/name': 'wrong-type',
    '/phone': 'not-a-us-phone',
    '/zip': 'wrong-format',
    '/need': 'not-one-of',
    '/a~1b': 'unknown-field',
  });
});

test('fields of the right shape with a wrong value are reported with the rest', async () => {
  const { adult: _, ...rest } = await validHelpRequest(api);
  const body = {
    ...rest,
    zip: '00000',
    phone: '+44 20 7946 0958',
    language: 'xx',
    consent: { version: 'old' },
  };
  const answer = await api.call('POST /v1/referrals', {
    body,
    headers: { 'Idempotency-Key': randomUUID() },
  });
  expect(codesOf(answer)).toEqual({
    '/language': 'not-one-of',
    '/zip': 'unknown-zip',
    '/phone': 'not-a-us-phone',
    '/adult': 'adult-or-representative-needed',
  });
});

test('an unknown parameter of the query is a failed field', async () => {
  const cookie = await logInAs(api, { role: 'ops' });
  const answer = await api.call('GET /v1/ops/referrals?colour=red&olderThan=soon', { cookie });
  expect(codesOf(answer)).toEqual({ '?colour': 'unknown-field', '?olderThan': 'wrong-format' });
});

test('a problem follows RFC 9457 and repeats nothing that was sent', async () => {
  const answer = await api.call('POST /v1/session', {
    body: { username: 'ana', password: 9, secret: 'x' },
  });
  expect(answer.headers.get('Content-Type')).toMatch('application/problem+json');
  expect(problem.safeParse(answer.json).success).toBe(true);
  expect(answer.json['instance']).toMatch(/^urn:uuid:/);
  expect(answer.text).not.toContain('ana');
});

test('while Temporal is down an acceptance is answered 503 and can be repeated', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const cookie = await logInAs(api, { npn });
  const { id: referralId } = await requestReferral(api);
  const offerId = await addOffer(api.db, { referralId, npn });
  const answer = await api.call(`POST /v1/offers/${offerId}/acceptance`, { cookie, body: {} });
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
});

test('readiness names the part that is down', async () => {
  const answer = await api.call('GET /health/ready');
  expect([answer.status, answer.json]).toEqual([
    503,
    { status: 'not-ready', postgres: 'up', temporal: 'down' },
  ]);
  expect((await api.call('GET /health/live')).json).toEqual({ status: 'live' });
});

test('while Postgres is down every route answers 503', async () => {
  const nobody = createDatabase<DB>('postgres://hod@127.0.0.1:9/hod');
  const alone = await openApiHarness({ db: nobody });
  try {
    const answer = await alone.call('GET /v1/terms/terms-of-use');
    expect([answer.status, problemNameOf(answer)]).toEqual([503, 'unavailable']);
    expect(answer.headers.get('Retry-After')).toBe('5');
    expect((await alone.call('GET /health/ready')).json).toMatchObject({ postgres: 'down' });
  } finally {
    await alone.close();
  }
});

test('after too many wrong passwords for one username the answer is 429 for a while', async () => {
  const body = { username: `nobody-${randomUUID()}`, password: 'wrong' };
  const statuses = [];
  for (let i = 0; i < 11; i += 1) statuses.push((await api.call('POST /v1/session', { body })).status);
  expect(statuses).toEqual([...Array(10).fill(401), 429]);
  const answer = await api.call('POST /v1/session', { body });
  expect(problemNameOf(answer)).toBe('too-many-requests');
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(60);
  // keys are hashed, so the table has no usernames
  const limits = await api.db.selectFrom('rateLimits').select('key').execute();
  expect(JSON.stringify(limits)).not.toContain('nobody-');
});

test('the line of a request that is refused names its problem, of one that is not none', async () => {
  const alone = await openApiHarness();
  try {
    const { id, token } = await requestReferral(alone);
    await alone.call(`GET /v1/referrals/${id}`, { bearer: `${token}x` });
    await alone.call(`GET /v1/referrals/${id}`, { bearer: token });
    await alone.call('POST /v1/session', { body: { username: 'ana.reyes' } });
    await alone.call('POST /v1/webhooks/twilio/status', { body: 'a=b' });
    await alone.call('GET /v1/ops/audit');
    const lines = alone
      .logged()
      .split('\n')
      .filter((line) => line.includes('"Request answered"') && !line.includes('/v1/consents/'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => [line['route'], line['status'], line['problem']]).slice(-5)).toEqual([
      ['/v1/referrals/:id', 404, 'not-found'],
      ['/v1/referrals/:id', 200, undefined],
      ['/v1/session', 422, 'invalid-fields'],
      ['/v1/webhooks/twilio/status', 403, 'not-signed'],
      ['/v1/ops/audit', 401, 'not-authenticated'],
    ]);
  } finally {
    await alone.close();
  }
});

test('the log holds no token, no query, no name and no password', async () => {
  const alone = await openApiHarness();
  try {
    const { id, token } = await requestReferral(alone);
    await alone.call(`GET /v1/referrals/${id}?token=in-a-query`, { bearer: token });
    await alone.call('POST /v1/session', { body: { username: 'ana.reyes', password: 'Secret!Word9' } });
    await alone.call('GET /v1/nothing/with-a-name-in-it');
    const log = alone.logged();
    expect(log).toContain('"route":"/v1/referrals/:id"');
    for (const secret of [token, 'in-a-query', 'Reyes', 'ana.reyes', 'Secret!Word9', '84101', 'with-a-name'])
      expect(log).not.toContain(secret);
  } finally {
    await alone.close();
  }
});
