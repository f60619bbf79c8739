import { expect, test } from '@jest/globals';
import { createCalls } from '../../portal/src/api/calls.ts';
import { clientOf, createClient } from '../../portal/src/api/client.ts';
import { asProblem } from '../../portal/src/api/problem.ts';
import { watchInput } from '../../portal/src/live/input-watch.ts';

const answering = (body: unknown, init: ResponseInit) => {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const fetch = async (url: unknown, options?: RequestInit) => {
    requests.push({ url: String(url), init: options });
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), init);
  };
  return { requests, fetch: fetch as typeof globalThis.fetch };
};
const problem = { type: 'urn:help-on-demand:problem:offer-ended', title: 'The offer has ended', status: 409 };
const away = async () => {
  throw new TypeError('no network');
};
const failure = (promise: Promise<unknown>) => promise.then(() => undefined, asProblem);

test('a refusal has its kind and time', async () => {
  const { fetch } = answering(
    { ...problem, at: '2026-11-23T17:00:00.000Z', end: 'expired' },
    { status: 409 },
  );
  const refused = await failure(
    createCalls(createClient({ fetch, clock: Date.now, isInBackground: () => false })).acceptOffer('1'),
  );
  expect(refused).toMatchObject({ kind: 'offer-ended', status: 409, members: { end: 'expired' } });
  expect([refused?.at?.toISOString(), refused?.retryAfterMs]).toEqual([
    '2026-11-23T17:00:00.000Z',
    undefined,
  ]);
});

test('"may still be recorded" is repeated after the time that the service names', async () => {
  const { fetch } = answering(
    { type: 'urn:help-on-demand:problem:not-answered-yet', title: 'Repeat', status: 503 },
    { status: 503, headers: { 'Retry-After': '7' } },
  );
  expect(
    await failure(
      createClient({ fetch, clock: Date.now, isInBackground: () => false }).send({
        method: 'GET',
        path: 'x',
      }),
    ),
  ).toMatchObject({
    kind: 'not-answered-yet',
    retryAfterMs: 7_000,
  });
});

test('too many requests are not repeated by the page itself', async () => {
  const { fetch } = answering(
    { type: 'urn:help-on-demand:problem:too-many-requests', title: 'Later', status: 429 },
    { status: 429, headers: { 'Retry-After': '60' } },
  );
  expect(
    (
      await failure(
        createClient({ fetch, clock: Date.now, isInBackground: () => false }).send({
          method: 'GET',
          path: 'x',
        }),
      )
    )?.retryAfterMs,
  ).toBe(undefined);
});

test('a call whose answer shows a secret once is not repeated by the page itself, whatever goes wrong', async () => {
  const lost = answering('<html>bad gateway</html>', { status: 502 }).fetch;
  for (const fetch of [away, lost]) {
    const calls = createCalls(createClient({ fetch, clock: Date.now, isInBackground: () => false }));
    const reason = 'They joined the team';
    const secret = [
      calls.openAccount({ username: 'dana.ops', role: 'ops', reason }),
      calls.setOpsPassword('1', { reason }),
      calls.createFeedKey({ name: 'MLMS', feeds: ['licenses'], reason }),
      calls.rotateFeedKey('1', { reason, earlierValidHours: 0 }),
      calls.confirmApp({ keyId: '1', code: '123456' }),
      calls.replaceRecoveryCodes(),
    ];
    for (const call of secret) expect((await failure(call))?.retryAfterMs).toBeUndefined();
    expect((await failure(calls.revokeFeedKey('1', { reason })))?.retryAfterMs).toBeGreaterThan(0);
  }
});

test('an answer of a proxy, and a missing one, are problems too', async () => {
  const { fetch } = answering('<html>bad gateway</html>', { status: 502 });
  expect(
    await failure(
      createClient({ fetch, clock: Date.now, isInBackground: () => false }).send({
        method: 'GET',
        path: 'x',
      }),
    ),
  ).toMatchObject({
    status: 502,
    retryAfterMs: 2_000,
  });
  expect(
    await failure(
      createClient({ fetch: away, clock: Date.now, isInBackground: () => false }).send({
        method: 'GET',
        path: 'x',
      }),
    ),
  ).toMatchObject({
    kind: 'unreachable',
  });
});

test('a referral’s token is sent only in a header', async () => {
  const { requests, fetch } = answering({ stage: 'queued' }, { status: 200 });
  await createCalls(createClient({ fetch, clock: Date.now, isInBackground: () => false })).referral({
    id: 'an-id',
    token: 'secret',
  });
  expect(requests[0]?.url).toBe('/v1/referrals/an-id');
  expect(requests[0]?.init?.headers).toMatchObject({ Authorization: 'Bearer secret' });
});

test('requests of an account’s pages name the account; the session request does not', async () => {
  const { requests, fetch } = answering({}, { status: 200 });
  const calls = createCalls(
    clientOf(createClient({ fetch, clock: Date.now, isInBackground: () => false }), 'an-account'),
  );
  await calls.acceptOffer('1');
  await calls.reportOutcome('1', { outcome: 'not-reached' } as never, 'a-key');
  await calls.onboarding();
  await calls.session();
  const accountIds = requests.map(({ init }) => new Headers(init?.headers).get('Account-Id'));
  expect(accountIds).toEqual(['an-account', 'an-account', 'an-account', null]);
  expect(requests[1]?.init?.headers).toMatchObject({ 'Idempotency-Key': 'a-key' });
});

test('deadlines are counted by the service’s clock when the device’s is wrong', async () => {
  const deviceAt = Date.parse('2026-11-23T17:00:00Z');
  const nowWith = async (date: string) => {
    const client = createClient({
      fetch: answering({}, { status: 200, headers: { Date: date } }).fetch,
      clock: () => deviceAt,
      isInBackground: () => false,
    });
    await client.send({ method: 'GET', path: 'x' });
    return client.now().toISOString();
  };
  expect(await nowWith('Mon, 23 Nov 2026 17:10:00 GMT')).toBe('2026-11-23T17:10:00.000Z');
  expect(await nowWith('Mon, 23 Nov 2026 16:59:59 GMT')).toBe('2026-11-23T17:00:00.000Z');
});

test('a read that nobody caused says so; a write never does', async () => {
  const { requests, fetch } = answering({}, { status: 200 });
  let isInBackground = false;
  const { send } = createClient({ fetch, clock: Date.now, isInBackground: () => isInBackground });
  await send({ method: 'GET', path: 'me/offers' });
  isInBackground = true;
  await send({ method: 'GET', path: 'me/offers' });
  await send({ method: 'POST', path: 'me/departure', body: {} });
  expect(requests.map(({ init }) => new Headers(init?.headers).get('Background'))).toEqual([
    null,
    'yes',
    null,
  ]);
});

test('a minute after the last input a page reads in the background', () => {
  const page = new EventTarget();
  let at = 0;
  const isInBackground = watchInput(page, () => at);
  const seen = [];
  for (at of [60_000, 60_001]) seen.push(isInBackground());
  page.dispatchEvent(new Event('keydown'));
  for (at of [120_000, 120_002]) seen.push(isInBackground());
  expect(seen).toEqual([false, true, false, true]);
});
