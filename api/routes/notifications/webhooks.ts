import MessagingResponse from 'twilio/lib/twiml/MessagingResponse.js';
import { twilioSenderFaults } from '../../../domain/notifications/twilio-sender-faults.ts';
import { isAboutPhone, lockRefusedPhone, recordRefusedPhone } from '../../../store/agents/refused-phones.ts';
import {
  applyFailureReport,
  claimReport,
  recordDeliveryDelay,
  recordProgress,
} from '../../../store/notifications/delivery-reports.ts';
import { keyedPhone } from '../../../store/notifications/text-opt-outs.ts';
import type { SnsMessage } from '../../auth/sns.ts';
import { confirmSubscription } from '../../auth/sns-client.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import {
  callbackQuery,
  callCallback,
  inboundText,
  type StatusCallback,
  statusCallback,
  twiml,
} from '../../schemas/notifications/webhooks.ts';
import { parseSesReport } from './ses-report.ts';
import { createReplyHandler } from './text-replies.ts';

const receivedResponse = { 204: { description: 'Recorded now or earlier' } } as const;

/** Webhooks of the mail and text providers: delivery reports, replies and opt-outs. */
export function webhookRoutes(deps: Deps): Route[] {
  const { db, keyring, log, now } = deps;
  const { webhooks, policy } = deps.settings;
  const handleReply = createReplyHandler(deps);
  return [
    route({
      key: 'POST /v1/webhooks/ses',
      summary: 'Receive a delivery report of Amazon SES through SNS: delivered, bounced, complaint',
      description: 'A subscription of the configured topic is confirmed automatically.',
      bodyType: 'text/plain',
      responses: receivedResponse,
      handle: async ({ caller: message }) => {
        if (!webhooks) return fail('not-signed');
        if (message.Type === 'Notification') await recordMailReport(message, webhooks.maxAgeMs);
        else if (message.Type === 'SubscriptionConfirmation')
          await confirmSubscription(message.SubscribeURL, { settings: webhooks, log });
        else log.error('SES topic subscription ended, bounces are no longer reported');
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/webhooks/twilio/status',
      summary: 'Receive the delivery status of a text from Twilio',
      query: callbackQuery,
      bodyType: 'application/x-www-form-urlencoded',
      responses: receivedResponse,
      handle: async ({ caller, query: { attempt } }) => {
        const callback = statusCallback.safeParse(caller).data ?? fail('malformed-request');
        await recordTextStatus(callback, attempt);
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/webhooks/twilio/calls',
      summary: 'Receive the status of a call from Twilio',
      query: callbackQuery,
      bodyType: 'application/x-www-form-urlencoded',
      responses: receivedResponse,
      handle: async ({ caller, query: { attempt: attemptId } }) => {
        const { sid, status: state } = callCallback.safeParse(caller).data ?? fail('malformed-request');
        const status = toDeliveryStatus(callStatuses, { state, sid, attemptId });
        if (!status) return { status: 204 };
        const report = { attemptId, providerMessageId: sid, at: now() };
        if (status === 'refused')
          await db
            .transaction()
            .execute((tx) => applyFailureReport(tx, keyring, { ...report, status, code: state }, policy));
        else await recordProgress(db, { ...report, status });
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/webhooks/twilio/messages',
      summary: 'Receive an inbound text from Twilio',
      description:
        'STOP and similar keywords end texts to the phone; START and similar keywords resume them. `A` or `D` with the ' +
        'code of an offer accepts or declines it.',
      bodyType: 'application/x-www-form-urlencoded',
      responses: {
        200: { description: 'The reply to send, if any', contentType: 'text/xml', schema: twiml },
      },
      handle: async ({ caller }) => {
        const text = inboundText.safeParse(caller).data ?? fail('malformed-request');
        const answer = await handleReply(text);
        const response = new MessagingResponse();
        if (answer) response.message(answer);
        return {
          status: 200,
          stream: (http) =>
            void http.set('Cache-Control', 'no-store').type('text/xml').send(response.toString()),
        };
      },
    }),
  ];

  async function recordMailReport({ MessageId, Message }: SnsMessage, maxAgeMs: number): Promise<void> {
    const at = now();
    const report = parseSesReport(Message);
    if (report.status === 'not-followed') return;
    if (report.status === 'unknown')
      return log.warn({ type: report.type, messageId: MessageId }, 'Unknown SES event type ignored');
    if (report.status === 'sent' || report.status === 'delivered')
      return recordProgress(db, { ...report, at });
    await db.transaction().execute(async (tx) => {
      const deleteBefore = new Date(at.getTime() - 2 * maxAgeMs);
      if (!(await claimReport(tx, { messageId: MessageId, at, deleteBefore }))) return;
      if (report.status === 'delayed') await recordDeliveryDelay(tx, { ...report, at });
      else await applyFailureReport(tx, keyring, { ...report, at }, policy);
    });
  }

  async function recordTextStatus(callback: StatusCallback, attemptId: string | undefined): Promise<void> {
    const { sid, status: state, code, phone } = callback;
    const status = toDeliveryStatus(textStatuses, { state, sid, attemptId });
    if (!status) return;
    const at = now();
    const report = { attemptId, providerMessageId: sid, at };
    if (status !== 'refused') return recordProgress(db, { ...report, status });
    const refusal = code && phone && isAboutPhone(code) ? { ...keyedPhone(keyring, phone), code } : undefined;
    await db.transaction().execute(async (tx) => {
      // onboardings and agents are locked before deliveries, as everywhere, to avoid deadlocks (docs/decisions/0031-lock-order.md)
      if (refusal) await lockRefusedPhone(tx, refusal.phone);
      const isNew = await applyFailureReport(tx, keyring, { ...report, status, code: code ?? state }, policy);
      // a repeated report must not stop texts that were resumed since
      if (isNew && refusal) await recordRefusedPhone(tx, { ...refusal, at });
      if (isNew && code && twilioSenderFaults.has(code))
        log.error(
          { provider: 'twilio', reason: code },
          'Carriers refuse our number or its registration, texts do not arrive',
        );
    });
  }

  /** Maps a state of Twilio to our status. An unknown state is logged and ignored. */
  function toDeliveryStatus(
    statuses: typeof textStatuses,
    { state, sid, attemptId }: { state: string; sid: string | undefined; attemptId: string | undefined },
  ) {
    if (sid === undefined && attemptId === undefined) return fail('malformed-request');
    const status = statuses[state];
    if (!status)
      log.warn(
        { state: /^[a-z_-]{1,40}$/.test(state) ? state : 'unreadable' },
        'Unknown Twilio state ignored',
      );
    return status;
  }
}

/** Delivery status by Twilio's state of a call. An answered call was delivered, even if a machine answered. */
const callStatuses: Readonly<Partial<Record<string, 'sent' | 'delivered' | 'refused'>>> = {
  queued: 'sent',
  initiated: 'sent',
  ringing: 'sent',
  'in-progress': 'sent',
  completed: 'delivered',
  busy: 'refused',
  'no-answer': 'refused',
  failed: 'refused',
  canceled: 'refused',
};

/** Delivery status by Twilio's state of a message. `sent` does not mean that it arrived. */
const textStatuses: Readonly<Partial<Record<string, 'sent' | 'delivered' | 'refused'>>> = {
  accepted: 'sent',
  scheduled: 'sent',
  queued: 'sent',
  sending: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'refused',
  failed: 'refused',
  canceled: 'refused',
};
