import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, logInAs, testPassword } from '../../harness/people/people.ts';
import { recordStatements } from '../../harness/statements.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

let api: ApiHarness;
/** How far the clock of the API is ahead. */
let aheadMs = 0;
beforeAll(async () => {
  api = await openApiHarness({ now: () => new Date(Date.now() + aheadMs), proxies: 1 });
});
afterAll(() => api.close());

const agent = async () =>
  logInAs(api, { npn: await addAgent(api.db, { registered: true, stage: 'active' }) });
const ops = () => logInAs(api, { role: 'ops' });

const isOpen = async (cookie: string) => (await api.call('GET /v1/session', { cookie })).status === 200;
/** A read that a person causes. */
const use = (cookie: string) => api.call('GET /v1/me/sessions', { cookie });

/** Lets time pass. */
const pass = (ms: number) => {
  aheadMs += ms;
};

test.each([
  ['an agent', agent, 12 * hour],
  ['ops', ops, 30 * minute],
])('a session of %s ends without use, after its own time', async (_who, logIn, idleMs) => {
  const cookie = await logIn();
  pass(idleMs - 30 * second);
  expect(await isOpen(cookie)).toBe(true);
  await use(cookie);
  pass(idleMs - 30 * second);
  expect(await isOpen(cookie)).toBe(true);
  pass(31 * second);
  expect(await isOpen(cookie)).toBe(false);
  expect((await use(cookie)).status).toBe(401);
});

test.each([
  ['an agent', agent, 7 * 24 * hour, 11 * hour],
  ['ops', ops, 12 * hour, 29 * minute],
])('a session of %s ends in any case, however much it is used', async (_who, logIn, lengthMs, stepMs) => {
  const cookie = await logIn();
  let passed = 0;
  for (; passed + stepMs < lengthMs; passed += stepMs) {
    pass(stepMs);
    expect((await use(cookie)).status).toBe(200);
  }
  pass(lengthMs - passed);
  expect((await use(cookie)).status).toBe(401);
});

test('what pages read by themselves is no use: polls, and all that the portal marks as its own', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const polled = await logInAs(api, { npn });
  const [marked, writing] = [await agent(), await agent()];
  pass(11 * hour);
  expect((await api.call('GET /v1/me/offers', { cookie: polled })).status).toBe(200);
  const background = { headers: { Background: 'yes' } };
  expect((await api.call('GET /v1/me/profile', { cookie: marked, ...background })).status).toBe(200);
  // a write is never a page's own
  const write = { cookie: writing, body: {}, ...background };
  expect((await api.call('POST /v1/me/availability/confirmation', write)).status).toBe(200);
  pass(2 * hour);
  expect([await isOpen(polled), await isOpen(marked), await isOpen(writing)]).toEqual([false, false, true]);
});

test('use is written once a minute, however many requests there are', async () => {
  const cookie = await agent();
  const writes = async (work: () => Promise<unknown>) =>
    (await recordStatements(work)).filter((statement) => statement.startsWith('update "sessions"')).length;
  const tenTimes = async () => {
    for (let times = 0; times < 10; times += 1) await use(cookie);
  };
  expect(await writes(tenTimes)).toBe(0);
  pass(61 * second);
  expect(await writes(tenTimes)).toBe(1);
});

test('a request takes one statement for its session, also of an agent', async () => {
  const cookie = await agent();
  const statements = await recordStatements(() => api.call('GET /v1/me/security-events', { cookie }));
  // besides those of the feed of changes, which reads all the time
  const own = statements.filter((statement) => !statement.includes('with committed as'));
  expect(own.map((statement) => statement.includes('"sessions"'))).toEqual([true, false]);
});

/** An account that logs in on several devices. */
async function onDevices(count: number) {
  const username = `user-${randomUUID()}`;
  const passwordHash = await hash(testPassword, { memoryCost: 1024, timeCost: 1 });
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const account = { id: randomUUID(), username, passwordHash, createdAt: new Date(), role: 'agent', npn };
  await api.db.insertInto('accounts').values(account).execute();
  const cookies: string[] = [];
  for (let device = 0; device < count; device += 1) {
    pass(second);
    const answer = await api.call('POST /v1/session', {
      body: { username, password: testPassword },
      headers: { 'X-Forwarded-For': `192.0.2.${device}` },
    });
    cookies.push(answer.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }
  return { cookies, accountId: account.id };
}

interface Listed {
  id: string;
  isCurrent: boolean;
  network: string;
}
const listOf = async (cookie: string) => (await use(cookie)).json['sessions'] as Listed[];

test('people see where they are logged in, and end one of them or all others', async () => {
  const { cookies } = await onDevices(4);
  const [first = '', second_ = '', third = '', fourth = ''] = cookies;
  const listed = await listOf(fourth);
  expect(listed.map(({ network, isCurrent }) => [network, isCurrent])).toEqual([
    ['192.0.2.3', true],
    ['192.0.2.2', false],
    ['192.0.2.1', false],
    ['192.0.2.0', false],
  ]);
  expect((await api.call(`DELETE /v1/me/sessions/${listed[3]?.id}`, { cookie: fourth })).status).toBe(204);
  expect((await api.call(`DELETE /v1/me/sessions/${listed[3]?.id}`, { cookie: fourth })).status).toBe(404);
  expect([await isOpen(first), await isOpen(second_)]).toEqual([false, true]);
  expect((await api.call('DELETE /v1/me/sessions', { cookie: fourth })).status).toBe(204);
  expect([await isOpen(second_), await isOpen(third), await isOpen(fourth)]).toEqual([false, false, true]);
  expect(await listOf(fourth)).toHaveLength(1);
  const { json } = await api.call('GET /v1/me/security-events', { cookie: fourth });
  const ended = (json['items'] as { kind: string; detail: string }[]).filter(
    ({ kind }) => kind === 'session-ended',
  );
  expect(ended.map(({ detail }) => detail)).toEqual(['ended-by-owner', 'ended-by-owner']);
});

test('the session of another account cannot be ended', async () => {
  const [own, other] = [await agent(), await agent()];
  const [session] = await listOf(other);
  expect((await api.call(`DELETE /v1/me/sessions/${session?.id}`, { cookie: own })).status).toBe(404);
  expect(await isOpen(other)).toBe(true);
});

test('of more than twenty sessions those used longest ago end', async () => {
  const { cookies } = await onDevices(20);
  pass(2 * minute);
  await use(cookies[0] ?? '');
  const { accountId } = await findAccount(cookies[0] ?? '');
  const { username } = await api.db
    .selectFrom('accounts')
    .select('username')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  await api.call('POST /v1/session', { body: { username, password: testPassword } });
  expect([await isOpen(cookies[0] ?? ''), await isOpen(cookies[1] ?? '')]).toEqual([true, false]);
});

async function findAccount(cookie: string) {
  const { json } = await api.call('GET /v1/session', { cookie });
  return { accountId: json['accountId'] as string };
}

test('a deactivation by ops ends every session of the agent, and is on record with who did it', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const own = await logInAs(api, { npn });
  const { accountId } = await findAccount(own);
  const by = await ops();
  const body = { reason: 'They asked us to.', because: 'departure' };
  expect((await api.call(`POST /v1/ops/agents/${npn}/deactivation`, { cookie: by, body })).status).toBe(200);
  expect((await api.call('GET /v1/me/profile', { cookie: own })).status).toBe(401);
  const { json } = await api.call(`GET /v1/ops/accounts/${accountId}/security-events`, { cookie: by });
  expect((json['items'] as object[])[0]).toMatchObject({
    kind: 'session-ended',
    detail: 'deactivated',
    byAccountId: (await findAccount(by)).accountId,
  });
});
