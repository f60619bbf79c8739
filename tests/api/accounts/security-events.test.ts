import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordSecurityEvent } from '../../../store/accounts/security-events.ts';
import { type ApiAnswer, type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { untilLocked } from '../../harness/lock-waits.ts';
import { addAgent, logInAs, testPassword } from '../../harness/people/people.ts';

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const from = (address: string, userAgent = firefox) => ({
  'X-Forwarded-For': address,
  'User-Agent': userAgent,
});

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({ proxies: 1 });
});
afterAll(() => api.close());

/** An agent who is logged in: their cookie and account. */
async function agent() {
  const cookie = await logInAs(api, { npn: await addAgent(api.db, { registered: true, stage: 'active' }) });
  const { json } = await api.call('GET /v1/session', { cookie });
  return { cookie, accountId: json['accountId'] as string, username: json['username'] as string };
}

/** The account's events as their owner reads them, latest first. */
async function eventsOf({ cookie }: { cookie: string }) {
  const { json } = await api.call('GET /v1/me/security-events', { cookie });
  return json['items'] as Record<string, unknown>[];
}

const logIn = (body: { username: string; password: string }, headers: Record<string, string>) =>
  api.call('POST /v1/session', { body, headers });

/** The log lines of security events of this account. */
const linesOf = (accountId: string) =>
  api
    .logged()
    .split('\n')
    .filter((line) => line.includes('"Security event"') && line.includes(accountId))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('log-ins, refused ones and the log-out are on record with network and browser, and logged without them', async () => {
  const { username, accountId, cookie } = await agent();
  await logIn({ username, password: 'Wrong!Word9' }, from('192.0.2.7'));
  await logIn({ username, password: testPassword }, from('2001:db8:1:2345::9'));
  await api.call('DELETE /v1/session', { cookie });
  const again = await logIn({ username, password: testPassword }, from('192.0.2.7', 'curl/8.5'));
  const own = again.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const seen = (await eventsOf({ cookie: own })).map(({ kind, network, browser }) => [
    kind,
    network,
    browser,
  ]);
  expect(seen.slice(0, 4)).toEqual([
    ['log-in', '192.0.2.7', 'another browser'],
    ['log-out', expect.any(String), 'another browser'],
    ['log-in', '2001:db8:1:2300::/56', 'Firefox on Windows'],
    ['log-in-refused', '192.0.2.7', 'Firefox on Windows'],
  ]);
  const lines = linesOf(accountId);
  expect(lines.map(({ securityEvent }) => securityEvent)).toEqual([
    'log-in',
    'log-in-refused',
    'log-in',
    'log-out',
    'log-in',
  ]);
  for (const secret of ['192.0.2.7', '2001:db8', 'Firefox', username])
    expect(JSON.stringify(lines)).not.toContain(secret);
});

test('the line of a request has the account of its session, and the event of a log-in what it was made with', async () => {
  const { accountId, cookie } = await agent();
  await api.call('GET /v1/me/offers', { cookie });
  const lines = api
    .logged()
    .split('\n')
    .filter((line) => line.includes('"Request answered"') && line.includes('/v1/me/offers'));
  expect(lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['accountId'])).toContain(
    accountId,
  );
  const opsCookie = await logInAs(api, { role: 'ops' });
  const ways = [...(await eventsOf({ cookie })), ...(await eventsOf({ cookie: opsCookie }))];
  expect(ways.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['log-in', 'password'],
    ['log-in', 'password-and-app-code'],
  ]);
});

test('an event of a change that is rolled back is neither on record nor in the log', async () => {
  const { cookie, accountId } = await agent();
  let answer: Promise<ApiAnswer> | undefined;
  // the session ends after the password was set and before the session gets another token
  await api.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('sessions').where('accountId', '=', accountId).execute();
    answer = api.call('PUT /v1/me/password', { cookie, body: { password: 'Meadow!Trumpet4' } });
    await untilLocked(api.db);
  });
  expect((await answer)?.status).toBe(401);
  const kinds = linesOf(accountId).map(({ securityEvent }) => securityEvent);
  expect(kinds).toEqual(['log-in']);
  const rows = api.db.selectFrom('securityEvents').select('kind').where('accountId', '=', accountId);
  expect(await rows.execute()).toEqual([{ kind: 'log-in' }]);
});

test('a refused log-in with a username that nobody has is on record for nobody', async () => {
  await logIn({ username: randomUUID(), password: testPassword }, from('192.0.2.70'));
  const rows = await api.db
    .selectFrom('securityEvents')
    .select(['kind', 'accountId', 'detail'])
    .where('network', '=', '192.0.2.70')
    .execute();
  expect(rows).toEqual([{ kind: 'log-in-refused', accountId: null, detail: null }]);
});

test('what can be repeated without end is recorded once in ten minutes', async () => {
  const someone = await agent();
  for (let times = 0; times < 5; times += 1) {
    expect((await api.call('GET /v1/ops/feeds', { cookie: someone.cookie })).status).toBe(403);
    expect((await api.call('PUT /v1/feeds/licenses', { bearer: 'wrong', body: '' })).status).toBe(403);
  }
  await api.call('GET /v1/ops/zips', { cookie: someone.cookie });
  const refused = (await eventsOf(someone)).filter(({ kind }) => kind === 'access-refused');
  expect(refused.map(({ detail }) => detail)).toEqual(['GET /v1/ops/zips', 'GET /v1/ops/feeds']);
  const wrongKeys = await api.db
    .selectFrom('securityEvents')
    .select('detail')
    .where('kind', '=', 'key-used-wrongly')
    .execute();
  expect(wrongKeys).toEqual([{ detail: 'PUT /v1/feeds/:kind' }]);

  const event = {
    kind: 'access-refused',
    accountId: someone.accountId,
    detail: 'GET /v1/ops/feeds',
  } as const;
  const network = '192.0.2.1';
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 1, 12, minutes));
  const recorded = [];
  for (const minutes of [0, 9, 11])
    recorded.push(await recordSecurityEvent(api.db, { ...event, network, at: at(minutes) }));
  expect(recorded).toEqual([true, false, true]);
});

test('a password that is not even checked any more is on record', async () => {
  const { username, accountId, cookie } = await agent();
  for (let times = 0; times < 13; times += 1)
    await logIn({ username, password: 'Wrong!Word9' }, from('192.0.2.80'));
  const kinds = (await eventsOf({ cookie })).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'log-in-limited')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'log-in-refused')).toHaveLength(10);
  expect(linesOf(accountId).at(-1)).toMatchObject({ securityEvent: 'log-in-limited' });
});

test('ops read the events of an account a page at a time, latest first, and an agent those of no other', async () => {
  const someone = await agent();
  const other = await agent();
  for (let number = 0; number < 60; number += 1)
    await recordSecurityEvent(api.db, {
      kind: 'step-up',
      at: new Date(Date.UTC(2026, 10, 1, 12, number)),
      accountId: someone.accountId,
    });
  const ops = await logInAs(api, { role: 'ops' });
  const path = `GET /v1/ops/accounts/${someone.accountId}/security-events`;
  const first = await api.call(path, { cookie: ops });
  const second = await api.call(`${path}?page=${String(first.json['nextPage'])}`, { cookie: ops });
  const all = [first, second].flatMap(({ json }) => json['items'] as { at: string; kind: string }[]);
  expect(all).toHaveLength(61);
  expect(second.json['nextPage']).toBeNull();
  expect(all.map(({ kind }) => kind)).toEqual([...Array.from({ length: 60 }, () => 'step-up'), 'log-in']);
  expect((await api.call(path, { cookie: other.cookie })).status).toBe(403);
  expect(
    (await api.call(`GET /v1/ops/accounts/${randomUUID()}/security-events`, { cookie: ops })).status,
  ).toBe(404);
  expect((await eventsOf(other)).map(({ kind }) => kind)).toEqual(['access-refused', 'log-in']);
});
