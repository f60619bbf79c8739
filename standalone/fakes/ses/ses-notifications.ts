import { randomUUID } from 'node:crypto';
import { type BackgroundTasks, callbackResult } from '../background-tasks.ts';
import type { MailboxMessage } from '../mailbox/message-store.ts';
import type { Sns } from './sns.ts';

/** The kinds of a bounce, as event publishing spells them. */
export const bounceTypes = ['Undetermined', 'Permanent', 'Transient'] as const;
export type BounceType = (typeof bounceTypes)[number];

/**
 * What becomes of a mail: it arrives, it comes back with an enhanced status such as `5.1.1` or a subtype such as
 * `MailboxFull` (`ooto`: an automatic answer), or it arrives and its reader complains. A status says nothing of the
 * type for certain, as SES calls some of 5.x transient: without a type, `4.…` is transient and `5.…` permanent.
 */
export type MailOutcome =
  | { is: 'delivered' }
  | { is: 'bounced'; code: string; bounceType?: BounceType | undefined }
  | { is: 'complained'; code: string };

/** The subtypes that are of type Transient alone; beside them and `Undetermined`, every other one is for good. */
const transient: ReadonlySet<string> = new Set([
  'MailboxFull',
  'MessageTooLarge',
  'ContentRejected',
  'AttachmentRejected',
  'CustomTimeoutExceeded',
]);

/** An automatic answer comes as a bounce of which SES knows no more. */
const automaticAnswer = 'ooto';

/** A bounce as SES spells it, by an enhanced status such as `5.1.1` or by a subtype such as `MailboxFull`. */
function bounceOf({ code, bounceType: given }: Bounced, to: string): Record<string, unknown> {
  if (code === automaticAnswer)
    return { bounceType: 'Transient', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: to }] };
  const isStatus = /^[45]\./.test(code);
  const bounceType = given ?? usualTypeOf(code);
  const bounceSubType = isStatus ? subTypeOf(code, given) : code;
  // of what SES could not classify it has no status
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

function subTypeOf(status: string, given: BounceType | undefined): string {
  if (given === 'Undetermined') return given;
  return given === undefined && status.startsWith('4.') ? 'MailboxFull' : 'General';
}

/** How often SNS posts what was not taken; it tries for longer. */
const tries = 5;

/** What SES publishes of an outcome, in the form of a configuration set's events. */
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
        reportingMTA: 'dns; outbox.test',
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
        userAgent: 'Outbox',
      };
      return { eventType: 'Complaint', mail, complaint };
    }
  }
}

/** Publishes an outcome to the topic, and posts it until it is taken, as SNS does. @returns what the service said */
export async function publish(
  sns: Sns,
  url: string,
  event: Record<string, unknown>,
  later: BackgroundTasks,
): Promise<string> {
  const envelope = await sns.envelope(event);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await callbackResult(post(url, envelope, later.signal));
    if (attempt === tries || !/^(no answer|HTTP (5|429))/.test(answer)) return answer;
    await later.pause();
  }
}

async function post(
  url: string,
  envelope: Record<string, string>,
  signal: AbortSignal,
): Promise<{ status: number }> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': envelope['Type'] ?? '',
      'x-amz-sns-message-id': envelope['MessageId'] ?? '',
      'x-amz-sns-topic-arn': envelope['TopicArn'] ?? '',
    },
    body: JSON.stringify(envelope),
    signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    redirect: 'manual',
  });
}
