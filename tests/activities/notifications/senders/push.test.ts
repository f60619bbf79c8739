import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import webPush from 'web-push';
import { createPushSender, type PushSettings } from '../../../../activities/notifications/senders/push.ts';
import {
  isAllowedEndpoint,
  knownPushHosts,
} from '../../../../activities/notifications/senders/push-endpoint.ts';
import { sendTimeouts } from '../../../../activities/notifications/senders/timeouts.ts';
import {
  jsonOf,
  postJson,
  runMailbox,
  type Subscription,
} from '../../../standalone/fakes/running-mailbox.ts';
import { outageOf } from './outage.ts';

const vapid = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };
let mailbox: Awaited<ReturnType<typeof runMailbox>>;
beforeAll(async () => {
  mailbox = await runMailbox();
});
afterEach(async () => {
  await fetch(`${mailbox.address}/faults`, { method: 'DELETE' });
});
afterAll(() => mailbox.close());

const sender = (more: Partial<PushSettings> = {}) =>
  createPushSender({ vapid, fakeOrigin: mailbox.address, timeouts: sendTimeouts, ...more });
const pushTo = (to: Subscription, more: { title?: string; topic?: string } = {}) => ({
  attemptId: 'attempt-1',
  to,
  title: 'A referral in 46204',
  body: 'Until 10:42',
  url: '/inbox',
  language: 'en',
  isSilent: false,
  sentAt: '2026-11-02T15:00:00.000Z',
  openOffers: [],
  ttlMs: 900_000,
  ...more,
});

describe('a push', () => {
  test('is decrypted by the fake that holds the subscription’s keys', async () => {
    const subscription = await mailbox.subscribe(vapid.publicKey);
    const result = await sender().send(pushTo(subscription));
    const [message] = await mailbox.messages(subscription.endpoint);
    expect(message).toMatchObject({ channel: 'push', subject: 'A referral in 46204', text: 'Until 10:42' });
    expect(JSON.parse(message?.push?.payload ?? '')).toMatchObject({ url: '/inbox' });
    expect(result).toEqual({ status: 'sent', providerMessageId: message?.providerMessageId });
  });

  test('replaces an older one of its topic, and no other', async () => {
    const subscription = await mailbox.subscribe();
    const offer = 'offer-6f1c7c0e-52c6-4d39-9d6b-3f5a2f0f7d11';
    await sender().send(pushTo(subscription, { title: 'other', topic: 'another offer' }));
    await sender().send(pushTo(subscription, { title: 'first', topic: offer }));
    await sender().send(pushTo(subscription, { title: 'second', topic: offer }));
    const titles = (await mailbox.messages(subscription.endpoint)).map(({ subject }) => subject);
    expect(titles).toEqual(['second', 'other']);
  });

  test('expires after the lifetime it asks for', async () => {
    const subscription = await mailbox.subscribe();
    await sender().send(pushTo(subscription));
    const [message] = await mailbox.messages(subscription.endpoint);
    const lifeMs = Date.parse(message?.push?.expiresAt ?? '') - Date.parse(message?.at ?? '');
    expect(Math.round(lifeMs / 1_000)).toBe(900);
  });
});

describe('a refusal by the push service', () => {
  test('is a result when the subscription has ended or never was', async () => {
    const subscription = await mailbox.subscribe();
    const id = subscription.endpoint.split('/').at(-1);
    await fetch(`${mailbox.address}/push/subscriptions/${id}`, { method: 'DELETE' });
    expect(await sender().send(pushTo(subscription))).toEqual({ status: 'refused', code: '410' });
    const unknown = { ...subscription, endpoint: `${mailbox.address}/push/send/unknown` };
    expect(await sender().send(pushTo(unknown))).toEqual({ status: 'refused', code: '404' });
  });

  test('is a result when the subscription was made for another key', async () => {
    const subscription = await mailbox.subscribe(webPush.generateVAPIDKeys().publicKey);
    expect(await sender().send(pushTo(subscription))).toEqual({ status: 'refused', code: '403' });
  });

  test('is an outage on our side when Apple rejects our token: no subscription is ended', async () => {
    const subscription = await mailbox.subscribe();
    await mailbox.fault({ channel: 'push', kind: 'refuse', code: 403, message: 'BadJwtToken', times: 1 });
    const outage = await outageOf(sender().send(pushTo(subscription)));
    expect(outage).toMatchObject({ code: 'http-403', isOurFault: true });
    expect((await sender().send(pushTo(subscription))).status).toBe('sent');
  });

  test('is an outage when nobody signed the request', async () => {
    const { endpoint } = await mailbox.subscribe();
    const answer = await fetch(endpoint, { method: 'POST', headers: { TTL: '60' }, body: 'x' });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { code: 401, message: 'no VAPID authorization' },
    ]);
  });

  test('needs no request when the keys of a subscription are malformed', async () => {
    const subscription = await mailbox.subscribe();
    const short = { ...subscription, keys: { p256dh: 'AAAA', auth: 'AAAA' } };
    const offTheCurve = Buffer.alloc(65, 4).toString('base64url');
    const wrong = { ...subscription, keys: { ...subscription.keys, p256dh: offTheCurve } };
    expect(await sender().send(pushTo(short))).toEqual({ status: 'refused', code: 'subscription-invalid' });
    expect(await sender().send(pushTo(wrong))).toEqual({ status: 'refused', code: 'subscription-invalid' });
  });
});

describe('an outage of the push service', () => {
  test('keeps the time to wait, and not the endpoint', async () => {
    const subscription = await mailbox.subscribe();
    await mailbox.fault({ channel: 'push', kind: 'outage', code: 429, retryAfterSeconds: 30 });
    const outage = await outageOf(sender().send(pushTo(subscription)));
    expect(outage).toMatchObject({
      name: 'SendOutage',
      provider: 'web-push',
      code: 'http-429',
      retryAfterMs: 30_000,
    });
    expect(outage.message + outage.stack).not.toContain(subscription.endpoint);
  });

  test('is a timeout when no answer comes in time', async () => {
    const subscription = await mailbox.subscribe();
    await mailbox.fault({ channel: 'push', kind: 'delay', delayMs: 3_000 });
    const hurried = sender({ timeouts: { connectMs: 100, requestMs: 150 } });
    expect((await outageOf(hurried.send(pushTo(subscription)))).code).toBe('timeout');
  });
});

describe('an endpoint', () => {
  test.each([
    ['https://fcm.googleapis.com/fcm/send/abc', true],
    ['https://wns2-by3p.notify.windows.com/w/?token=abc', true],
    ['https://web.push.apple.com/QJ-abc', true],
    ['https://api2.push.apple.com/QJ-abc', true],
    ['https://evilpush.apple.com/abc', false],
    ['http://fcm.googleapis.com/fcm/send/abc', false],
    ['https://fcm.googleapis.com:8443/abc', false],
    ['https://fcm.googleapis.com.example.com/abc', false],
    ['https://user@fcm.googleapis.com/abc', false],
    ['https://evilnotify.windows.com/abc', false],
    ['https://169.254.169.254/latest/meta-data', false],
    ['http://127.0.0.1:3025/push/send/abc', true],
    ['http://127.0.0.1:5433/', false],
    ['no address', false],
  ])('%s may be posted to: %s', (endpoint, allowed) => {
    expect(isAllowedEndpoint(endpoint, knownPushHosts, 'http://127.0.0.1:3025')).toBe(allowed);
  });

  test('of the fake is refused where no fake is configured', async () => {
    const subscription = await jsonOf<Subscription>(
      await postJson(`${mailbox.address}/push/subscriptions`, {}),
    );
    const result = await sender({ fakeOrigin: undefined }).send(pushTo(subscription));
    expect(result).toEqual({ status: 'refused', code: 'endpoint-not-allowed' });
    expect(await mailbox.messages(subscription.endpoint)).toEqual([]);
  });
});
