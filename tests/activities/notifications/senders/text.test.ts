import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { createLineTypeLookup } from '../../../../activities/notifications/senders/line-type.ts';
import { createTextSender, type TextSettings } from '../../../../activities/notifications/senders/text.ts';
import { sendTimeouts } from '../../../../activities/notifications/senders/timeouts.ts';
import { lineTypesByPhone } from '../../../../standalone/fakes/twilio/twilio-lookup.ts';
import { accountSid, authToken, runListener, runMailbox } from '../../../standalone/fakes/running-mailbox.ts';
import { outageOf } from './outage.ts';

let mailbox: Awaited<ReturnType<typeof runMailbox>>;
beforeAll(async () => {
  mailbox = await runMailbox();
});
afterEach(async () => {
  await fetch(`${mailbox.address}/faults`, { method: 'DELETE' });
});
afterAll(() => mailbox.close());

const account = () => ({ accountSid, authToken, baseUrl: mailbox.address, timeouts: sendTimeouts });
const sender = (more: Partial<TextSettings> = {}) =>
  createTextSender({ ...account(), from: '+12025550100', ...more });
const textTo = (to: string) => ({
  attemptId: `attempt-${to.slice(1)}`,
  to,
  text: 'A 4821 to accept, D 4821 to decline',
});

describe('a text', () => {
  test('arrives as it was sent', async () => {
    const result = await sender().send(textTo('+12025550111'));
    const [message] = await mailbox.messages('+12025550111');
    expect(message).toMatchObject({
      channel: 'text',
      from: '+12025550100',
      to: '+12025550111',
      text: 'A 4821 to accept, D 4821 to decline',
    });
    expect(result).toEqual({ status: 'sent', providerMessageId: message?.providerMessageId });
  });

  test('reports its status to the attempt’s own URL, signed by Twilio’s rules', async () => {
    const listener = await runListener();
    const statusCallbackUrl = (attemptId: string) => `${listener.address}/status?attempt=${attemptId}`;
    const result = await sender({ statusCallbackUrl }).send(textTo('+12025550112'));
    const posts = await listener.posts(3);
    await listener.close();

    const forms = posts.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(forms.map(({ MessageStatus }) => MessageStatus)).toEqual(['queued', 'sent', 'delivered']);
    expect(result).toEqual({ status: 'sent', providerMessageId: forms[0]?.['MessageSid'] });
    for (const [index, { url, signature }] of posts.entries()) {
      expect(url).toBe('/status?attempt=attempt-12025550112');
      const form = forms[index] ?? {};
      expect(twilio.validateRequest(authToken, signature, listener.address + url, form)).toBe(true);
      expect(twilio.validateRequest('another token', signature, listener.address + url, form)).toBe(false);
    }
  });

  test('that the carrier does not deliver is sent at first and ends undelivered, with the code', async () => {
    await mailbox.fault({ channel: 'text', kind: 'undelivered', code: 30_034, to: '+12025550113' });
    const listener = await runListener();
    const result = await sender({ statusCallbackUrl: () => `${listener.address}/status` }).send(
      textTo('+12025550113'),
    );
    const posts = await listener.posts(3);
    await listener.close();
    expect(result.status).toBe('sent');
    const last = new URLSearchParams(posts.at(-1)?.body);
    expect([last.get('MessageStatus'), last.get('ErrorCode')]).toEqual(['undelivered', '30034']);
  });
});

describe('a refusal by Twilio', () => {
  test('of an invalid number is a result', async () => {
    expect(await sender().send(textTo('+1555'))).toEqual({ status: 'refused', code: '21211' });
  });

  test.each(['21610', '30034'])('%s is a result', async (code) => {
    await mailbox.fault({ channel: 'text', kind: 'refuse', code });
    expect(await sender().send(textTo('+12025550114'))).toEqual({ status: 'refused', code });
    expect(await mailbox.messages('+12025550114')).toEqual([]);
  });

  test('of our own number as its recipient is a result', async () => {
    expect(await sender().send(textTo('+12025550100'))).toEqual({ status: 'refused', code: '21266' });
  });

  test.each(['21606', '21703', '30002'])('%s is an outage that ops have to fix', async (code) => {
    await mailbox.fault({ channel: 'text', kind: 'refuse', code, times: 1 });
    const outage = await outageOf(sender().send(textTo('+12025550114')));
    expect(outage).toMatchObject({ code, isOurFault: true });
  });

  test('is an outage when something other than Twilio answers with success', async () => {
    const proxy = await runListener('<html><body>Welcome</body></html>');
    const outage = await outageOf(sender({ baseUrl: proxy.address }).send(textTo('+12025550114')));
    await proxy.close();
    expect(outage.provider).toBe('twilio');
  });

  test('of our own credentials is an outage, and nothing is sent', async () => {
    const outage = await outageOf(sender({ authToken: 'wrong' }).send(textTo('+12025550115')));
    expect(outage).toMatchObject({ provider: 'twilio', code: '20003' });
    expect(await mailbox.messages('+12025550115')).toEqual([]);
  });

  test('of another account’s path is made by the fake, too', async () => {
    const path = '/2010-04-01/Accounts/AC00000000000000000000000000000002/Messages.json';
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    const answer = await fetch(mailbox.address + path, { method: 'POST', headers: { authorization } });
    expect([answer.status, await answer.json()]).toEqual([401, expect.objectContaining({ code: 20_003 })]);
  });
});

describe('an outage of Twilio', () => {
  test('keeps the time to wait and says nothing about the recipient', async () => {
    const message = 'Too many requests for +12025550116';
    await mailbox.fault({ channel: 'text', kind: 'outage', code: 20_429, retryAfterSeconds: 3, message });
    const outage = await outageOf(sender().send(textTo('+12025550116')));
    expect(outage).toMatchObject({
      name: 'SendOutage',
      provider: 'twilio',
      code: '20429',
      retryAfterMs: 3_000,
    });
    expect(JSON.stringify(outage) + outage.message + outage.stack + String(outage.cause)).not.toContain(
      '5550116',
    );
  });

  test('is thrown once, and the next attempt is sent', async () => {
    await mailbox.fault({ channel: 'text', kind: 'outage', times: 1 });
    expect((await outageOf(sender().send(textTo('+12025550117')))).code).toBe('20503');
    expect((await sender().send(textTo('+12025550117'))).status).toBe('sent');
  });

  test('is a timeout when no answer comes in time, and a hang-up has a code of its own', async () => {
    await mailbox.fault({ channel: 'text', kind: 'delay', delayMs: 3_000, to: '+12025550118' });
    await mailbox.fault({ channel: 'text', kind: 'outage', code: 'connection-reset', to: '+12025550119' });
    const hurried = sender({ timeouts: { connectMs: 100, requestMs: 150 } });
    expect((await outageOf(hurried.send(textTo('+12025550118')))).code).toBe('timeout');
    expect((await outageOf(sender().send(textTo('+12025550119')))).code).toBe('ECONNRESET');
  });
});

describe('the line type of a number', () => {
  const lookUp = (phone: string) => createLineTypeLookup(account())(phone);
  test.each([
    ['mobile', 'mobile'],
    ['landline', 'landline'],
    ['fixedVoip', 'unknown'],
    ['nonFixedVoip', 'unknown'],
    ['personal', 'unknown'],
    ['tollFree', 'no-texts'],
    ['premium', 'no-texts'],
    ['sharedCost', 'no-texts'],
    ['uan', 'no-texts'],
    ['voicemail', 'no-texts'],
    ['pager', 'no-texts'],
    ['unknown', 'unknown'],
    ['orbital', 'unknown'],
  ])('of Twilio’s type %s is %s', async (type, lineType) => {
    const phone = Object.keys(lineTypesByPhone).find((number) => lineTypesByPhone[number] === type);
    expect(await lookUp(phone ?? '+12025550120')).toBe(lineType);
  });

  test.each(['+1555', 'not-a-number'])('is none where there is no number: %s', async (phone) => {
    expect(await lookUp(phone)).toBe('no-number');
  });

  test('is unknown where Lookup does not know the area code yet: a text is sent', async () => {
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    const answer = await fetch(`${mailbox.address}/v2/PhoneNumbers/%2B16212340130`, {
      headers: { authorization },
    });
    expect(await answer.json()).toMatchObject({ valid: false, validation_errors: ['INVALID_BUT_POSSIBLE'] });
    expect(await lookUp('+16212340130')).toBe('unknown');
    expect((await sender().send(textTo('+16212340130'))).status).toBe('sent');
  });

  test('is not guessed when Lookup refuses the request', async () => {
    const outage = await outageOf(createLineTypeLookup({ ...account(), authToken: 'wrong' })('+12025550121'));
    expect(outage.code).toBe('20003');
  });
});
