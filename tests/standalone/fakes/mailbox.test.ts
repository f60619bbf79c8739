import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import webPush from 'web-push';
import { createEmailSender } from '../../../activities/notifications/senders/email.ts';
import { createPushSender } from '../../../activities/notifications/senders/push.ts';
import { createTextSender } from '../../../activities/notifications/senders/text.ts';
import { sendTimeouts } from '../../../activities/notifications/senders/timeouts.ts';
import { accountSid, authToken, jsonOf, postJson, runListener, runMailbox } from './running-mailbox.ts';

let dataDir: string;
beforeAll(() => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'only-for-the-fake';
  dataDir = mkdtempSync(join(tmpdir(), 'mailbox-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

async function sendText(address: string, to: string, text = 'hello'): Promise<void> {
  const sender = createTextSender({
    accountSid,
    authToken,
    from: '+12025550100',
    baseUrl: address,
    timeouts: sendTimeouts,
  });
  expect((await sender.send({ attemptId: 'attempt', to, text })).status).toBe('sent');
}

describe('a restart', () => {
  test('keeps messages and push subscriptions, even when a write was cut off', async () => {
    const first = await runMailbox({ dataDir });
    await sendText(first.address, '+12025550131');
    const subscription = await first.subscribe();
    await first.close();
    const file = join(dataDir, 'outbox', 'messages.jsonl');
    expect(statSync(file).mode & 0o077).toBe(0);
    appendFileSync(file, '["half-written",{"id":');

    const second = await runMailbox({ dataDir });
    expect(await second.messages('+12025550131')).toHaveLength(1);
    await sendText(second.address, '+12025550132');
    const vapid = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };
    const moved = { ...subscription, endpoint: second.address + new URL(subscription.endpoint).pathname };
    const push = createPushSender({ vapid, fakeOrigin: second.address, timeouts: sendTimeouts });
    const sent = await push.send({
      attemptId: 'attempt',
      to: moved,
      title: 'Still here',
      body: '',
      url: '/inbox',
      language: 'en',
      isSilent: false,
      sentAt: '2026-11-02T15:00:00.000Z',
      openOffers: [],
      ttlMs: 60_000,
    });
    expect(sent.status).toBe('sent');
    await second.close();

    const third = await runMailbox({ dataDir });
    expect((await third.messages()).map(({ to }) => to)).toEqual([
      moved.endpoint,
      '+12025550132',
      '+12025550131',
    ]);
    await fetch(`${third.address}/messages`, { method: 'DELETE' });
    await third.close();

    const fourth = await runMailbox({ dataDir });
    expect(await fourth.messages()).toEqual([]);
    await fourth.close();
  });

  test('of a mailbox that keeps three finds the newest three', async () => {
    const folder = join(dataDir, 'three');
    const first = await runMailbox({ dataDir: folder, maxMessages: 3 });
    for (const text of ['1', '2', '3', '4']) await sendText(first.address, '+12025550133', text);
    expect((await first.messages()).map(({ text }) => text)).toEqual(['4', '3', '2']);
    await first.close();
    const second = await runMailbox({ dataDir: folder, maxMessages: 3 });
    expect((await second.messages()).map(({ text }) => text)).toEqual(['4', '3', '2']);
    await second.close();
  });
});

describe('messages', () => {
  test('are found by exactly their recipient, newest first, a bare plus sign included', async () => {
    const mailbox = await runMailbox();
    await sendText(mailbox.address, '+12025550134', 'older');
    await sendText(mailbox.address, '+12025550134', 'newer');
    await sendText(mailbox.address, '+12025550135');
    expect((await mailbox.messages('+12025550134')).map(({ text }) => text)).toEqual(['newer', 'older']);
    expect(await jsonOf(await fetch(`${mailbox.address}/messages?to=+12025550134`))).toHaveLength(2);
    expect(await mailbox.messages('+1202555013')).toEqual([]);
    expect(await mailbox.messages()).toHaveLength(3);
    await mailbox.close();
  });
});

describe('faults', () => {
  test('are listed with what is left of them, and cleared', async () => {
    const mailbox = await runMailbox();
    await mailbox.fault({ channel: 'text', kind: 'outage', times: 2 });
    const sender = createTextSender({
      accountSid,
      authToken,
      from: '+12025550100',
      baseUrl: mailbox.address,
      timeouts: sendTimeouts,
    });
    await expect(sender.send({ attemptId: 'attempt', to: '+12025550136', text: 'hi' })).rejects.toThrow(
      '20503',
    );
    const faults = await jsonOf(await fetch(`${mailbox.address}/faults`));
    expect(faults).toEqual([expect.objectContaining({ channel: 'text', kind: 'outage', times: 1 })]);
    await fetch(`${mailbox.address}/faults`, { method: 'DELETE' });
    expect(await jsonOf(await fetch(`${mailbox.address}/faults`))).toEqual([]);
    await mailbox.close();
  });

  test('of rate refuse what comes faster than the account may send, in the words of SES and Twilio, and count it', async () => {
    const mailbox = await runMailbox();
    for (const channel of ['email', 'text'])
      await mailbox.fault({ channel, kind: 'throttle', perSecond: 0.001 });
    const { address: baseUrl } = mailbox;
    const { text, email } = {
      text: createTextSender({
        accountSid,
        authToken,
        from: '+12025550100',
        baseUrl,
        timeouts: sendTimeouts,
      }),
      email: createEmailSender({
        region: 'us-east-1',
        endpoint: baseUrl,
        from: 'a@example.org',
        timeouts: sendTimeouts,
      }),
    };
    const attemptId = 'attempt';
    const sendOne = () => text.send({ attemptId, to: '+12025550136', text: 'hi' });
    const sendMail = () =>
      email.send({ attemptId, to: 'b@example.org', subject: 'hi', text: 'hi', html: 'hi' });
    expect([await sendOne(), await sendMail()]).toEqual([
      expect.objectContaining({ status: 'sent' }),
      expect.objectContaining({ status: 'sent' }),
    ]);
    await expect(sendOne()).rejects.toMatchObject({ code: '20429', isThrottle: true });
    await expect(sendMail()).rejects.toMatchObject({ code: 'Throttling', isThrottle: true });
    await expect(sendMail()).rejects.toMatchObject({ isThrottle: true });
    const faults = await jsonOf<{ channel: string; count: number }[]>(await fetch(`${baseUrl}/faults`));
    expect(faults.map(({ channel, count }) => [channel, count])).toEqual([
      ['email', 2],
      ['text', 1],
    ]);
    await mailbox.close();
  });

  test('that a channel does not have are refused', async () => {
    const mailbox = await runMailbox();
    const answer = await postJson(`${mailbox.address}/faults`, { channel: 'push', kind: 'bounce', extra: 1 });
    expect(answer.status).toBe(422);
    for (const fault of [
      { kind: 'refuse', bounceType: 'Transient' },
      { kind: 'bounce', bounceType: 'transient' },
      { kind: 'throttle' },
      { kind: 'outage', perSecond: 1 },
    ])
      expect((await postJson(`${mailbox.address}/faults`, { channel: 'email', ...fault })).status).toBe(422);
    await mailbox.close();
  });
});

describe('the page', () => {
  test('may load nothing from elsewhere, and a mail in it may do nothing but open links', async () => {
    const mailbox = await runMailbox();
    const page = await fetch(mailbox.address);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none';script-src 'self'/);
    const mail = await fetch(`${mailbox.address}/messages/none/html`);
    expect(mail.headers.get('content-security-policy')).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox;/,
    );
    await mailbox.close();
  });

  test('answers under this machine’s own names only', async () => {
    const mailbox = await runMailbox();
    const status = await new Promise((resolve, reject) => {
      const asked = request(mailbox.address, { path: '/messages', headers: { host: 'rebound.example.com' } });
      asked.once('response', (answer) => resolve(answer.resume().statusCode)).once('error', reject);
      asked.end();
    });
    expect(status).toBe(421);
    await mailbox.close();
  });
});

describe('a phone that texts one of the words that Twilio knows', () => {
  const phone = '+12025550133';
  const sent = async (address: string) => {
    const sender = createTextSender({
      accountSid,
      authToken,
      from: '+12025550100',
      baseUrl: address,
      timeouts: sendTimeouts,
    });
    return sender.send({ attemptId: 'attempt', to: phone, text: 'A referral' });
  };

  test('is answered by Twilio itself, once, and refused till it texts START, also after a restart', async () => {
    const service = await runListener('<Response><Message>We have stopped.</Message></Response>');
    const twilioMessagesUrl = () => `${service.address}/texts`;
    const folder = join(dataDir, 'opt-outs');
    const first = await runMailbox({ dataDir: folder, twilioMessagesUrl });
    const text = async (address: string, words: string) =>
      (await jsonOf<{ answers: string[] }>(await postJson(`${address}/texts`, { from: phone, text: words })))
        .answers;

    expect(await text(first.address, ' stop ')).toEqual([]);
    expect(await text(first.address, 'STOP')).toEqual([]);
    expect((await first.messages(phone)).map((one) => one.text)).toEqual([
      expect.stringMatching(/^You have successfully been unsubscribed/),
    ]);
    expect(await sent(first.address)).toMatchObject({ status: 'refused', code: '21610' });
    // the service still receives both
    expect(await service.posts(2)).toHaveLength(2);
    await first.close();

    const second = await runMailbox({ dataDir: folder, twilioMessagesUrl });
    expect(await sent(second.address)).toMatchObject({ status: 'refused', code: '21610' });
    // more than the keyword alone: the service has to read it
    expect(await text(second.address, 'Please start')).toEqual([]);
    expect(await text(second.address, 'Start')).toEqual(['We have stopped.']);
    expect((await sent(second.address)).status).toBe('sent');
    await second.close();
    await service.close();
  });
});
