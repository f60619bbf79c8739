import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { access, type RouteKey } from '../../../api/access.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
let aheadMs = 0;
let senders: { cookie?: string; bearer?: string }[];
beforeAll(async () => {
  api = await openApiHarness({
    now: () => new Date(Date.now() + aheadMs),
    // one address calls every route as everybody
    rateLimits: { requests: { points: 100_000, windowMs: 60_000 } },
  });
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const { token } = await requestReferral(api);
  senders = [
    {},
    { cookie: await logInAs(api, { npn }) },
    { cookie: await logInAs(api, { role: 'ops' }) },
    { bearer: token },
    { bearer: api.feedsKey },
  ];
});
afterAll(() => api.close());

/** Routes whose answers hold nothing about a person, and may be kept by a cache or asked for again. */
const isPublic = (key: RouteKey) =>
  /^GET \/v1\/(terms|consents|waiting-times|places)\b/.test(key) || !key.includes(' /v1/');

const keys = (Object.keys(access) as RouteKey[]).filter((key) => key !== 'DELETE /v1/session');

/** Calls a route and leaves its body. Event streams are left at once. */
async function headersOf(key: RouteKey, { cookie, bearer }: { cookie?: string; bearer?: string }) {
  const [method = '', path = ''] = key.split(' ');
  const filled = path
    .replace(':id', randomUUID())
    .replace(':kind', 'intake')
    .replace(':npn', '17593264')
    .replace(':zip', '85004');
  const leave = new AbortController();
  const response = await fetch(new URL(filled, api.url), {
    method,
    signal: leave.signal,
    headers: {
      ...(cookie ? { Cookie: cookie, Origin: 'http://help.example.org' } : {}),
      ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
      ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: '{"unknown":true}' }),
  });
  leave.abort();
  return response.headers;
}

describe.each(keys.filter((key) => !isPublic(key)))('%s', (key) => {
  test('whoever asks, no cache keeps the answer', async () => {
    for (const sender of senders)
      expect((await headersOf(key, sender)).get('Cache-Control')).toMatch(/^no-store(, no-transform)?$/);
  });
});

test.each(keys)('%s lets no other site read its answer', async (key) => {
  for (const sender of senders) {
    const headers = [...(await headersOf(key, sender)).keys()];
    expect(headers.filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

test('the question of another site whether it may ask is refused', async () => {
  const response = await fetch(`${api.url}/v1/me/profile`, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://evil.example.com',
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'content-type',
    },
  });
  expect(response.status).toBe(405);
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test('security.txt names the contact and its own address, and is always good for half a year', async () => {
  const read = async () => {
    const { text, headers } = await api.call('GET /.well-known/security.txt');
    expect(headers.get('Content-Type')).toBe('text/plain; charset=utf-8');
    return Object.fromEntries(
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/: (.*)/).slice(0, 2)),
    );
  };
  const first = await read();
  expect(first).toMatchObject({
    Contact: 'mailto:security@example.org',
    Canonical: 'http://help.example.org/.well-known/security.txt',
  });
  const year = 365 * 24 * 60 * 60_000;
  aheadMs += year;
  const next = await read();
  for (const [at, { Expires: expires = '' }] of [
    [Date.now(), first],
    [Date.now() + year, next],
  ] as const) {
    expect(expires).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z$/);
    const left = Date.parse(expires) - at;
    expect(left).toBeGreaterThan(year / 3);
    expect(left).toBeLessThan(year);
  }
});

test('a password manager is led to the page of the account', async () => {
  const answer = await api.call('GET /.well-known/change-password');
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/account/password']);
});

test.each([
  '/docs',
  '/openapi.json',
  '/.well-known/security.txt',
  '/.well-known/change-password',
  '/v1/session',
])('%s repeats no host that a request claims to be for', async (path) => {
  const { hostname, port } = new URL(api.url);
  const headers = {
    Host: 'evil.example.com',
    'X-Forwarded-Host': 'evil.example.com',
    Forwarded: 'host=evil.example.com',
  };
  const text = await new Promise<string>((resolve) => {
    get({ hostname, port, path, headers }, (answer) =>
      resolve(buffer(answer).then((body) => JSON.stringify(answer.headers) + body.toString())),
    );
  });
  expect(text).not.toContain('evil');
});
