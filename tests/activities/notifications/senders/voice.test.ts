import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { sendTimeouts } from '../../../../activities/notifications/senders/timeouts.ts';
import { createVoiceSender, type VoiceSettings } from '../../../../activities/notifications/senders/voice.ts';
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

const sender = (more: Partial<VoiceSettings> = {}) =>
  createVoiceSender({
    accountSid,
    authToken,
    baseUrl: mailbox.address,
    from: '+12025550100',
    timeouts: sendTimeouts,
    ...more,
  });
const callTo = (to: string, language = 'en') => ({
  attemptId: `attempt-${to.slice(1)}`,
  to,
  text: 'Your code is 4, 8, 2, 1, 0, 7 & nothing else',
  language,
});

/** Reads the status callback of a call that the fake ends in the given way. */
async function endOf(to: string) {
  const listener = await runListener();
  const statusCallbackUrl = (attemptId: string) => `${listener.address}/calls?attempt=${attemptId}`;
  const result = await sender({ statusCallbackUrl }).send(callTo(to));
  const [post] = await listener.posts(1);
  await listener.close();
  return { result, address: listener.address, ...post };
}

describe('a call', () => {
  test('speaks the given text', async () => {
    const result = await sender().send(callTo('+15005550199'));
    const [call] = await mailbox.messages('+15005550199');
    expect(call).toMatchObject({
      channel: 'voice',
      from: '+12025550100',
      text: 'Your code is 4, 8, 2, 1, 0, 7 & nothing else',
    });
    expect(result).toEqual({ status: 'sent', providerMessageId: call?.providerMessageId });
  });

  test('reports its end to the attempt’s own URL, signed by Twilio’s rules', async () => {
    const { result, address, url, signature = '', body } = await endOf('+12025550112');
    const form = Object.fromEntries(new URLSearchParams(body));
    expect(form['CallStatus']).toBe('completed');
    expect(result).toEqual({ status: 'sent', providerMessageId: form['CallSid'] });
    expect(url).toBe('/calls?attempt=attempt-12025550112');
    expect(twilio.validateRequest(authToken, signature, address + url, form)).toBe(true);
  });

  test('that nobody answers is sent at first', async () => {
    await mailbox.fault({ channel: 'voice', kind: 'undelivered', to: '+12025550113' });
    const { result, body } = await endOf('+12025550113');
    expect([result.status, new URLSearchParams(body).get('CallStatus')]).toEqual(['sent', 'no-answer']);
  });
});

describe('a refusal by Twilio', () => {
  test('of an invalid number is a result', async () => {
    expect(await sender().send(callTo('+1555'))).toEqual({ status: 'refused', code: '21211' });
  });

  test.each(['13224', '21216'])('%s is a result', async (code) => {
    await mailbox.fault({ channel: 'voice', kind: 'refuse', code });
    expect(await sender().send(callTo('+12025550114'))).toEqual({ status: 'refused', code });
  });

  test('of a sender that cannot call is an outage: ops can fix it', async () => {
    const from = `MG${'0'.repeat(32)}`;
    expect(await outageOf(sender({ from }).send(callTo('+12025550115')))).toMatchObject({ code: '21212' });
  });
});

test('a provider that is out is an outage', async () => {
  await mailbox.fault({ channel: 'voice', kind: 'outage' });
  expect(await outageOf(sender().send(callTo('+12025550116')))).toMatchObject({
    provider: 'twilio',
    code: '20503',
  });
});
