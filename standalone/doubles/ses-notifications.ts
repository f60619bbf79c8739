import { randomUUID } from 'node:crypto';
import type { OutboxMessage } from './message-store.ts';

const topicArn = 'arn:aws:sns:us-east-1:000000000000:ses-events';

/**
 * What SES publishes for a mail that could not be delivered for good (`code`, an enhanced status such as `5.1.1`)
 * or, without a code, for one that was delivered.
 */
export function sesNotification(message: OutboxMessage, bounceCode?: string): Record<string, unknown> {
  const timestamp = new Date().toISOString();
  const mail = {
    timestamp: message.at,
    source: message.from ?? '',
    sendingAccountId: '000000000000',
    messageId: message.providerMessageId,
    destination: [message.to],
    tags: Object.fromEntries(Object.entries(message.tags ?? {}).map(([name, value]) => [name, [value]])),
  };
  if (bounceCode === undefined) {
    const delivery = {
      timestamp,
      recipients: [message.to],
      smtpResponse: '250 2.0.0 OK',
      processingTimeMillis: 300,
    };
    return { notificationType: 'Delivery', mail, delivery };
  }
  const recipient = {
    emailAddress: message.to,
    action: 'failed',
    status: bounceCode,
    diagnosticCode: `smtp; 550 ${bounceCode} user unknown`,
  };
  const bounce = {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [recipient],
    timestamp,
    feedbackId: randomUUID(),
  };
  return { notificationType: 'Bounce', mail, bounce };
}

/** The envelope SNS puts around a notification, yet unsigned. */
export function snsEnvelope(notification: Record<string, unknown>): Record<string, string> {
  return {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topicArn,
    Subject: 'Amazon SES Email Event Notification',
    Message: JSON.stringify(notification),
    Timestamp: new Date().toISOString(),
    SignatureVersion: '2',
  };
}

/** Posts an envelope as SNS does. */
export async function postSnsEnvelope(
  url: string,
  envelope: Record<string, string>,
  signal: AbortSignal,
): Promise<{ status: number }> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': envelope['MessageId'] ?? '',
      'x-amz-sns-topic-arn': topicArn,
    },
    body: JSON.stringify(envelope),
    signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    redirect: 'manual',
  });
}
