import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import type { Client } from '@temporalio/client';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, invite, testPassword } from '../../harness/people/people.ts';

const minute = 60_000;
let api: ApiHarness;
const startMs = Date.now();
let aheadMs = 0;
beforeAll(async () => {
  const getHandle = () => ({ executeUpdate: async () => ({ stage: 'awaiting-terms' }) });
  const client = { workflow: { getHandle }, withDeadline: (_at: number, call: () => unknown) => call() };
  api = await openApiHarness({
    proxies: 1,
    temporal: client as unknown as Client,
    now: () => new Date(startMs + aheadMs),
  });
});
afterAll(() => api.close());

/** A registered agent with the request that they sent. */
async function registered(hashed = testPassword) {
  const npn = await addAgent(api.db, { registered: true, stage: 'awaiting-terms' });
  const at = new Date(startMs + aheadMs);
  const { id, token } = await invite(api, npn, { endedAs: 'registered', expiresAt: at });
  const { version = '' } = (await api.call('GET /v1/terms/terms-of-use')).json as { version?: string };
  const account = { id: randomUUID(), username: `ana-${randomUUID().slice(0, 8)}` };
  const passwordHash = await hash(hashed, { memoryCost: 1024, timeCost: 1 });
  await api.db
    .insertInto('accounts')
    .values({ ...account, role: 'agent', npn, createdAt: at, passwordHash })
    .execute();
  await api.db
    .insertInto('termsAcceptances')
    .values({
      npn,
      kind: 'terms-of-use',
      version,
      sha256: 'x',
      acceptedAt: at,
      accountId: account.id,
      ipAddress: '10.0.0.1',
      userAgent: 'test',
    })
    .execute();
  await api.db
    .updateTable('invitations')
    .set({ registrationRequestId: randomUUID() })
    .where('id', '=', id)
    .execute();
  const body = {
    token,
    username: account.username,
    password: testPassword,
    phone: '+18015550123',
    contactPreference: 'email-text',
    zip: '84101',
    termsOfUseVersion: version,
  };
  return body;
}

const send = (body: object, from = '10.0.0.1') =>
  api.call('POST /v1/registrations', { body, headers: { 'X-Forwarded-For': from } });

test('a registration whose answer was lost can be repeated for ten minutes; after that its link is unknown', async () => {
  const body = await registered();
  expect((await send(body)).status).toBe(201);
  const other = await send({ ...body, password: 'Other!Lantern7' });
  expect([other.status, problemNameOf(other)]).toEqual([409, 'already-registered']);
  aheadMs += 9 * minute;
  expect((await send(body)).status).toBe(201);
  aheadMs += 2 * minute;
  for (const tried of [body, { ...body, password: 'Other!Lantern7' }]) {
    const answer = await send(tried);
    expect([answer.status, problemNameOf(answer)]).toEqual([404, 'not-found']);
  }
});

test('passwords tried with a used link count as log-in attempts of its account', async () => {
  const body = await registered();
  const guess = (at: number) => send({ ...body, password: `Other!Lantern${at}x` });
  const statuses = [];
  for (let at = 0; at < 12; at += 1) statuses.push((await guess(at)).status);
  expect(statuses).toEqual([...Array(10).fill(409), 429, 429]);
  const logIn = await api.call('POST /v1/session', {
    body: { username: body.username, password: testPassword },
    headers: { 'X-Forwarded-For': '10.0.0.1' },
  });
  expect(logIn.status).toBe(429);
  expect((await send(body)).status).toBe(429);
});

test('seventy simultaneous guesses from as many networks are limited like those of a log-in', async () => {
  const body = await registered();
  const answers = await Promise.all(
    Array.from({ length: 70 }, (_, at) =>
      send({ ...body, password: `Other!Lantern${at}x` }, `10.1.0.${at + 1}`),
    ),
  );
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(20);
});

test('a repeat is recognized in every Unicode form of the password', async () => {
  const body = await registered('Montaña!7-Lluvia'.normalize('NFD'));
  for (const form of ['NFC', 'NFD'] as const)
    expect((await send({ ...body, password: 'Montaña!7-Lluvia'.normalize(form) })).status).toBe(201);
});

test('the attempts to register with one link are limited: each costs a look-up and comparisons', async () => {
  const { token } = await invite(api, await addAgent(api.db));
  const statuses = new Set<number>();
  for (let at = 0; at < 30; at += 1)
    statuses.add((await send({ token, zip: '00000' }, `10.2.0.${at}`)).status);
  expect([...statuses]).toEqual([422]);
  const refused = await send({ token, zip: '00000' }, '10.3.0.1');
  expect([refused.status, problemNameOf(refused)]).toEqual([429, 'too-many-requests']);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(60);
});
