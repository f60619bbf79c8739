import { randomUUID } from 'node:crypto';
import { withTimeLimit } from '../../../runtime/stop-signals.ts';
import { type BackgroundTasks, callbackResult } from '../background-tasks.ts';
import type { MailboxMessage } from '../mailbox/message-store.ts';
import type { Sns } from './sns.ts';

/** Bounce types as SES event publishing spells them. */
export const bounceTypes = ['Undetermined', 'Permanent', 'Transient'] as const;
export type BounceType = (typeof bounceTypes)[number];

/**
 * Outcome of a mail. The code of a bounce is an enhanced status such as `5.1.1`, a subtype such as `MailboxFull`, or
 * `ooto` for an automatic reply. Without a `bounceType`, `4.…` is transient and `5.…` permanent; the type can be set,
 * because SES reports some 5.x statuses as transient.
 */
export type MailOutcome =
  | { is: 'delivered' }
  | { is: 'bounced'; code: string; bounceType?: BounceType | undefined }
  | { is: 'complained'; code: string };

/** Subtypes that only transient bounces have. All others are permanent, except `Undetermined`. */
const transient: ReadonlySet<string> = new Set([
  'MailboxFull',
  'MessageTooLarge',
  'ContentRejected',
  'AttachmentRejected',
  'CustomTimeoutExceeded',
]);

/** Code of an automatic reply (out of the office). SES reports it as a bounce without a status. */
const automaticReply = 'ooto';

/** Builds a bounce as SES spells it from an enhanced status such as `5.1.1` or a subtype such as `MailboxFull`. */
function bounceOf({ code, bounceType: chosenType }: Bounced, to: string): Record<string, unknown> {
  if (code === automaticReply)
    return { bounceType: 'Transient', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: to }] };
  const isStatus = /^[45]\./.test(code);
  const bounceType = chosenType ?? usualTypeOf(code);
  const bounceSubType = isStatus ? subTypeOf(code, chosenType) : code;
  // SES gives no status for a bounce that it could not classify
  if (!isStatus && (code === 'Undetermined' || (code === 'General' && bounceType === 'Transient')))
    return { bounceType, bounceSubType, bouncedRecipients: [{ emailAddress: to }] };
  const status = isStatus ? code : bounceType === 'Transient' ? '4.2.2' : '5.1.1';
  const diagnosticCode = `smtp; ${status.startsWith('4.') ? 450 : 550} ${status} not delivered to <${to}>`;
  return {
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress: to, action: 'failed', status, diagnosticCode }],
  };
}

type Bounced = Extract<MailOutcome, { is: 'bounced' }>;

function usualTypeOf(code: string): BounceType {
  if (code === 'Undetermined') return code;
  return code.startsWith('4.') || transient.has(code) ? 'Transient' : 'Permanent';
}

function subTypeOf(status: string, chosenType: BounceType | undefined): string {
  if (chosenType === 'Undetermined') return chosenType;
  return chosenType === undefined && status.startsWith('4.') ? 'MailboxFull' : 'General';
}

/** Number of attempts to post a notification; the real SNS retries for longer. */
const maxAttempts = 5;

/** Builds the event that SES publishes for an outcome, in the format of a configuration set's event destination. */
export function sesEvent(message: MailboxMessage, outcome: MailOutcome): Record<string, unknown> {
  const timestamp = new Date().toISOString();
  const mail = {
    timestamp: message.at,
    source: message.from ?? '',
    sendingAccountId: '000000000000',
    messageId: message.providerMessageId,
    destination: [message.to],
    headersTruncated: false,
    headers: [],
    tags: Object.fromEntries(Object.entries(message.tags ?? {}).map(([name, value]) => [name, [value]])),
  };
  const recipient = { emailAddress: message.to };
  const feedbackId = randomUUID();
  switch (outcome.is) {
    case 'delivered': {
      const smtpResponse = '250 2.0.0 OK';
      const delivery = { timestamp, recipients: [message.to], smtpResponse, processingTimeMillis: 300 };
      return { eventType: 'Delivery', mail, delivery };
    }
    case 'bounced': {
      const bounce = {
        ...bounceOf(outcome, message.to),
        timestamp,
        feedbackId,
        reportingMTA: 'dns; mailbox.test',
      };
      return { eventType: 'Bounce', mail, bounce };
    }
    case 'complained': {
      const complaint = {
        complainedRecipients: [recipient],
        timestamp,
        feedbackId,
        complaintSubType: null,
        complaintFeedbackType: outcome.code,
        userAgent: 'Mailbox',
      };
      return { eventType: 'Complaint', mail, complaint };
    }
  }
}

/** Publishes an event to the topic, and retries until the webhook accepts it, as SNS does. @returns its response */
export async function publish(
  sns: Sns,
  url: string,
  event: Record<string, unknown>,
  background: BackgroundTasks,
): Promise<string> {
  const envelope = await sns.envelope(event);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await callbackResult(post(url, envelope, background.signal));
    if (attempt === maxAttempts || !/^(no answer|HTTP (5|429))/.test(answer)) return answer;
    await background.pause();
  }
}

async function post(
  url: string,
  envelope: Record<string, string>,
  signal: AbortSignal,
): Promise<{ status: number }> {
  return withTimeLimit({ withinMs: 15_000, stopping: signal }, (ended) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': envelope['Type'] ?? '',
        'x-amz-sns-message-id': envelope['MessageId'] ?? '',
        'x-amz-sns-topic-arn': envelope['TopicArn'] ?? '',
      },
      body: JSON.stringify(envelope),
      signal: ended,
      redirect: 'manual',
    }),
  );
}
