import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ProblemError } from '../../../api/http/problems.ts';
import { splitRouteKey } from '../../../api/http/route.ts';
import { createOpenStreams } from '../../../api/http/streams/open-streams.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import {
  addAgent,
  anyNpn,
  hour,
  logInAs,
  requestReferral,
  validHelpRequest,
} from '../../harness/people/people.ts';
import { anySid, postTwilio, publicUrl, topicArn, twilioAuthToken } from '../notifications/providers.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({
    publicUrl,
    proxies: 1,
    webhooks: { topicArn, maxAgeMs: hour, twilioAuthToken },
    rateLimits: { requests: { points: 100_000, windowMs: hour } },
  });
});
afterAll(() => api.close());

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('event streams', () => {
  test('of one token at most eight are open, however many are requested: the oldest are closed', async () => {
    const { id, token } = await requestReferral(api);
    const open = async () => {
      const response = await fetch(`${api.url}/v1/referrals/${id}/events`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      return (response.body as ReadableStream<Uint8Array>).getReader();
    };
    const readers = [];
    for (const _ of range(60)) readers.push(await open());
    expect(api.deps.events.watcherCount()).toBe(8);
    // a closed stream asks its browser to reconnect much later than after a broken connection
    let text = '';
    for (let done = false; !done; ) {
      const read = await readers[0]?.read();
      done = read?.done ?? true;
      text += Buffer.from(read?.value ?? []).toString();
    }
    expect(text).toMatch(/^retry: 2000\n\nevent: stage\n[^]*retry: 60000\n\n$/);
    // also when opened simultaneously
    readers.push(...(await Promise.all(range(40).map(open))));
    expect(api.deps.events.watcherCount()).toBe(8);
    await Promise.all(readers.map((reader) => reader.cancel().catch(() => undefined)));
  });

  test('a network and a process have a limit, and a closed stream makes room', () => {
    const streams = createOpenStreams({ perSubject: 2, perNetwork: 3, total: 5 });
    const evicted: string[] = [];
    const enter = (subject: string, network: string) =>
      streams.enter({ subject, network, evict: () => evicted.push(subject) });
    const refusalOf = (subject: string, network: string) => {
      try {
        enter(subject, network);
        return undefined;
      } catch (error) {
        return (error as ProblemError).type;
      }
    };
    const [leave] = [enter('a', 'n'), enter('b', 'n'), enter('c', 'n')];
    expect(refusalOf('d', 'n')).toBe('too-many-requests');
    expect([refusalOf('d', 'm'), refusalOf('d', 'm'), refusalOf('e', 'm')]).toEqual([
      undefined,
      undefined,
      'unavailable',
    ]);
    // a third page of the same person replaces one of theirs
    expect([refusalOf('d', 'm'), evicted]).toEqual([undefined, ['d']]);
    leave?.();
    leave?.();
    expect([refusalOf('f', 'n'), refusalOf('g', 'k')]).toEqual([undefined, 'unavailable']);
  });
});

test('an agent has push subscriptions of at most ten browsers: the oldest is removed', async () => {
  const npn = await addAgent(api.db, { registered: true });
  const cookie = await logInAs(api, { npn });
  const subscribe = (name: string) =>
    api.call('POST /v1/me/push-subscriptions', {
      cookie,
      body: {
        endpoint: `https://push.example.org/${npn}/${name}`,
        keys: { p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) },
      },
    });
  const subscribedBrowsers = async () => {
    const rows = await api.db
      .selectFrom('pushSubscriptions')
      .select('endpoint')
      .where('npn', '=', npn)
      .orderBy('createdAt')
      .execute();
    return rows.map(({ endpoint }) => endpoint.split('/').at(-1));
  };
  for (const at of range(12)) expect((await subscribe(`one-${at}`)).status).toBe(204);
  expect(await subscribedBrowsers()).toEqual(range(10).map((at) => `one-${at + 2}`));
  await subscribe('one-2');
  await subscribe('another');
  expect(await subscribedBrowsers()).toEqual([...range(8).map((at) => `one-${at + 4}`), 'one-2', 'another']);
  await Promise.all(range(110).map((at) => subscribe(`at-once-${at}`)));
  expect(await subscribedBrowsers()).toHaveLength(10);
});

describe('an Idempotency-Key belongs to its sender:', () => {
  const send = (body: object, key: string, from = '192.0.2.1') =>
    api.call('POST /v1/referrals', { body, headers: { 'Idempotency-Key': key, 'X-Forwarded-For': from } });

  test.each(['1', 'request', '8e03978e-40d5-43dd-bc93-6894a57f9324'])(
    'the same key from somebody else (%s) is no repeat',
    async (key) => {
      const [one, other] = [await validHelpRequest(api), await validHelpRequest(api)];
      const [first, second] = [await send(one, key), await send(other, key)];
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.json['id']).not.toBe(first.json['id']);
      expect((await send(one, key)).text).toBe(first.text);
      expect((await send(other, key)).text).toBe(second.text);
    },
  );

  test.each([
    ['another ZIP', { zip: '84102' }],
    ['another phone number', { phone: '(801) 555-9999' }],
    ['another address', { email: 'somebody.else@example.com' }],
    ['another name', { name: 'Ana Maria Reyes' }],
  ])('the same person’s key with %s is refused', async (_what, change) => {
    const [body, key] = [await validHelpRequest(api), randomUUID()];
    expect((await send(body, key)).status).toBe(201);
    const refused = await send({ ...body, ...change }, key);
    expect([refused.status, problemNameOf(refused)]).toEqual([422, 'idempotency-key-reused']);
  });

  test('a key that can be guessed gives no access to the referral from another network', async () => {
    const body = await validHelpRequest(api);
    const first = await send(body, '1');
    const stranger = await send(body, '1', '192.0.2.99');
    expect([stranger.status, problemNameOf(stranger)]).toEqual([409, 'already-open']);
    expect(stranger.text).not.toContain(first.json['token']);
  });

  test('a key that cannot be guessed stays valid when its sender changes networks', async () => {
    for (const key of [randomUUID(), 'R0lQ2zJmZ2lqTn8mWQe4tS']) {
      const body = await validHelpRequest(api);
      const first = await send(body, key);
      expect((await send(body, key, '2001:db8::7')).text).toBe(first.text);
    }
  });
});

describe('codes of one request', () => {
  test('are sent to a few contacts and no more', async () => {
    const confirming = await openApiHarness({ policy: { confirmConsumerContact: true } });
    try {
      const { id, token } = await requestReferral(confirming);
      const statuses = [];
      for (const at of range(12)) {
        const body = { email: `ana.${at}@example.com` };
        statuses.push(
          (await confirming.call(`PUT /v1/referrals/${id}/contact`, { bearer: token, body })).status,
        );
      }
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2);
    } finally {
      await confirming.close();
    }
  });

  test('have a limit a day too, whatever an hour allows', async () => {
    const often = { points: 100, windowMs: hour };
    const confirming = await openApiHarness({
      policy: { confirmConsumerContact: true },
      rateLimits: { messagesByContact: often, codesByReferral: often },
    });
    try {
      const { id, token } = await requestReferral(confirming);
      const statuses: number[] = [];
      for (const _ of range(20)) {
        const { status } = await confirming.call(`POST /v1/referrals/${id}/verification`, {
          bearer: token,
          body: {},
        });
        statuses.push(status);
      }
      // the first code came with the request
      expect(statuses).toEqual([...range(14).map(() => 202), ...range(6).map(() => 429)]);
    } finally {
      await confirming.close();
    }
  });

  test('have a limit of wrong attempts over all codes that were sent', async () => {
    const confirming = await openApiHarness({
      policy: { confirmConsumerContact: true },
      rateLimits: { messagesByContact: { points: 100, windowMs: hour } },
    });
    try {
      const { id, token } = await requestReferral(confirming);
      const verify = (body: object) =>
        confirming.call(`POST /v1/referrals/${id}/verification`, { bearer: token, body });
      let checked = 0;
      for (const _ of range(8)) {
        for (const at of range(5)) if ((await verify({ code: `00000${at}` })).status === 422) checked += 1;
        await verify({});
      }
      expect(checked).toBeLessThanOrEqual(25);
    } finally {
      await confirming.close();
    }
  });
});

describe('a request signed by Twilio', () => {
  const text = (more: Record<string, string>) =>
    postTwilio(api, 'messages', {
      MessageSid: anySid(),
      From: '+12025550143',
      To: '+15005550006',
      Body: 'hello',
      ...more,
    });

  test.each([
    ['spaces', ' '],
    ['words of a request', 'stop to '],
    ['marks', '.\u0301'],
    ['capital letters with marks', 'ẤẦ'],
  ])('is answered, however long: %s', async (_what, piece) => {
    expect((await text({ Body: piece.repeat(60_000 / encodeURIComponent(piece).length) })).status).toBe(200);
  });

  test('is read up to the length of the longest text, 1,600 characters, so that none takes long', async () => {
    const kindsOf = async (Body: string) => {
      const MessageSid = anySid();
      await text({ MessageSid, Body });
      const stored = api.db.selectFrom('textReplies').select('kinds');
      return (await stored.where('providerMessageId', '=', MessageSid).executeTakeFirst())?.kinds;
    };
    expect(await kindsOf(`${' '.repeat(1_596)}HELP`)).toEqual(['help']);
    expect(await kindsOf(`${' '.repeat(1_600)}HELP`)).toEqual(['unclear']);
  });

  test.each(['From', 'Body', 'To', 'OptOutType', 'Additional'])(
    'may contain a NUL character: %s',
    async (field) => {
      const phone = '+12025550144';
      const answer = await text({
        From: phone,
        Body: 'STOP',
        [field]: field === 'From' ? `${phone}\0` : 'STOP\0',
      });
      expect(answer.status).toBe(200);
    },
  );

  test('may contain a NUL character in a status', async () => {
    const fields = { MessageSid: anySid(), MessageStatus: 'failed\0', ErrorCode: '30006', To: '+1\0' };
    expect((await postTwilio(api, 'status', fields)).status).toBe(204);
  });
});

describe('no request causes a server error', () => {
  const oddTexts = [
    '%00',
    'x%00',
    '%ED%A0%80',
    '%',
    '%E0%A4%A',
    '..%2f',
    'a'.repeat(5_000),
    '%F0%9F%98%80',
    '1e400',
  ];

  test('whatever its path and its query contain', async () => {
    const ops = await logInAs(api, { role: 'ops' });
    const agent = await logInAs(api, { npn: await addAgent(api.db, { registered: true }) });
    const names = ['page', 'stage', 'cause', 'olderThan', 'planYear', 'language', 'state', 'stuck'];
    for (const { key } of api.routes) {
      const { method, path } = splitRouteKey(key);
      if (method !== 'get' || path.startsWith('/health/') || path.endsWith('/events')) continue;
      const headers = { Cookie: path.startsWith('/v1/ops') ? ops : agent };
      for (const text of oddTexts) {
        const query = names.map((name) => `${name}=${text}`).join('&');
        const urls = [path.replaceAll(/:\w+/g, text), `${path.replaceAll(/:\w+/g, anyNpn())}?${query}&page=`];
        for (const one of urls) {
          const { status } = await fetch(api.url + one, { headers });
          expect([one, status < 500]).toEqual([one, true]);
        }
      }
    }
  }, 60_000);

  test.each([
    ['deep', `{"username":${'['.repeat(49_000)}${']'.repeat(49_000)},"password":"x"}`],
    [
      'of many unknown fields',
      JSON.stringify(Object.fromEntries(range(5_000).map((at) => [`field${at}`, 1]))),
    ],
    ['of a prototype', '{"__proto__":{"admin":true},"constructor":1,"username":"a","password":"b"}'],
  ])('where its body is %s; the answer lists at most a hundred fields', async (_what, body) => {
    const answer = await api.call('POST /v1/session', { body });
    expect([400, 401, 422]).toContain(answer.status);
    expect(answer.json.errors?.length ?? 0).toBeLessThanOrEqual(100);
  });

  test('a hundred thousand characters in any field are refused before a rule of ours reads them', async () => {
    const pieces = ['a', '1', ' ', '@', '.', 'a.', 'a@', '-', '((', '+1', 'é', '1a', '<', 'ẤẦ', '\u0301'];
    const read: string[] = [];
    for (const { key, body } of api.routes) {
      if (!(body instanceof z.ZodObject)) continue;
      for (const [name, field] of Object.entries(body.shape))
        for (const piece of pieces) {
          const long = piece.repeat(100_000 / piece.length);
          for (const value of [long, `${long}!`]) {
            const { error } = (field as z.ZodType).safeParse(value);
            const codes = error?.issues.map(({ code }) => code) ?? ['accepted'];
            if (codes.some((code) => code === 'accepted' || code === 'custom'))
              read.push(`${key} ${name} ${JSON.stringify(piece)} ${codes.join()}`);
          }
        }
    }
    expect(read).toEqual([]);
  });

  test('a registration with a password of a hundred thousand digits is refused by its length', async () => {
    const answer = await api.call('POST /v1/registrations', {
      body: { password: `${'1'.repeat(90_000)}a` },
    });
    expect(codesOf(answer)['/password']).toBe('too-big');
  });
});

test('after too many requests the answer names the end of the window, and each network is counted', async () => {
  const strict = await openApiHarness({
    proxies: 1,
    rateLimits: { requests: { points: 3, windowMs: 20_000 } },
  });
  try {
    const from = (address: string) =>
      strict.call('GET /v1/consents/intake?language=en', { headers: { 'X-Forwarded-For': address } });
    for (const at of range(3)) expect((await from(`192.0.2.7:${at + 2000}`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const refused = await from('::ffff:192.0.2.7');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeLessThanOrEqual(19);
    expect((await from('192.0.2.8')).status).toBe(200);
  } finally {
    await strict.close();
  }
});
