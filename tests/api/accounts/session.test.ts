import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash, verify } from '@node-rs/argon2';
import { sha256 } from '../../../store/tokens.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, logInAs, testPassword } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

async function account(): Promise<{ npn: string; username: string }> {
  const npn = await addAgent(api.db, { registered: true });
  const username = `Ana.${randomUUID()}`;
  await api.db
    .insertInto('accounts')
    .values({
      id: randomUUID(),
      username,
      role: 'agent',
      npn,
      createdAt: new Date(),
      passwordHash: await hash(testPassword),
    })
    .execute();
  return { npn, username };
}

test('an agent logs in, is recognized by the cookie, and logs out', async () => {
  const { npn, username } = await account();
  const answer = await api.call('POST /v1/session', {
    body: { username: username.toLowerCase(), password: testPassword },
  });
  expect(answer.json).toEqual({
    accountId: expect.any(String),
    username,
    role: 'agent',
    npn,
    firstName: 'Marisol',
    terminated: false,
    mustAddSecondFactor: false,
    mustReplacePassword: false,
  });
  const [header = ''] = answer.headers.getSetCookie();
  expect(header).toMatch(
    /^session-80=[\w-]{43}; Max-Age=604800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
  );

  const cookie = header.split(';')[0] ?? '';
  expect((await api.call('GET /v1/session', { cookie })).json).toMatchObject({ npn });
  expect((await api.call('DELETE /v1/session', { cookie })).status).toBe(204);
  expect((await api.call('GET /v1/session', { cookie })).status).toBe(204);
});

test('without a session there is no account to get, and that is no error', async () => {
  const answer = await api.call('GET /v1/session');
  expect([answer.status, answer.text]).toEqual([204, '']);
  expect((await api.call('GET /v1/session', { cookie: 'session-80=unknown' })).status).toBe(204);
});

test('the database stores the hash of a session’s token, not the token', async () => {
  const { npn } = await account();
  const cookie = await logInAs(api, { role: 'ops' });
  const token = cookie.split('=')[1] ?? '';
  const rows = await api.db.selectFrom('sessions').select('tokenSha256').execute();
  expect(rows.map((row) => row.tokenSha256)).toContain(sha256(token));
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(npn).toBeDefined();
});

test('over https the cookie has the prefix __Host- and is Secure', async () => {
  const secure = await openApiHarness({ publicUrl: 'https://help.example.org' });
  try {
    const { username } = await accountOf(secure);
    const answer = await secure.call('POST /v1/session', { body: { username, password: testPassword } });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-session=.*; HttpOnly; Secure; SameSite=Lax$/);
    expect(answer.headers.get('Strict-Transport-Security')).toBeTruthy();
  } finally {
    await secure.close();
  }
});

async function accountOf({ db }: ApiHarness): Promise<{ username: string }> {
  const username = `ops-${randomUUID()}`;
  const passwordHash = await hash(testPassword);
  await db
    .insertInto('accounts')
    .values({ id: randomUUID(), username, role: 'ops', npn: null, createdAt: new Date(), passwordHash })
    .execute();
  return { username };
}

test('a wrong password and an unknown username get the same answer', async () => {
  const { username } = await account();
  const wrong = await api.call('POST /v1/session', { body: { username, password: 'Wrong!Word9' } });
  const unknown = await api.call('POST /v1/session', {
    body: { username: randomUUID(), password: testPassword },
  });
  const { instance: _, ...one } = wrong.json;
  const { instance: __, ...other } = unknown.json;
  expect(one).toEqual(other);
  expect([wrong.status, problemNameOf(wrong)]).toEqual([401, 'log-in-failed']);
});

test('a session expires', async () => {
  const cookie = await logInAs(api, { role: 'ops' });
  await api.db
    .updateTable('sessions')
    .set({ expiresAt: new Date(Date.now() - 1) })
    .where('tokenSha256', '=', sha256(cookie.split('=')[1] ?? ''))
    .execute();
  expect((await api.call('GET /v1/session', { cookie })).status).toBe(204);
});

test.each([
  ['another site', { Origin: 'https://evil.example.com' }],
  ['a page that hides its origin', { Origin: 'null' }],
  ['a browser that marks it as cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a neighbor on another subdomain', { 'Sec-Fetch-Site': 'same-site' }],
])('a write with a session from %s is refused, and changes nothing', async (_who, headers) => {
  const cookie = await logInAs(api, { role: 'ops' });
  const answer = await api.call('DELETE /v1/session', { cookie, headers });
  expect([answer.status, problemNameOf(answer)]).toEqual([403, 'foreign-origin']);
  expect((await api.call('GET /v1/session', { cookie })).status).toBe(200);
});

test('a write with a session and without an origin is refused', async () => {
  const npn = await addAgent(api.db, { registered: true });
  const cookie = await logInAs(api, { npn });
  const response = await fetch(`${api.url}/v1/me/profile`, {
    method: 'PATCH',
    headers: { Cookie: cookie, 'Content-Type': 'application/json' },
    body: '{"zip":"84101"}',
  });
  expect(response.status).toBe(403);
});

test('a password logs in from every keyboard, in each Unicode form', async () => {
  const { username } = await account();
  const typed = 'Montaña!7-Lluvia';
  const forms = ['NFC', 'NFD'] as const;
  for (const storedForm of forms) {
    const passwordHash = await hash(typed.normalize(storedForm));
    await api.db.updateTable('accounts').set({ passwordHash }).where('username', '=', username).execute();
    const statuses = [];
    for (const form of forms) {
      const body = { username, password: typed.normalize(form) };
      statuses.push((await api.call('POST /v1/session', { body })).status);
    }
    expect(statuses).toEqual([200, 200]);
    const { passwordHash: now } = await api.db
      .selectFrom('accounts')
      .select('passwordHash')
      .where('username', '=', username)
      .executeTakeFirstOrThrow();
    // a hash of another form is replaced once by that of the normal form
    expect(await verify(now, typed.normalize('NFC'))).toBe(true);
    expect(now === passwordHash).toBe(storedForm === 'NFC');
  }
  const wrong = await api.call('POST /v1/session', { body: { username, password: 'Montana!7-Lluvia' } });
  expect(wrong.status).toBe(401);
});

test('an old username that is no longer allowed still logs in, also with spaces around it', async () => {
  const username = `ana.${randomUUID()}@example.com`.slice(-60);
  const passwordHash = await hash(testPassword, { memoryCost: 1024, timeCost: 1 });
  await api.db
    .insertInto('accounts')
    .values({ id: randomUUID(), username, role: 'ops', npn: null, createdAt: new Date(), passwordHash })
    .execute();
  for (const typed of [username, `${username} `, `\u200b ${username.toUpperCase()}\u00a0`]) {
    const answer = await api.call('POST /v1/session', {
      body: { username: typed, password: testPassword },
    });
    expect(answer.json).toMatchObject({ username });
  }
});
