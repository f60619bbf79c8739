import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { hashPassword } from '../../../store/accounts/passwords.ts';
import { type ApiAnswer, type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { testPassword } from '../../harness/people/people.ts';

let api: ApiHarness;
/** The API's clock stands still unless a test advances it. */
const startMs = Date.now();
let aheadMs = 0;
beforeAll(async () => {
  api = await openApiHarness({ proxies: 1, now: () => new Date(startMs + aheadMs) });
});
afterAll(() => api.close());

async function account(): Promise<string> {
  const username = `ana-${randomUUID().slice(0, 8)}`;
  const passwordHash = await hash(testPassword, { memoryCost: 1024, timeCost: 1 });
  await api.db
    .insertInto('accounts')
    .values({ id: randomUUID(), username, role: 'ops', npn: null, createdAt: new Date(), passwordHash })
    .execute();
  return username;
}

interface Try {
  username: string;
  password?: string;
  from: string;
  cookie?: string;
}

function logIn({ username, password: tried = 'Wrong!Word9', from, cookie }: Try): Promise<ApiAnswer> {
  const headers = { 'X-Forwarded-For': from, ...(cookie ? { Cookie: cookie } : {}) };
  return api.call('POST /v1/session', { body: { username, password: tried }, headers });
}

/** Cookie that marks a known device. */
function deviceOf({ headers }: ApiAnswer): string {
  return headers.getSetCookie()[1]?.split(';')[0] ?? '';
}

async function statusesOf(tries: readonly Try[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const one of tries) statuses.push((await logIn(one)).status);
  return statuses;
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const countChecked = (statuses: readonly number[]) => statuses.filter((status) => status === 401).length;
/** One network for each number, from a block of addresses for each test. */
const network = (block: number, at: number) => `10.${block}.${at >> 8}.${at & 255}`;
const retryAfter = ({ headers }: ApiAnswer) => Number(headers.get('Retry-After'));

test.each([
  ['of one /64', (at: number) => `2001:db8:1:1::${at.toString(16)}`],
  ['of one /56', (at: number) => `2001:db8:2:${at.toString(16)}::1`],
  ['of one /48', (at: number) => `2001:db8:3:${(at * 500).toString(16)}::1`],
  ['from other ports, as some proxies write them', (at: number) => `192.0.2.7:${1024 + at}`],
  ['of IPv6 from other ports', (at: number) => `[2001:db8:4::7]:${1024 + at}`],
  [
    'that carry one IPv4 address',
    (at: number) => [`192.0.2.8`, '::ffff:192.0.2.8', '::FFFF:C000:208'][at % 3] ?? '',
  ],
])('130 addresses %s get ten tries at one username', async (_which, from) => {
  const username = await account();
  const statuses = await statusesOf(range(130).map((at) => ({ username, from: from(at) })));
  expect(statuses).toEqual([...Array(10).fill(401), ...Array(120).fill(429)]);
});

test('attempts that are refused for one username use up no allowance of their network', async () => {
  const [username, neighbor] = [await account(), await account()];
  const from = '10.9.0.1';
  // ten are checked; as many more as the network may make altogether are refused
  await statusesOf(range(110).map(() => ({ username, from })));
  expect((await logIn({ username: neighbor, password: testPassword, from })).status).toBe(200);
});

test('wrong passwords from many strangers do not lock out a device that has logged in before', async () => {
  const username = await account();
  const device = deviceOf(await logIn({ username, password: testPassword, from: '10.1.0.1' }));
  expect(device).toMatch(/^device-80=[\w-]{43}$/);
  const statuses = await statusesOf(range(200).map((at) => ({ username, from: network(2, at) })));
  expect(countChecked(statuses)).toBe(20);
  const owner = await logIn({ username, password: testPassword, from: '10.1.0.1', cookie: device });
  expect(owner.status).toBe(200);
  // also from a network of the strangers
  const fromThere = await logIn({ username, password: testPassword, from: network(2, 3), cookie: device });
  expect(fromThere.status).toBe(200);
});

test('on a new device the owner waits for a limited time, which the response names', async () => {
  const username = await account();
  await statusesOf(range(60).map((at) => ({ username, from: network(3, at) })));
  const refused = await logIn({ username, password: testPassword, from: '10.99.0.1' });
  expect([refused.status, problemNameOf(refused)]).toEqual([429, 'too-many-requests']);
  expect(retryAfter(refused)).toBeGreaterThanOrEqual(1);
  expect(retryAfter(refused)).toBeLessThanOrEqual(30);
  aheadMs += retryAfter(refused) * 1000;
  expect((await logIn({ username, password: testPassword, from: '10.99.0.1' })).status).toBe(200);
});

test('each further attempt waits twice as long up to a limit, and networks without failures are counted separately', async () => {
  const username = await account();
  /** Attempts from ten networks in rotation, each as soon as it is allowed. */
  const waitsOf = async (tries: number) => {
    const waits: number[] = [];
    for (const at of range(tries)) {
      const one = { username, from: network(4, at % 10) };
      const answer = await logIn(one);
      if (answer.status !== 429) continue;
      waits.push(retryAfter(answer));
      aheadMs += retryAfter(answer) * 1000;
      expect((await logIn(one)).status).toBe(401);
    }
    return waits;
  };
  // after three failures a network no longer counts as one without failures
  expect(await waitsOf(30)).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30, 30]);
  expect(await waitsOf(31)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  aheadMs += 31_000;
  expect((await logIn({ username, password: testPassword, from: '10.99.0.2' })).status).toBe(200);
});

test('of a hundred simultaneous attempts no more are checked than of attempts one after another', async () => {
  const username = await account();
  const answers = await Promise.all(range(100).map((at) => logIn({ username, from: network(5, at) })));
  const statuses = answers.map(({ status }) => status);
  expect(countChecked(statuses)).toBe(20);
});

test.each([
  ['one IPv4 address', 10, () => '10.20.0.1'],
  ['one IPv6 customer', 10, (at: number) => `2001:db8:20:${at.toString(16)}::1`],
  ['forty IPv4 addresses', 20, (at: number) => network(21, at)],
  ['forty IPv6 networks', 20, (at: number) => `2001:db8:${(0x100 + at).toString(16)}::1`],
])(
  'of forty simultaneous guesses from %s exactly %d are checked, and a known device gets in among them',
  async (_from, checked, from) => {
    const username = await account();
    const cookie = deviceOf(await logIn({ username, password: testPassword, from: '10.22.0.1' }));
    const guesses = range(40).map((at) => logIn({ username, from: from(at) }));
    const owner = logIn({ username, password: testPassword, from: from(0), cookie });
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect([countChecked(statuses), (await owner).status]).toEqual([checked, 200]);
    expect(statuses.filter((status) => status === 429)).toHaveLength(40 - checked);
  },
);

test('a log-in whose password may not even wait to be checked is answered 503 with a time to come again', async () => {
  const username = await account();
  let isFull = true;
  const fill = async () => {
    while (isFull) await hashPassword(testPassword).catch(() => sleep(5));
  };
  const filling = range(310).map(fill);
  const refused = await logIn({ username, password: testPassword, from: network(41, 0) });
  isFull = false;
  await Promise.all(filling);
  expect([refused.status, problemNameOf(refused), retryAfter(refused)]).toEqual([503, 'unavailable', 3]);
  expect((await logIn({ username, password: testPassword, from: network(41, 0) })).status).toBe(200);
}, 60_000);

test('an unknown username is limited and answered like a known one', async () => {
  const tries = (username: string, block: number) => [
    ...range(12).map(() => ({ username, from: network(block, 1) })),
    ...range(3).map((at) => ({ username, from: network(block, at + 2) })),
  ];
  const known = await statusesOf(tries(await account(), 6));
  expect(await statusesOf(tries(`nobody-${randomUUID().slice(0, 8)}`, 7))).toEqual(known);
});

test('all spellings of a username count as one, and log in', async () => {
  const username = await account();
  const wide = username.replace('ana', 'ａｎａ');
  const spellings = [username, username.toUpperCase(), ` ${username} `, `\u00a0${username}`, wide];
  const statuses = await statusesOf(
    range(12).map((at) => ({ username: spellings[at % 5] ?? '', from: '10.8.0.1' })),
  );
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  for (const [at, spelling] of spellings.entries())
    expect((await logIn({ username: spelling, password: testPassword, from: network(9, at) })).status).toBe(
      200,
    );
});

test('a known device has its own allowance, and only for its own accounts', async () => {
  const [owner, other] = [await account(), await account()];
  const device = deviceOf(await logIn({ username: owner, password: testPassword, from: '10.10.0.1' }));
  const tries = (username: string, block: number) =>
    range(30).map((at) => ({ username, from: network(block, at), cookie: device }));
  expect(countChecked(await statusesOf(tries(owner, 11)))).toBe(10);
  // for another account it is an unknown device
  await statusesOf(range(60).map((at) => ({ username: other, from: network(12, at) })));
  expect(
    (await logIn({ username: other, password: testPassword, from: '10.13.0.1', cookie: device })).status,
  ).toBe(429);
});

test('a browser of two people is known for both, and a planted cookie for neither', async () => {
  const [ana, ben] = [await account(), await account()];
  const first = deviceOf(await logIn({ username: ana, password: testPassword, from: '10.14.0.1' }));
  const second = deviceOf(
    await logIn({ username: ben, password: testPassword, from: '10.14.0.1', cookie: first }),
  );
  expect(second).not.toBe(first);
  for (const username of [ana, ben])
    await statusesOf(range(60).map((at) => ({ username, from: network(username === ana ? 15 : 16, at) })));
  const enters = async (username: string, cookie: string) =>
    (await logIn({ username, password: testPassword, from: '10.17.0.1', cookie })).status;
  expect(await enters(ben, first)).toBe(429);
  expect([await enters(ana, second), await enters(ben, second)]).toEqual([200, 200]);
});

test('a log-in from a known device keeps its cookie, and the database stores only the cookie’s hash', async () => {
  const username = await account();
  const device = deviceOf(await logIn({ username, password: testPassword, from: '10.18.0.1' }));
  expect(deviceOf(await logIn({ username, password: testPassword, from: '10.18.0.1', cookie: device }))).toBe(
    device,
  );
  const devices = await api.db.selectFrom('knownDevices').selectAll().execute();
  expect(JSON.stringify(devices)).not.toContain(device.split('=')[1]);
});

test('an account has at most twenty sessions and devices: the oldest are removed', async () => {
  const username = await account();
  for (const _ of range(23)) {
    expect((await logIn({ username, password: testPassword, from: '10.19.0.1' })).status).toBe(200);
    aheadMs += 1;
  }
  const { id } = await api.db
    .selectFrom('accounts')
    .select('id')
    .where('username', '=', username)
    .executeTakeFirstOrThrow();
  for (const table of ['sessions', 'knownDevices'] as const)
    expect(
      await api.db.selectFrom(table).select('accountId').where('accountId', '=', id).execute(),
    ).toHaveLength(20);
});
