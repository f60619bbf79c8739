import twilio from 'twilio';
import { twilioSenderFaults } from '../../../domain/notifications/twilio-sender-faults.ts';
import {
  applyDeliveryReport,
  claimReport,
  recordDeliveryDelay,
} from '../../../store/notifications/delivery-reports.ts';
import {
  lockOnboardingsOfPhone,
  optedOutErrorCode,
  stopTexts,
} from '../../../store/notifications/text-opt-outs.ts';
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

const receivedResponse = { 204: { description: 'Taken in, now or before' } } as const;

/** What the providers of mail and texts tell: what became of messages, and who wants no more of them. */
export function webhookRoutes(deps: Deps): Route[] {
  const { db, log, now } = deps;
  const { webhooks, policy } = deps.settings;
  const takeReply = createReplyHandler(deps);
  return [
    route({
      key: 'POST /v1/webhooks/ses',
      summary: 'Amazon SNS tells what SES found out about a mail: delivered, returned, complained about',
      description: 'A subscription of the topic that is configured is confirmed by itself.',
      bodyType: 'text/plain',
      responses: receivedResponse,
      handle: async ({ caller: message }) => {
        if (!webhooks) return fail('not-signed');
        if (message.Type === 'Notification') await takeMailReport(message, webhooks.maxAgeMs);
        else if (message.Type === 'SubscriptionConfirmation')
          await confirmSubscription(message.SubscribeURL, { settings: webhooks, log });
        else log.error('The subscription of the SES topic was ended: returned mail is not told any more.');
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/webhooks/twilio/status',
      summary: 'Twilio tells what became of a text',
      query: callbackQuery,
      bodyType: 'application/x-www-form-urlencoded',
      responses: receivedResponse,
      handle: async ({ caller, query: { attempt } }) => {
        const callback = statusCallback.safeParse(caller).data ?? fail('malformed-request');
        await takeTextStatus(callback, attempt);
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/webhooks/twilio/calls',
      summary: 'Twilio tells how a call ended',
      query: callbackQuery,
      bodyType: 'application/x-www-form-urlencoded',
      responses: receivedResponse,
      handle: async ({ caller, query: { attempt: attemptId } }) => {
        const { sid, status: state } = callCallback.safeParse(caller).data ?? fail('malformed-request');
        const status = statusIn(callStatuses, { state, sid, attemptId });
        if (!status) return { status: 204 };
        const report = { attemptId, providerMessageId: sid, status, at: now() };
        const why = status === 'refused' ? { code: state } : {};
        await db.transaction().execute((tx) => applyDeliveryReport(tx, { ...report, ...why }, policy));
        return { status: 204 };
      },
    }),
    route({
      key: 'POST /v1/webhooks/twilio/messages',
      summary: 'Twilio hands in a text that somebody sent us',
      description:
        'STOP and its like end texts to the phone, START and its like let them go there again. `A` or `D` with an offer’s code answers the offer.',
      bodyType: 'application/x-www-form-urlencoded',
      responses: { 200: { description: 'What is said back', contentType: 'text/xml', schema: twiml } },
      handle: async ({ caller }) => {
        const text = inboundText.safeParse(caller).data ?? fail('malformed-request');
        const said = await takeReply(text);
        const response = new twilio.twiml.MessagingResponse();
        if (said) response.message(said);
        return {
          status: 200,
          stream: (http) =>
            void http.set('Cache-Control', 'no-store').type('text/xml').send(response.toString()),
        };
      },
    }),
  ];

  async function takeMailReport({ MessageId, Message }: SnsMessage, maxAgeMs: number): Promise<void> {
    const at = now();
    const report = parseSesReport(Message);
    if (report.status === 'not-followed') return;
    if (report.status === 'unknown')
      return log.warn(
        { type: report.type, messageId: MessageId },
        'SES tells something that nobody here knows.',
      );
    await db.transaction().execute(async (tx) => {
      const forgetBefore = new Date(at.getTime() - 2 * maxAgeMs);
      if (!(await claimReport(tx, { messageId: MessageId, at, forgetBefore }))) return;
      if (report.status === 'delayed') await recordDeliveryDelay(tx, { ...report, at });
      else await applyDeliveryReport(tx, { ...report, at }, policy);
    });
  }

  async function takeTextStatus(callback: StatusCallback, attemptId: string | undefined): Promise<void> {
    const { sid, status: state, code, phone } = callback;
    const status = statusIn(textStatuses, { state, sid, attemptId });
    if (!status) return;
    const at = now();
    const why = status === 'refused' ? { code: code ?? state } : {};
    const stops = code === optedOutErrorCode && phone ? phone : undefined;
    await db.transaction().execute(async (tx) => {
      // an agent's onboardings before the messages about it, as everywhere (decision 0031)
      if (stops) await lockOnboardingsOfPhone(tx, stops);
      const report = { attemptId, providerMessageId: sid, status, ...why, at };
      const isNew = await applyDeliveryReport(tx, report, policy);
      // the same report again must not stop texts that were opted in to since
      if (isNew && stops) await stopTexts(tx, { phone: stops, by: 'provider', at });
      if (isNew && code && twilioSenderFaults.has(code))
        log.error(
          { provider: 'twilio', reason: code },
          'Carriers refuse our number or its registration: texts do not arrive.',
        );
    });
  }

  /** Our word for a state of Twilio's. One that nobody here knows is logged, and changes nothing. */
  function statusIn(
    known: typeof textStatuses,
    { state, sid, attemptId }: { state: string; sid: string | undefined; attemptId: string | undefined },
  ) {
    if (sid === undefined && attemptId === undefined) return fail('malformed-request');
    const status = known[state];
    if (!status)
      log.warn(
        { state: /^[a-z_-]{1,40}$/.test(state) ? state : 'unreadable' },
        'Twilio tells a state that nobody here knows.',
      );
    return status;
  }
}

/** Twilio's states of a call as ours. What was answered was spoken, be it to a machine; the rest rang for nobody. */
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

/** Twilio's states of a message as ours. That it was sent says nothing of its arrival. */
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
