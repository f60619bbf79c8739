import { createSign, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import twilio from 'twilio';
import type { ApiAnswer, ApiHarness } from '../../harness/api-harness.ts';

export const topicArn = 'arn:aws:sns:us-east-1:123456789012:ses-events';
export const twilioAuthToken = 'a token that only Twilio and we know';
export const publicUrl = 'https://help.example.org';

const dayMs = 24 * 60 * 60_000;

/** Creates a key pair with a certificate that is valid from two days ago until `days` from now. */
export async function newCertificate({ days = 30 } = {}) {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'sns.example' }], {
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 2 * dayMs),
    notAfterDate: new Date(Date.now() + days * dayMs),
  });
  return { key, cert };
}

/** Starts a fake SNS that serves certificates and confirms subscriptions. */
export async function startSns() {
  const served = new Map<string, string>();
  const requestedPaths: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    requestedPaths.push(url);
    const found = served.get(url) ?? (url.startsWith('/?') ? '<ConfirmSubscriptionResponse/>' : undefined);
    response.writeHead(found === undefined ? 404 : 200).end(found);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    /** Paths of all requests so far. */
    requestedPaths,
    /** Serves a certificate. @returns its address */
    serve(cert: string, path = `/SimpleNotificationService-${randomBytes(16).toString('hex')}.pem`) {
      served.set(path, cert);
      return origin + path;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export type Fields = Record<string, string | undefined>;

/** Fields of a notification as SNS posts them, without the signature. */
export function notification(message: unknown, more: Fields = {}): Fields {
  return {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topicArn,
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    Timestamp: new Date().toISOString(),
    ...more,
  };
}

/** Signs as SNS documents it: the fields in the order of their names, each after its name. */
export function signNotification(
  fields: Fields,
  { key, certUrl, version = '2' }: { key: string; certUrl: string; version?: string },
): Fields {
  const names =
    fields['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.map((name) => (fields[name] === undefined ? '' : `${name}\n${fields[name]}\n`)).join('');
  const digest = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  const signature = createSign(digest).update(text).sign(key, 'base64');
  return { ...fields, SignatureVersion: version, Signature: signature, SigningCertURL: certUrl };
}

/** Posts a message as SNS does. */
export function postSns(api: Pick<ApiHarness, 'call'>, message: Fields | string): Promise<ApiAnswer> {
  return api.call('POST /v1/webhooks/ses', {
    body: typeof message === 'string' ? message : JSON.stringify(message),
    headers: { 'Content-Type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
  });
}

/** An event about a mail in the form that SES publishes from a configuration set. */
export function sesMailEvent(
  eventType: string,
  mail: { to: string; attemptId?: string; messageId?: string },
  details: Record<string, unknown> = {},
) {
  const { to, attemptId, messageId = randomUUID() } = mail;
  const tags = { 'ses:configuration-set': ['hod'], ...(attemptId ? { attempt: [attemptId] } : {}) };
  const timestamp = new Date().toISOString();
  return {
    eventType,
    mail: { timestamp, messageId, source: 'noreply@helpondemand.com', destination: [to], tags },
    ...details,
  };
}

export const bounceOf = (to: string, code = '5.1.1') => ({
  bounce: {
    bounceType: code.startsWith('4') ? 'Transient' : 'Permanent',
    bounceSubType: code.startsWith('4') ? 'MailboxFull' : 'General',
    bouncedRecipients: [
      {
        emailAddress: to,
        action: 'failed',
        status: code,
        diagnosticCode: `smtp; 550 ${code} <${to}> unknown`,
      },
    ],
    feedbackId: randomUUID(),
    timestamp: new Date().toISOString(),
  },
});

/** A bounce as SES spells it. SES leaves out the recipient's status for automatic answers. */
export const bounceAs = (
  to: string,
  bounceType: string,
  bounceSubType: string,
  recipient: { status?: string; action?: string; diagnosticCode?: string } = {},
) => ({
  bounce: {
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress: to, ...recipient }],
    feedbackId: randomUUID(),
    timestamp: new Date().toISOString(),
    reportingMTA: 'dsn; a8-70.smtp-out.amazonses.com',
  },
});

export const complaintOf = (to: string, complaintFeedbackType: string | null = 'abuse') => ({
  complaint: {
    complainedRecipients: [{ emailAddress: to }],
    complaintFeedbackType,
    complaintSubType: null,
    feedbackId: randomUUID(),
  },
});

/** Posts a form with Twilio's signature over the public address, or with another signature. */
export function postTwilio(
  api: Pick<ApiHarness, 'call'>,
  path: string,
  form: Record<string, string>,
  { signature, token = twilioAuthToken }: { signature?: string; token?: string } = {},
): Promise<ApiAnswer> {
  const address = `/v1/webhooks/twilio/${path}`;
  const expectedSignature = twilio.getExpectedTwilioSignature(token, publicUrl + address, form);
  return api.call(`POST ${address}`, {
    body: new URLSearchParams(form).toString(),
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'X-Twilio-Signature': signature ?? expectedSignature,
    },
  });
}

export const anySid = () => `SM${randomBytes(16).toString('hex')}`;

/** Fields of a status callback. */
export function statusForm(status: string, more: Record<string, string> = {}): Record<string, string> {
  const sid = more['MessageSid'] ?? anySid();
  return {
    AccountSid: `AC${'0'.repeat(32)}`,
    ApiVersion: '2010-04-01',
    From: '+15005550006',
    To: '+12025550100',
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    ...more,
  };
}
