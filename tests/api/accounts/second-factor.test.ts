import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { appCode } from '../../../store/accounts/totp.ts';
import {
  type ApiAnswer,
  type ApiHarness,
  codesOf,
  openApiHarness,
  problemNameOf,
} from '../../harness/api-harness.ts';
import { addAccount, addAgent, cookieOf, testPassword } from '../../harness/people/people.ts';

let api: ApiHarness;
/** The API's clock stands still unless a test advances it. */
let nowMs = Date.UTC(2026, 10, 30, 15);
const step = 30_000;
beforeAll(async () => {
  api = await openApiHarness({ proxies: 1, now: () => new Date(nowMs) });
});
beforeEach(() => {
  nowMs += 100 * step;
});
afterAll(() => api.close());

interface Person {
  username: string;
  accountId: string;
  cookie: string;
}

/** Logs in. Each attempt comes from a network of its own, unless `from` says which. */
let network = 0;
function logIn(
  { username }: Pick<Person, 'username'>,
  {
    code,
    password = testPassword,
    from,
    cookie,
  }: { code?: string; password?: string; from?: string; cookie?: string } = {},
): Promise<ApiAnswer> {
  network += 1;
  return api.call('POST /v1/session', {
    body: { username, password, code },
    headers: {
      'X-Forwarded-For': from ?? `10.1.${network >> 8}.${network & 255}`,
      ...(cookie ? { Cookie: cookie } : {}),
    },
  });
}

/** Somebody who is logged in, without a second factor. */
async function person(role: 'agent' | 'ops'): Promise<Person> {
  const npn = role === 'agent' ? await addAgent(api.db, { registered: true, stage: 'active' }) : undefined;
  const account = await addAccount(api.db, npn ? { npn } : { role: 'ops' });
  return { ...account, cookie: cookieOf(await logIn(account)) };
}

/** Adds an authenticator app with the code of the step before, so that the codes of now and later are unused. */
async function addApp({
  cookie,
}: Pick<Person, 'cookie'>): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun = await api.call('POST /v1/me/second-factor/authenticator-app/secret', { cookie, body: {} });
  const { keyId, secret } = begun.json as unknown as { keyId: string; secret: string };
  const code = appCode(secret, new Date(nowMs - step));
  const added = await api.call('PUT /v1/me/second-factor/authenticator-app', {
    cookie,
    body: { keyId, code },
  });
  expect(added.status).toBe(200);
  return { secret, recoveryCodes: added.json['recoveryCodes'] as string[] };
}

async function withApp(role: 'agent' | 'ops' = 'agent') {
  const someone = await person(role);
  return { ...someone, ...(await addApp(someone)) };
}

const codeOf = (secret: string, steps = 0) => appCode(secret, new Date(nowMs + steps * step));
/** A code that no step near now has. */
function wrongCode(secret: string, not = 0): string {
  const right = new Set([-1, 0, 1].map((steps) => codeOf(secret, steps)));
  for (let number = not; ; number += 1) {
    const code = String(number).padStart(6, '0');
    if (!right.has(code)) return code;
  }
}
const named = (answer: ApiAnswer) => [answer.status, problemNameOf(answer)];
const statuses = (answers: readonly ApiAnswer[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

test('a log-in by password asks for the code of the app, and says so only to who knows the password', async () => {
  const someone = await withApp();
  const asked = await logIn(someone);
  expect(named(asked)).toEqual([401, 'second-factor-required']);
  expect(asked.json['by']).toEqual(['code']);
  expect(asked.headers.getSetCookie()).toEqual([]);
  expect(named(await logIn(someone, { password: 'Wrong!Word9' }))).toEqual([401, 'log-in-failed']);
  const both = await logIn(someone, { password: 'Wrong!Word9', code: codeOf(someone.secret) });
  expect(named(both)).toEqual([401, 'log-in-failed']);
  expect(named(await logIn(someone, { code: wrongCode(someone.secret) }))).toEqual([
    401,
    'second-factor-failed',
  ]);
  // typed as people type it; the wrong password before has not used it up
  const typed = codeOf(someone.secret).replace(/^(...)/, ' $1 ');
  expect((await logIn(someone, { code: typed })).status).toBe(200);
  expect(codesOf(await logIn(someone, { code: '12345' }))).toEqual({ '/code': expect.any(String) });
});

test('a code counts once, also when it comes twice at the same moment, and so does every earlier one', async () => {
  const someone = await withApp();
  const code = codeOf(someone.secret);
  expect(statuses(await Promise.all(range(5).map(() => logIn(someone, { code }))))).toEqual([
    200, 401, 401, 401, 401,
  ]);
  expect(named(await logIn(someone, { code }))).toEqual([401, 'second-factor-failed']);
  expect((await logIn(someone, { code: codeOf(someone.secret, 1) })).status).toBe(200);
  expect((await logIn(someone, { code: codeOf(someone.secret) })).status).toBe(401);
  nowMs += 2 * step;
  expect((await logIn(someone, { code: codeOf(someone.secret, -2) })).status).toBe(401);
  expect((await logIn(someone, { code: codeOf(someone.secret, 2) })).status).toBe(401);
  expect((await logIn(someone, { code: codeOf(someone.secret) })).status).toBe(200);
});

test('a recovery code counts once, and new ones make the earlier ones void', async () => {
  const someone = await withApp();
  const { recoveryCodes, cookie } = someone;
  expect(new Set(recoveryCodes).size).toBe(10);
  const [first = '', second = ''] = recoveryCodes;
  expect(first).toMatch(/^([A-Z2-7]{4}-){6}[A-Z2-7]{2}$/);
  const typed = first.toLowerCase().replaceAll('-', ' ');
  expect(statuses(await Promise.all(range(4).map(() => logIn(someone, { code: typed }))))).toEqual([
    200, 401, 401, 401,
  ]);
  const left = await api.call('GET /v1/me/second-factor', { cookie });
  expect(left.json).toMatchObject({ recoveryCodes: 9, required: false, passkeys: 0 });
  const replaced = await api.call('POST /v1/me/second-factor/recovery-codes', { cookie, body: {} });
  const [newer = ''] = replaced.json['recoveryCodes'] as string[];
  expect((await logIn(someone, { code: second })).status).toBe(401);
  expect((await logIn(someone, { code: newer })).status).toBe(200);
});

test('an app that is confirmed again by a code that was used is refused, so that used codes stay used', async () => {
  const someone = await person('agent');
  const { cookie } = someone;
  const begun = await api.call('POST /v1/me/second-factor/authenticator-app/secret', { cookie, body: {} });
  const { keyId, secret } = begun.json as unknown as { keyId: string; secret: string };
  const confirm = (steps: number) =>
    api.call('PUT /v1/me/second-factor/authenticator-app', {
      cookie,
      body: { keyId, code: codeOf(secret, steps) },
    });
  expect((await confirm(0)).status).toBe(200);
  expect(codesOf(await confirm(-1))).toEqual({ '/code': expect.any(String) });
  expect(codesOf(await confirm(0))).toEqual({ '/code': expect.any(String) });
  expect(named(await logIn(someone, { code: codeOf(secret) }))).toEqual([401, 'second-factor-failed']);
  expect((await logIn(someone, { code: codeOf(secret, 1) })).status).toBe(200);
});

test('a session that began without a second factor ends when another one adds it', async () => {
  const owner = await person('ops');
  const stranger = cookieOf(await logIn(owner));
  const read = (cookie: string) => api.call('GET /v1/me/second-factor', { cookie });
  expect((await read(stranger)).status).toBe(200);
  await addApp(owner);
  expect([(await read(owner.cookie)).status, (await read(stranger)).status]).toEqual([200, 401]);
});

test('a right password without its code is on record, once in ten minutes', async () => {
  const someone = await withApp();
  await logIn(someone, { from: '10.9.9.9' });
  await logIn(someone, { from: '10.9.9.9' });
  const events = await api.db
    .selectFrom('securityEvents')
    .select('accountId')
    .where('kind', '=', 'second-factor-asked')
    .where('accountId', '=', someone.accountId)
    .execute();
  expect(events).toHaveLength(1);
});

describe('wrong codes count like wrong passwords', () => {
  const guesses = (someone: Person & { secret: string }, count: number, from: (at: number) => string) =>
    Promise.all(
      range(count).map((at) => logIn(someone, { code: wrongCode(someone.secret, at * 7), from: from(at) })),
    );
  const checked = (answers: readonly ApiAnswer[]) => answers.filter(({ status }) => status === 401).length;

  test.each([
    ['one IPv4 address', () => '192.0.2.1', 10],
    ['one IPv6 block', (at: number) => `2001:db8:5:1::${at}`, 10],
    ['many networks', (at: number) => `10.200.0.${at}`, 20],
  ] as const)(
    'of 40 guesses at once from %s as many are checked as of passwords',
    async (_which, from, allowed) => {
      const someone = await withApp();
      expect(checked(await guesses(someone, 40, from))).toBe(allowed);
    },
  );

  test('the right password without a code costs no try, and wins none back', async () => {
    const someone = await withApp();
    const from = '192.0.2.9';
    for (const at of range(15)) {
      expect([at, problemNameOf(await logIn(someone, { from }))]).toEqual([at, 'second-factor-required']);
    }
    const tries: string[] = [];
    for (const at of range(15)) {
      tries.push(
        problemNameOf(await logIn(someone, { code: wrongCode(someone.secret, at * 7), from })) ?? '',
      );
      await logIn(someone, { from });
    }
    expect(tries.filter((name) => name === 'second-factor-failed')).toHaveLength(10);
    expect(tries.slice(10)).toEqual(range(5).map(() => 'too-many-requests'));
  });

  test('the owner still gets in from a device that logged in before', async () => {
    const someone = await withApp();
    const first = await logIn(someone, { code: codeOf(someone.secret) });
    const device = first.headers.getSetCookie()[1]?.split(';')[0] ?? '';
    await guesses(someone, 40, (at) => `10.201.0.${at}`);
    expect((await logIn(someone, { code: codeOf(someone.secret, 1) })).status).toBe(429);
    expect((await logIn(someone, { code: codeOf(someone.secret, 1), cookie: device })).status).toBe(200);
  });
});

describe('after thirty wrong codes of one day', () => {
  /** Types wrong codes after the right password, each as soon as the limits of log-ins let it. */
  async function guess(someone: Person & { secret: string }, count: number): Promise<string[]> {
    const names: string[] = [];
    for (const at of range(count)) {
      nowMs += 10 * 60_000;
      names.push(problemNameOf(await logIn(someone, { code: wrongCode(someone.secret, at * 7) })) ?? '');
    }
    return names;
  }
  const toldOf = async ({ accountId }: Person) =>
    api.db
      .selectFrom('notices')
      .innerJoin('accounts', 'accounts.npn', 'notices.npn')
      .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
      .select('channel')
      .where('accounts.id', '=', accountId)
      .where('kind', '=', 'codes-refused')
      .execute();

  test('from networks without end no code is checked, and the owner is told by mail once', async () => {
    const someone = await withApp();
    const tries = await guess(someone, 29);
    expect(await toldOf(someone)).toEqual([]);
    tries.push(...(await guess(someone, 5)));
    expect(tries).toEqual([...Array(30).fill('second-factor-failed'), ...Array(4).fill('too-many-requests')]);
    expect(await toldOf(someone)).toEqual([{ channel: 'email' }]);
    const right = await logIn(someone, { code: codeOf(someone.secret) });
    expect(named(right)).toEqual([429, 'too-many-requests']);
    expect(Number(right.headers.get('Retry-After'))).toBeGreaterThan(60 * 60);
    nowMs += 24 * 60 * 60_000;
    expect((await logIn(someone, { code: codeOf(someone.secret) })).status).toBe(200);
  });

  test('the owner gets in with a recovery code, and from a device that logged in before', async () => {
    const someone = await withApp();
    const first = await logIn(someone, { code: codeOf(someone.secret) });
    const cookie = first.headers.getSetCookie()[1]?.split(';')[0] ?? '';
    await guess(someone, 31);
    const [recovery = ''] = someone.recoveryCodes;
    expect((await logIn(someone, { code: recovery })).status).toBe(200);
    expect((await logIn(someone, { code: codeOf(someone.secret), cookie })).status).toBe(200);
  });
});

describe('accounts that are not of agents', () => {
  test('can do nothing before they have a second factor but to add one', async () => {
    const { cookie } = await person('ops');
    expect((await api.call('GET /v1/session', { cookie })).json['mustAddSecondFactor']).toBe(true);
    expect(named(await api.call('GET /v1/ops/onboardings', { cookie }))).toEqual([
      403,
      'second-factor-missing',
    ]);
    expect((await api.call('GET /v1/me/second-factor', { cookie })).json).toEqual({
      required: true,
      authenticatorApp: null,
      passkeys: 0,
      recoveryCodes: 0,
    });
    await addApp({ cookie });
    expect((await api.call('GET /v1/ops/onboardings', { cookie })).status).toBe(200);
    expect((await api.call('GET /v1/session', { cookie })).json['mustAddSecondFactor']).toBe(false);
  });

  test('cannot remove their last second factor; agents can, and their recovery codes go with it', async () => {
    const ops = await withApp('ops');
    const remove = ({ cookie }: Person) =>
      api.call('DELETE /v1/me/second-factor/authenticator-app', { cookie });
    expect(named(await remove(ops))).toEqual([409, 'not-allowed-now']);
    const agent = await withApp('agent');
    expect((await remove(agent)).status).toBe(204);
    expect((await logIn(agent)).status).toBe(200);
    const left = await api.db
      .selectFrom('recoveryCodes')
      .where('accountId', '=', agent.accountId)
      .selectAll()
      .execute();
    expect(left).toEqual([]);
    const codes = await api.call('POST /v1/me/second-factor/recovery-codes', {
      cookie: agent.cookie,
      body: {},
    });
    expect(named(codes)).toEqual([409, 'not-allowed-now']);
  });
});

test('an app is added only by a code that it shows now, and replaces the one before', async () => {
  const someone = await withApp();
  const { cookie } = someone;
  const begun = await api.call('POST /v1/me/second-factor/authenticator-app/secret', { cookie, body: {} });
  const { keyId, secret } = begun.json as unknown as { keyId: string; secret: string };
  const send = (code: string) =>
    api.call('PUT /v1/me/second-factor/authenticator-app', { cookie, body: { keyId, code } });
  expect(codesOf(await send(wrongCode(secret)))).toEqual({ '/code': 'wrong' });
  expect((await logIn(someone, { code: codeOf(someone.secret) })).status).toBe(200);
  expect((await send(codeOf(secret))).status).toBe(200);
  expect((await logIn(someone, { code: codeOf(someone.secret, 1) })).status).toBe(401);
  expect((await logIn(someone, { code: codeOf(secret) })).status).toBe(401);
  expect((await logIn(someone, { code: codeOf(secret, 1) })).status).toBe(200);
});

test('changes need a session that was confirmed lately; the confirmation asks for what a log-in asks for', async () => {
  const someone = await withApp();
  let { cookie } = someone;
  nowMs += 20 * step;
  const changes = [
    ['POST /v1/me/second-factor/authenticator-app/secret', {}],
    ['PUT /v1/me/second-factor/authenticator-app', { keyId: someone.accountId, code: '123456' }],
    ['DELETE /v1/me/second-factor/authenticator-app', undefined],
    ['POST /v1/me/second-factor/recovery-codes', {}],
  ] as const;
  for (const [key, body] of changes)
    expect([key, ...named(await api.call(key, { cookie, body }))]).toEqual([
      key,
      403,
      're-authentication-required',
    ]);
  const confirm = (body: object) => api.call('POST /v1/session/confirmation', { cookie, body });
  expect(named(await confirm({ password: testPassword }))).toEqual([401, 'second-factor-required']);
  const code = codeOf(someone.secret);
  const confirmed = await confirm({ password: testPassword, code });
  expect(confirmed.status).toBe(200);
  cookie = cookieOf(confirmed);
  expect((await api.call('POST /v1/me/second-factor/recovery-codes', { cookie, body: {} })).status).toBe(200);
});

test('neither secrets nor codes are in the database or in the log; changes are security events, and told the owner', async () => {
  const { cookie, accountId, secret, recoveryCodes } = await withApp();
  const tables = ['authenticatorApps', 'recoveryCodes', 'securityEvents'] as const;
  const rows = await Promise.all(tables.map((table) => api.db.selectFrom(table).selectAll().execute()));
  const [code = ''] = recoveryCodes;
  for (const kept of [JSON.stringify(rows), api.logged()]) {
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(code);
    expect(kept).not.toContain(code.replaceAll('-', ''));
  }
  nowMs += 1;
  await api.call('DELETE /v1/me/second-factor/authenticator-app', { cookie });
  const events = await api.db
    .selectFrom('securityEvents')
    .select('detail')
    .where('accountId', '=', accountId)
    .where('kind', '=', 'credentials-changed')
    .orderBy('id')
    .execute();
  const changes = ['authenticator-added', 'authenticator-removed'];
  expect(events.map(({ detail }) => detail)).toEqual(changes);
  const notices = await api.db
    .selectFrom('notices')
    .innerJoin('accounts', 'accounts.npn', 'notices.npn')
    .select('data')
    .where('accounts.id', '=', accountId)
    .where('kind', '=', 'credentials-changed')
    .orderBy('notices.createdAt')
    .execute();
  expect(notices.map(({ data }) => data)).toEqual(changes.map((credentialChange) => ({ credentialChange })));
});
