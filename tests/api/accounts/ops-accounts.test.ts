import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { access, openBeforeReady, type RouteKey, rolesOf } from '../../../api/access.ts';
import type { OpsRole } from '../../../domain/accounts/roles.ts';
import {
  type ApiAnswer,
  type ApiHarness,
  codesOf,
  openApiHarness,
  problemNameOf,
} from '../../harness/api-harness.ts';
import { untilLocked } from '../../harness/lock-waits.ts';
import { addAgent, cookieOf, logInAs, testPassword } from '../../harness/people/people.ts';
import { addAuthenticatorApp, nextCode } from '../../harness/people/second-factor.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

let api: ApiHarness;
let admin: string;
beforeAll(async () => {
  api = await openApiHarness();
});
beforeEach(async () => {
  await api.db.deleteFrom('sessions').execute();
  await api.db.deleteFrom('knownDevices').execute();
  await asOwner(api, "delete from ops_actions; delete from accounts where role <> 'agent'");
  admin = await logInAs(api, { role: 'ops-admin' });
});
afterAll(() => api.close());

const reason = 'They joined the team';
const chosen = 'Meadow!Trumpet4';
const post = (path: string, body: object, cookie = admin) =>
  api.call(`POST /v1/ops/accounts${path}`, { cookie, body });
const read = async (cookie: string) => (await api.call('GET /v1/session', { cookie })).json;
const idOf = async (cookie: string) => String((await read(cookie))['accountId']);
const bySession = (Object.keys(access) as RouteKey[]).filter(
  (key) => access[key] === 'visitor' || Object.hasOwn(rolesOf, access[key]),
);
const isOver = async (cookie: string) =>
  (await api.call('GET /v1/ops/onboardings/summary', { cookie })).status === 401;

/** Opens an account and logs in with the password that the answer has, a second factor, and then a password of its own. */
async function open(role: OpsRole) {
  const username = `new-${randomUUID()}`;
  const answer = await post('', { username, role, reason });
  const { account, password } = answer.json as unknown as { account: { id: string }; password: string };
  const secret = await addAuthenticatorApp(api.db, { accountId: account.id, linkSecret: api.linkSecret });
  const logIn = async (typed: unknown = chosen) =>
    api.call('POST /v1/session', { body: { username, password: typed, code: await nextCode(secret) } });
  const first = cookieOf(await logIn(password));
  const replaced = await api.call('PUT /v1/me/password', { cookie: first, body: { password: chosen } });
  return { id: account.id, username, password, logIn, cookie: cookieOf(replaced) };
}

/** What administrators did, without whom and when. */
const recorded = () =>
  api.db
    .selectFrom('opsActions')
    .select(['action', 'aboutAccountId', 'givenRole', 'reason', 'accountId'])
    .orderBy('at')
    .execute();

test('an administrator opens an account; its password is shown once, works, and who opened it is on record', async () => {
  const { id, username, password, cookie } = await open('auditor');
  expect(await read(cookie)).toMatchObject({ username, role: 'auditor', npn: null });
  const list = await api.call('GET /v1/ops/accounts', { cookie: admin });
  expect(list.json['accounts']).toContainEqual({
    id,
    username,
    role: 'auditor',
    createdAt: expect.any(String),
    deactivatedAt: null,
  });
  expect(list.text + api.logged()).not.toContain(password);
  expect(await recorded()).toEqual([
    {
      action: 'create-account',
      aboutAccountId: id,
      givenRole: 'auditor',
      reason,
      accountId: await idOf(admin),
    },
  ]);
});

test('a username is taken in any case, by an agent too', async () => {
  const { username } = await open('ops');
  const answer = await post('', { username: username.toUpperCase(), role: 'ops', reason });
  expect([answer.status, problemNameOf(answer), codesOf(answer)]).toEqual([
    422,
    'username-taken',
    { '/username': 'taken' },
  ]);
});

test('another role ends the sessions of the account and holds from the next log-in on', async () => {
  const { id, logIn, cookie } = await open('ops');
  for (const _time of [1, 2]) {
    const answer = await post(`/${id}/role`, { role: 'auditor', reason: 'They moved' });
    expect(answer).toMatchObject({ status: 200, json: { id, role: 'auditor' } });
  }
  expect(await isOver(cookie)).toBe(true);
  expect((await logIn()).json).toMatchObject({ role: 'auditor' });
  expect((await recorded()).map(({ action }) => action)).toEqual(['create-account', 'change-role']);
});

test('a new password ends the sessions, and the one before opens nothing', async () => {
  const { id, logIn, cookie } = await open('ops');
  const answer = await post(`/${id}/password`, { reason: 'They forgot it' });
  expect(await isOver(cookie)).toBe(true);
  expect([(await logIn(chosen)).status, (await logIn(answer.json['password'])).status]).toEqual([401, 200]);
});

test('a session by a generated password may only replace it and add a second factor, until it is replaced', async () => {
  const { id, logIn } = await open('ops-admin');
  const { password } = (await post(`/${id}/password`, { reason: 'They forgot it' })).json;
  const cookie = cookieOf(await logIn(password));
  expect(await read(cookie)).toMatchObject({ mustReplacePassword: true, mustAddSecondFactor: false });
  const admitted: string[] = [];
  for (const key of bySession) {
    const body = /^(POST|PUT|PATCH)/.test(key) ? { body: { unknown: true } } : {};
    const answer = await api.call(key.replace(/:\w+/g, 'x'), { cookie, ...body });
    if (problemNameOf(answer) !== 'generated-password') admitted.push(key);
  }
  expect(new Set(admitted)).toEqual(openBeforeReady);
  const replaced = await api.call('PUT /v1/me/password', { cookie, body: { password: 'Cactus!Violin8' } });
  expect(replaced.status).toBe(204);
  const own = cookieOf(replaced);
  expect(await read(own)).toMatchObject({ mustReplacePassword: false });
  expect((await api.call('GET /v1/ops/accounts', { cookie: own })).status).toBe(200);
  expect((await logIn(password)).status).toBe(401);
});

test('a generated password that nobody has replaced ends by itself after 72 hours', async () => {
  const { id, logIn } = await open('ops');
  const { password } = (await post(`/${id}/password`, { reason: 'They forgot it' })).json;
  const account = api.db.updateTable('accounts').where('id', '=', id);
  const { passwordEndsAt } = await account
    .set({ passwordEndsAt: sql<Date>`password_ends_at - interval '72 hours'` })
    .returning('passwordEndsAt')
    .executeTakeFirstOrThrow();
  expect(Math.abs(Date.now() - Number(passwordEndsAt))).toBeLessThan(60_000);
  const refused = await logIn(password);
  expect([refused.status, problemNameOf(refused)]).toEqual([401, 'log-in-failed']);
  await account.set({ passwordEndsAt: new Date(Date.now() + 1_000) }).execute();
  expect((await logIn(password)).status).toBe(200);
  const events = api.db.selectFrom('securityEvents').select('detail').where('accountId', '=', id);
  expect(await events.where('kind', '=', 'log-in-refused').execute()).toEqual([{ detail: 'password-ended' }]);
});

test('a deactivated account is out at once and for good', async () => {
  const { id, logIn, cookie } = await open('ops');
  const first = await post(`/${id}/deactivation`, { reason: 'They left' });
  expect((await post(`/${id}/deactivation`, { reason: 'They left' })).json).toEqual(first.json);
  expect(await isOver(cookie)).toBe(true);
  expect((await logIn()).status).toBe(401);
  for (const [path, body] of [
    ['role', { role: 'ops-admin', reason }],
    ['password', { reason }],
  ] as const) {
    const answer = await post(`/${id}/${path}`, body);
    expect([answer.status, problemNameOf(answer)]).toEqual([409, 'not-allowed-now']);
  }
  expect((await recorded()).map(({ action }) => action)).toEqual(['create-account', 'deactivate-account']);
});

test('the last administrator stays one: their role and their account cannot be taken, by themselves neither', async () => {
  const id = await idOf(admin);
  for (const [path, body] of [
    ['role', { role: 'ops', reason }],
    ['deactivation', { reason }],
  ] as const) {
    const answer = await post(`/${id}/${path}`, body);
    expect([answer.status, problemNameOf(answer)]).toEqual([409, 'not-allowed-now']);
  }
  const second = await open('ops-admin');
  expect((await post(`/${id}/role`, { role: 'ops', reason })).status).toBe(200);
  expect((await post(`/${second.id}/deactivation`, { reason }, second.cookie)).status).toBe(409);
});

test('two administrators who take each other’s role at the same moment: one stays', async () => {
  const second = await open('ops-admin');
  const [one, other] = [await idOf(admin), second.id];
  const answers: Promise<ApiAnswer>[] = [];
  // whoever may change a role waits before the end of their transaction, and whoever waits for the accounts waits too
  await api.db.transaction().execute(async (tx) => {
    await tx.selectFrom('sessions').select('id').where('accountId', 'in', [one, other]).forUpdate().execute();
    answers.push(post(`/${other}/role`, { role: 'ops', reason }));
    answers.push(post(`/${one}/role`, { role: 'ops', reason }, second.cookie));
    await untilLocked(api.db, 2);
  });
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409]);
  const admins = await api.db.selectFrom('accounts').select('id').where('role', '=', 'ops-admin').execute();
  expect(admins).toHaveLength(1);
});

test('who has lost every second factor has them removed: sessions end, the password stays, and it is on record', async () => {
  const { id, logIn, cookie } = await open('ops');
  const by = await idOf(admin);
  const reset = () => post(`/${id}/second-factor-reset`, { reason: 'They lost the phone' });
  for (const _time of [1, 2]) expect((await reset()).status).toBe(204);
  expect(await isOver(cookie)).toBe(true);
  const { username } = await api.db
    .selectFrom('accounts')
    .select('username')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const again = await api.call('POST /v1/session', { body: { username, password: chosen } });
  expect(again.json).toMatchObject({ mustAddSecondFactor: true });
  expect((await recorded()).map(({ action }) => action)).toEqual(['create-account', 'reset-second-factors']);
  const events = await api.db
    .selectFrom('securityEvents')
    .select(['kind', 'detail'])
    .where('accountId', '=', id)
    .where('byAccountId', '=', by)
    .where('kind', '<>', 'rights-changed')
    .orderBy('id')
    .execute();
  expect(events).toEqual([
    { kind: 'credentials-changed', detail: 'factors-reset' },
    { kind: 'session-ended', detail: 'factor-changed' },
  ]);
  await post(`/${id}/deactivation`, { reason: 'They left' });
  const late = await reset();
  expect([late.status, problemNameOf(late)]).toEqual([409, 'not-allowed-now']);
  expect((await logIn()).status).toBe(401);
});

test('an agent whose second factors are removed is told by mail, and logs in by password alone', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const id = await idOf(await logInAs(api, { npn }));
  await addAuthenticatorApp(api.db, { accountId: id, linkSecret: api.linkSecret });
  const { username } = await api.db
    .selectFrom('accounts')
    .select('username')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const enter = () => api.call('POST /v1/session', { body: { username, password: testPassword } });
  expect((await enter()).status).toBe(401);
  expect((await post(`/${id}/second-factor-reset`, { reason: 'They lost the phone' })).status).toBe(204);
  expect((await enter()).status).toBe(200);
  const notices = await api.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select(['kind', 'channel', 'data'])
    .where('npn', '=', npn)
    .execute();
  expect(notices).toEqual([
    { kind: 'credentials-changed', channel: 'email', data: { credentialChange: 'factors-reset' } },
  ]);
});

test('an administrator logs one account out, or everybody but themselves, and it is on record', async () => {
  const [one, other] = [await open('ops'), await open('auditor')];
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const agent = await logInAs(api, { npn });
  const isOut = async (cookie: string) => (await api.call('GET /v1/session', { cookie })).status === 204;
  for (const _time of [1, 2])
    expect((await post(`/${one.id}/session-end`, { reason: 'A lost laptop' })).status).toBe(204);
  expect([await isOut(one.cookie), await isOut(other.cookie)]).toEqual([true, false]);
  expect((await post(`/${randomUUID()}/session-end`, { reason })).status).toBe(404);
  const body = { reason: 'A leaked backup' };
  expect((await api.call('POST /v1/ops/session-end', { cookie: admin, body })).status).toBe(204);
  expect([await isOut(other.cookie), await isOut(agent), await isOut(admin)]).toEqual([true, true, false]);
  expect((await one.logIn()).status).toBe(200);
  const done = (await recorded()).filter(({ action }) => action.startsWith('end-'));
  expect(done).toMatchObject([
    { action: 'end-sessions', aboutAccountId: one.id, reason: 'A lost laptop' },
    { action: 'end-every-session', aboutAccountId: null, reason: 'A leaked backup' },
  ]);
  const events = api.db.selectFrom('securityEvents').select(['accountId', 'detail']).orderBy('id');
  const details = ['ended-by-administrator', 'of-everybody'];
  expect(await events.where('detail', 'in', details).execute()).toEqual([
    { accountId: one.id, detail: 'ended-by-administrator' },
    { accountId: await idOf(admin), detail: 'of-everybody' },
  ]);
});

test('an agent’s account is none of these', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const agent = await logInAs(api, { npn });
  const id = await idOf(agent);
  for (const [path, body] of [
    ['role', { role: 'ops', reason }],
    ['password', { reason }],
    ['deactivation', { reason }],
  ] as const)
    expect((await post(`/${id}/${path}`, body)).status).toBe(404);
  expect(await read(agent)).toMatchObject({ role: 'agent', npn });
});

test('each change of an account is a security event of it, with who did it', async () => {
  const { id } = await open('ops');
  const by = await idOf(admin);
  await post(`/${id}/role`, { role: 'auditor', reason });
  await post(`/${id}/role`, { role: 'auditor', reason });
  await post(`/${id}/password`, { reason });
  await post(`/${id}/deactivation`, { reason });
  const events = await api.db
    .selectFrom('securityEvents')
    .select(['kind', 'detail'])
    .where('accountId', '=', id)
    .where('byAccountId', '=', by)
    .orderBy('id')
    .execute();
  expect(events).toEqual([
    { kind: 'rights-changed', detail: 'ops' },
    { kind: 'rights-changed', detail: 'auditor' },
    { kind: 'credentials-changed', detail: 'password' },
    { kind: 'rights-changed', detail: 'deactivated' },
  ]);
});

test('an administrator who has not shown the password lately is asked for it before any change', async () => {
  const before = new Date(Date.now() - 11 * 60_000);
  await api.db.updateTable('sessions').set({ confirmedAt: before }).execute();
  expect((await api.call('GET /v1/ops/accounts', { cookie: admin })).status).toBe(200);
  const writes = (Object.keys(access) as RouteKey[]).filter((key) =>
    /^POST \/v1\/ops\/(accounts|feed-keys|session-end)/.test(key),
  );
  expect(writes).toHaveLength(10);
  for (const key of writes) {
    const answer = await api.call(key.replace(':id', randomUUID()), { cookie: admin, body: { reason } });
    expect([key, problemNameOf(answer)]).toEqual([key, 're-authentication-required']);
  }
});
