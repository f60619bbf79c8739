import { GetSendQuotaCommand, SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmailSender, type EmailSettings } from '../../../../activities/notifications/senders/email.ts';
import { sendTimeouts } from '../../../../activities/notifications/senders/timeouts.ts';
import { runListener, runMailbox } from '../../../standalone/fakes/running-mailbox.ts';
import { outageOf } from './outage.ts';

let mailbox: Awaited<ReturnType<typeof runMailbox>>;
let listener: Awaited<ReturnType<typeof runListener>>;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'only-for-the-fake';
  listener = await runListener();
  mailbox = await runMailbox({ sesNotificationUrl: () => `${listener.address}/ses` });
});
afterEach(async () => {
  await fetch(`${mailbox.address}/faults`, { method: 'DELETE' });
});
afterAll(async () => {
  await mailbox.close();
  await listener.close();
});

const sender = (more: Partial<EmailSettings> = {}) =>
  createEmailSender({
    region: 'us-east-1',
    endpoint: mailbox.address,
    from: 'Help On Demand <noreply@helpondemand.com>',
    timeouts: sendTimeouts,
    ...more,
  });

const mailTo = (to: string) => ({
  attemptId: `attempt-${to.split('@')[0]}`,
  to,
  subject: 'Únase: su invitación — 48 hours',
  html: '<p>Register <a href="http://localhost:3000/register#t0k3n=">here</a>.</p>',
  text: 'Register here: http://localhost:3000/register#t0k3n=',
});

describe('a mail', () => {
  test('arrives with its parts, its recipient and the attempt that sent it', async () => {
    const result = await sender().send(mailTo('ana@example.com'));
    const [mail, ...others] = await mailbox.messages('ANA@example.com');
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      channel: 'email',
      to: 'ana@example.com',
      from: 'Help On Demand <noreply@helpondemand.com>',
      subject: 'Únase: su invitación — 48 hours',
      text: 'Register here: http://localhost:3000/register#t0k3n=',
      tags: { attempt: 'attempt-ana' },
    });
    expect(mail?.html).toContain('href="http://localhost:3000/register#t0k3n="');
    expect(result).toEqual({ status: 'sent', providerMessageId: mail?.providerMessageId });
  });

  test('goes to one recipient, even if the address pretends to be a list', async () => {
    const result = await sender().send(mailTo('one@example.com, two@example.com'));
    expect(result).toEqual({ status: 'refused', code: 'InvalidParameterValue' });
    expect(await mailbox.messages('two@example.com')).toEqual([]);
  });

  test('goes to a domain of another script in Punycode, in its envelope and in its header', async () => {
    expect((await sender().send(mailTo('hana@bücher.example'))).status).toBe('sent');
    const [mail] = await mailbox.messages('hana@xn--bcher-kva.example');
    expect(mail?.to).toBe('hana@xn--bcher-kva.example');
    // the mailbox finds it under the typed spelling, too
    const { providerMessageId } = mail ?? {};
    expect(await mailbox.messages('hana@bücher.example')).toMatchObject([{ providerMessageId }]);
  });

  test('to a local part that is not ASCII is refused, which is what SES does', async () => {
    const refused = { status: 'refused', code: 'InvalidParameterValue' };
    expect(await sender().send(mailTo('hána@example.com'))).toEqual(refused);
    const client = new SESClient({ region: 'us-east-1', endpoint: mailbox.address, maxAttempts: 1 });
    const raw = (Destinations: string[]) =>
      client
        .send(
          new SendRawEmailCommand({ Destinations, RawMessage: { Data: Buffer.from('Subject: x\r\n\r\n') } }),
        )
        .then(
          () => 'sent',
          (error: unknown) => String(error),
        );
    expect(await raw(['hána@example.com'])).toMatch('Local address contains control or whitespace');
    expect(await raw(['hana@bücher.example'])).toMatch('Domain contains illegal character');
    expect(await raw(['hana@exam ple.com'])).toMatch('Domain contains control or whitespace');
    const many = Array.from({ length: 51 }, (_, index) => `ana${index}@example.com`);
    expect(await raw(many)).toMatch('Recipient count exceeds 50.');
    expect(await raw(many.slice(1))).toBe('sent');
  });

  test('that bounces is sent at first, and the bounce is reported with the attempt', async () => {
    await mailbox.fault({ channel: 'email', kind: 'bounce', to: 'gone@example.com' });
    const result = await sender().send(mailTo('gone@example.com'));
    expect(result.status).toBe('sent');
    const bounce = await notificationOf('gone@example.com');
    expect(bounce).toMatchObject({
      eventType: 'Bounce',
      bounce: {
        bounceType: 'Permanent',
        bouncedRecipients: [{ emailAddress: 'gone@example.com', status: '5.1.1' }],
      },
      mail: { tags: { attempt: ['attempt-gone'] } },
    });
  });
});

describe('a refusal by SES', () => {
  test('is a result when the message is rejected', async () => {
    await mailbox.fault({ channel: 'email', kind: 'refuse', to: 'refused@example.com' });
    const result = await sender().send(mailTo('refused@example.com'));
    expect(result).toEqual({ status: 'refused', code: 'MessageRejected' });
    expect(await mailbox.messages('refused@example.com')).toEqual([]);
  });

  test('is an outage when our own identity is not verified, which ops can mend', async () => {
    const message =
      'Email address is not verified. The following identities failed the check: noreply@x.example';
    await mailbox.fault({ channel: 'email', kind: 'refuse', times: 1, message });
    const outage = await outageOf(sender().send(mailTo('later@example.com')));
    expect(outage).toMatchObject({ provider: 'ses', code: 'MessageRejected' });
  });

  test.each([
    ['MessageRejected', 'Sending suspended for this account. For more information, please check the inbox.'],
    ['MessageRejected', 'Sending paused for this account.'],
    ['Throttling', 'Daily message quota exceeded.'],
    ['MailFromDomainNotVerifiedException', undefined],
    ['AccountSendingPausedException', undefined],
    ['InvalidClientTokenId', undefined],
  ])('%s (%s) is an outage that ops have to fix', async (code, message) => {
    await mailbox.fault({ channel: 'email', kind: 'refuse', code, message, times: 1 });
    const outage = await outageOf(sender().send(mailTo('later@example.com')));
    expect(outage).toMatchObject({ code, isOurFault: true });
  });

  test('is a result when the address is on the suppression list of SES', async () => {
    await mailbox.fault({ channel: 'email', kind: 'refuse', message: 'Address blacklisted.', times: 1 });
    expect(await sender().send(mailTo('listed@example.com'))).toEqual({
      status: 'refused',
      code: 'address-blacklisted',
    });
  });

  test('is an outage when something other than SES answers with success', async () => {
    const proxy = await runListener('<html><body>Welcome</body></html>');
    const outage = await outageOf(sender({ endpoint: proxy.address }).send(mailTo('later@example.com')));
    await proxy.close();
    expect(outage.provider).toBe('ses');
  });

  test('is an outage when our account is paused', async () => {
    await mailbox.fault({ channel: 'email', kind: 'refuse', code: 'AccountSendingPausedException' });
    const outage = await outageOf(sender().send(mailTo('later@example.com')));
    expect(outage.code).toBe('AccountSendingPausedException');
  });
});

describe('an outage of SES', () => {
  test.each(['Throttling', 'ServiceUnavailable'])(
    '%s is thrown at the first attempt, without a retry',
    async (code) => {
      await mailbox.fault({ channel: 'email', kind: 'outage', code, times: 1, retryAfterSeconds: 7 });
      const outage = await outageOf(sender().send(mailTo('throttled@example.com')));
      expect(outage).toMatchObject({ name: 'SendOutage', provider: 'ses', code, retryAfterMs: 7_000 });
      expect(await mailbox.messages('throttled@example.com')).toEqual([]);
    },
  );

  test('says nothing about the recipient, whatever the provider quotes', async () => {
    const message = 'Could not send to maria@example.com';
    await mailbox.fault({ channel: 'email', kind: 'outage', message });
    const outage = await outageOf(sender().send(mailTo('maria@example.com')));
    expect(JSON.stringify(outage) + outage.message + outage.stack + String(outage.cause)).not.toContain(
      'maria',
    );
  });

  test('is a timeout when no answer comes in time, and a hang-up is an outage, too', async () => {
    await mailbox.fault({ channel: 'email', kind: 'delay', delayMs: 3_000, to: 'slow@example.com' });
    await mailbox.fault({
      channel: 'email',
      kind: 'outage',
      code: 'connection-reset',
      to: 'cut@example.com',
    });
    const hurried = sender({ timeouts: { connectMs: 100, requestMs: 150 } });
    expect((await outageOf(hurried.send(mailTo('slow@example.com')))).code).toBe('timeout');
    expect((await outageOf(sender().send(mailTo('cut@example.com')))).provider).toBe('ses');
  });
});

test('the real client can read the send quota', async () => {
  const client = new SESClient({ region: 'us-east-1', endpoint: mailbox.address, maxAttempts: 1 });
  const quota = await client.send(new GetSendQuotaCommand());
  expect(quota).toMatchObject({ Max24HourSend: 50_000, MaxSendRate: 14 });
});

/** Waits for the notification about a recipient and takes it out of its SNS envelope. */
async function notificationOf(recipient: string): Promise<unknown> {
  for (let count = 1; ; count += 1) {
    const posts = await listener.posts(count);
    const found = posts.find(({ body }) => body.includes(recipient));
    if (found !== undefined) return JSON.parse(JSON.parse(found.body).Message);
  }
}
