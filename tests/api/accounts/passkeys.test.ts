import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  AuthenticationResponse,
  LogInOptions,
  RegistrationOptions,
} from '../../../api/schemas/accounts/passkeys.ts';
import {
  type ApiAnswer,
  type ApiHarness,
  codesOf,
  openApiHarness,
  problemNameOf,
} from '../../harness/api-harness.ts';
import { addAccount, addAgent, cookieOf, testPassword } from '../../harness/people/people.ts';
import { createSoftwareAuthenticator, type Lies } from '../../harness/people/software-authenticator.ts';

const origin = 'https://help.example.org';

let api: ApiHarness;
/** The API's clock stands still unless a test advances it. */
const startMs = Date.now();
let aheadMs = 0;
beforeAll(async () => {
  api = await openApiHarness({ publicUrl: origin, proxies: 1, now: () => new Date(startMs + aheadMs) });
});
afterAll(() => api.close());

const named = (answer: ApiAnswer) => [answer.status, problemNameOf(answer)];

async function person(role: 'agent' | 'ops' = 'agent') {
  const npn = role === 'agent' ? await addAgent(api.db, { registered: true, stage: 'active' }) : undefined;
  const account = await addAccount(api.db, npn ? { npn } : { role: 'ops' });
  const answer = await logInByPassword(account.username);
  return { ...account, cookie: cookieOf(answer) };
}
type Person = Awaited<ReturnType<typeof person>>;

const logInByPassword = (username: string, from = '10.3.0.1') =>
  api.call('POST /v1/session', {
    body: { username, password: testPassword },
    headers: { 'X-Forwarded-For': from },
  });

async function begin({ cookie }: Pick<Person, 'cookie'>): Promise<RegistrationOptions> {
  const { json } = await api.call('POST /v1/passkeys/registration-options', { cookie, body: {} });
  return json as unknown as RegistrationOptions;
}

/** Adds a passkey of a device to an account. */
async function add(
  someone: Person,
  {
    device = createSoftwareAuthenticator(origin),
    lies,
  }: { device?: ReturnType<typeof createSoftwareAuthenticator>; lies?: Lies } = {},
) {
  const options = await begin(someone);
  const credential = device.create(options, lies);
  const answer = await api.call('POST /v1/passkeys', {
    cookie: someone.cookie,
    body: { name: 'Phone', credential },
  });
  return { answer, device, options, credential };
}

async function challenge(): Promise<LogInOptions> {
  return (await api.call('POST /v1/passkeys/log-in-options', { body: {} })).json as unknown as LogInOptions;
}

const send = (credential: AuthenticationResponse) =>
  api.call('POST /v1/passkeys/log-in', { body: { credential } });

async function logIn(
  device: ReturnType<typeof createSoftwareAuthenticator>,
  lies: Lies = {},
): Promise<ApiAnswer> {
  return send(device.get(await challenge(), lies));
}

test('a passkey is added, named, logs in without a username or a code, and is removed', async () => {
  const someone = await person('ops');
  const { answer, device, options } = await add(someone);
  expect(answer.status).toBe(201);
  const { id } = answer.json as { id: string };
  expect(options).toMatchObject({
    rp: { id: 'help.example.org' },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const { cookie } = someone;
  await api.call(`PATCH /v1/passkeys/${id}`, { cookie, body: { name: 'Ada’s phone' } });
  const inside = await logIn(device, { counter: 1 });
  expect(inside.json).toMatchObject({ username: someone.username, role: 'ops', mustAddSecondFactor: false });
  const own = cookieOf(inside);
  expect((await api.call('GET /v1/ops/onboardings', { cookie: own })).status).toBe(200);
  expect((await api.call('GET /v1/passkeys', { cookie: own })).json).toEqual({
    passkeys: [
      { id, name: 'Ada’s phone', createdAt: expect.any(String), usedAt: expect.any(String), isSynced: true },
    ],
  });
  // by password the passkey is asked for, since ops need two factors
  const asked = await logInByPassword(someone.username);
  expect([...named(asked), asked.json['by']]).toEqual([401, 'second-factor-required', ['passkey']]);

  expect(named(await api.call(`DELETE /v1/passkeys/${id}`, { cookie: own }))).toEqual([
    409,
    'not-allowed-now',
  ]);
  const second = await add(someone);
  // the sessions before it have ended
  expect((await api.call(`DELETE /v1/passkeys/${id}`, { cookie: own })).status).toBe(401);
  const ofAdding = { cookie: someone.cookie };
  expect((await api.call(`DELETE /v1/passkeys/${id}`, ofAdding)).status).toBe(204);
  expect(named(await logIn(device, { counter: 2 }))).toEqual([401, 'passkey-refused']);
  expect((await logIn(second.device)).status).toBe(200);
});

test('an agent with a passkey may still log in by password, and may remove the last one', async () => {
  const someone = await person();
  const { answer } = await add(someone);
  expect((await logInByPassword(someone.username)).status).toBe(200);
  const removed = await api.call(`DELETE /v1/passkeys/${String(answer.json['id'])}`, {
    cookie: someone.cookie,
  });
  expect(removed.status).toBe(204);
});

test('devices learn a random name that is the same for all passkeys of the account, and which they have', async () => {
  const someone = await person();
  const { options, credential } = await add(someone);
  const again = await begin(someone);
  expect(again.user.id).toBe(options.user.id);
  expect(Buffer.from(options.user.id, 'base64url')).toHaveLength(32);
  expect(again.excludeCredentials).toEqual([
    { id: credential.id, type: 'public-key', transports: ['internal', 'hybrid'] },
  ]);
  const other = await begin(await person());
  expect(other.user.id).not.toBe(options.user.id);
});

test('an answer counts once, also when it comes many times at the same moment', async () => {
  const { device } = await add(await person());
  const answer = device.get(await challenge());
  const statuses = await Promise.all(Array.from({ length: 5 }, () => send(answer)));
  expect(statuses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401]);
  expect((await send(answer)).status).toBe(401);
});

describe('a log-in is refused when', () => {
  test.each<[string, Lies]>([
    ['it was made for another site', { origin: 'https://evil.example.com' }],
    ['it was made for another host', { rpId: 'evil.example.com' }],
    ['the device did not check who uses it', { isVerified: false }],
    ['its challenge is none of ours', { challenge: 'A'.repeat(43) }],
    ['its account is another one', { userHandle: 'B'.repeat(43) }],
    ['its counter stands still, as that of a copied key', { counter: 5 }],
  ])('%s', async (_what, lies) => {
    const { device } = await add(await person());
    expect((await logIn(device, { counter: 5 })).status).toBe(200);
    expect(named(await logIn(device, { counter: 6, ...lies }))).toEqual([401, 'passkey-refused']);
    expect((await logIn(device, { counter: 7 })).status).toBe(200);
  });

  test('its challenge is older than five minutes', async () => {
    const { device } = await add(await person());
    const options = await challenge();
    aheadMs += 5 * 60_000;
    expect((await send(device.get(options))).status).toBe(401);
    aheadMs = 0;
  });

  test('nobody has the passkey, with the same answer', async () => {
    const stranger = createSoftwareAuthenticator(origin);
    expect(named(await logIn(stranger, { userHandle: 'C'.repeat(43) }))).toEqual([401, 'passkey-refused']);
  });

  test('its signature is another one’s', async () => {
    const { device } = await add(await person());
    const answer = device.get(await challenge());
    const forged = {
      ...answer,
      response: { ...answer.response, signature: device.get(await challenge()).response.signature },
    };
    expect(named(await send(forged))).toEqual([401, 'passkey-refused']);
  });
});

describe('a new passkey is refused when', () => {
  test.each<[string, Lies]>([
    ['it was made for another site', { origin: 'https://evil.example.com' }],
    ['it was made for another host', { rpId: 'evil.example.com' }],
    ['the device did not check who uses it', { isVerified: false }],
  ])('%s', async (_what, lies) => {
    const { answer } = await add(await person(), { lies });
    expect(codesOf(answer)).toEqual({ '/credential': 'refused' });
  });

  test('its challenge was made for another account, or for a log-in', async () => {
    const [someone, other] = [await person(), await person()];
    const theirs = await begin(other);
    const { challenge: forLogIn } = await challenge();
    for (const wrong of [theirs.challenge, forLogIn]) {
      const { answer } = await add(someone, { lies: { challenge: wrong } });
      expect(codesOf(answer)).toEqual({ '/credential': 'refused' });
    }
  });

  test('another account has it', async () => {
    const { device } = await add(await person());
    expect(codesOf((await add(await person(), { device })).answer)).toEqual({ '/credential': 'refused' });
  });

  test('it signs by an RSA key of less than 2048 bits; one of 2048 logs in', async () => {
    const short = createSoftwareAuthenticator(origin, 1024);
    expect(codesOf((await add(await person(), { device: short })).answer)).toEqual({
      '/credential': 'refused',
    });
    const { device } = await add(await person(), { device: createSoftwareAuthenticator(origin, 2048) });
    expect((await logIn(device)).status).toBe(200);
  });

  test('the account has twenty', async () => {
    const someone = await person();
    const statuses: number[] = [];
    for (let count = 0; count < 21; count += 1) statuses.push((await add(someone)).answer.status);
    expect(statuses.at(-2)).toBe(201);
    expect(statuses.at(-1)).toBe(409);
  });
});

test('of two factors that are removed at the same moment, ops keep one', async () => {
  const someone = await person('ops');
  const ids = [await add(someone), await add(someone)].map(({ answer }) => String(answer.json['id']));
  const { cookie } = someone;
  const removed = await Promise.all(ids.map((id) => api.call(`DELETE /v1/passkeys/${id}`, { cookie })));
  expect(removed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
});

test('another’s passkey can be neither named nor removed', async () => {
  const { answer } = await add(await person());
  const { cookie } = await person();
  for (const id of [String(answer.json['id']), randomUUID()]) {
    expect((await api.call(`PATCH /v1/passkeys/${id}`, { cookie, body: { name: 'Mine' } })).status).toBe(404);
    expect((await api.call(`DELETE /v1/passkeys/${id}`, { cookie })).status).toBe(404);
  }
});

test('to add, name and remove one needs a session that was confirmed lately, and a passkey confirms it', async () => {
  const someone = await person();
  const { device, answer } = await add(someone);
  const other = await add(await person());
  aheadMs += 11 * 60_000;
  let { cookie } = someone;
  const path = `/v1/passkeys/${String(answer.json['id'])}`;
  const changes = [
    ['POST /v1/passkeys/registration-options', {}],
    ['POST /v1/passkeys', { name: 'Key', credential: {} }],
    [`PATCH ${path}`, { name: 'Key' }],
    [`DELETE ${path}`, undefined],
  ] as const;
  for (const [key, body] of changes)
    expect([key, ...named(await api.call(key, { cookie, body }))]).toEqual([
      key,
      403,
      're-authentication-required',
    ]);
  const confirm = async (with_: typeof device) =>
    api.call('POST /v1/session/confirmation', { cookie, body: { credential: with_.get(await challenge()) } });
  expect(named(await confirm(other.device))).toEqual([401, 'passkey-refused']);
  const confirmed = await confirm(device);
  expect(confirmed.status).toBe(200);
  cookie = cookieOf(confirmed);
  expect((await api.call(`PATCH ${path}`, { cookie, body: { name: 'Key' } })).status).toBe(204);
  aheadMs = 0;
});

test('the owner gets in by passkey whatever strangers do to the username', async () => {
  const someone = await person();
  const { device } = await add(someone);
  for (let at = 0; at < 40; at += 1)
    await api.call('POST /v1/session', {
      body: { username: someone.username, password: 'Wrong!Word9' },
      headers: { 'X-Forwarded-For': `10.4.0.${at}` },
    });
  expect((await logInByPassword(someone.username, '10.4.1.1')).status).toBe(429);
  expect((await logIn(device)).status).toBe(200);
});

test('a network gets so many challenges; a device that logged in before has an allowance of its own in it', async () => {
  const ask = (headers: Record<string, string>) =>
    api.call('POST /v1/passkeys/log-in-options', { body: {}, headers });
  const statusesOf = async (count: number, headers: Record<string, string>) => {
    const statuses: number[] = [];
    for (let asked = 0; asked < count; asked += 1) statuses.push((await ask(headers)).status);
    return [statuses.filter((status) => status === 200).length, statuses.at(-1)];
  };
  const headers = { 'X-Forwarded-For': '192.0.2.99' };
  const someone = await person();
  const { device } = await add(someone);
  const known = (await logInByPassword(someone.username)).headers.getSetCookie()[1]?.split(';')[0] ?? '';
  expect(await statusesOf(301, headers)).toEqual([300, 429]);
  const options = (await ask({ ...headers, Cookie: known })).json as unknown as LogInOptions;
  const entered = await api.call('POST /v1/passkeys/log-in', {
    body: { credential: device.get(options) },
    headers: { ...headers, Cookie: known },
  });
  expect(entered.status).toBe(200);
  expect(await statusesOf(59, { ...headers, Cookie: known })).toEqual([58, 429]);
  expect((await ask({ ...headers, Cookie: known.replace(/.$/, '-') })).status).toBe(429);
});
