import { ApplicationFailure } from '@temporalio/common';
import type { Logger } from 'pino';
import { refuse } from '../../domain/failures.ts';
import type { Channel } from '../../domain/notifications/contact.ts';
import { type NoticeRule, noticeKinds } from '../../domain/notifications/notices.ts';
import { twilioSenderFaults } from '../../domain/notifications/twilio-sender-faults.ts';
import type { Policy } from '../../domain/policy.ts';
import { sentencesIn } from '../../domain/text/catalog.ts';
import { nextTextTime } from '../../domain/time/quiet-hours.ts';
import type { Database } from '../../store/database/connection.ts';
import {
  type Delivery,
  type DeliveryResult,
  findOrCreateDelivery,
  recordDeliveryResult,
} from '../../store/notifications/deliveries.ts';
import { readNotice, type StoredNotice } from '../../store/notifications/stored-notices.ts';
import {
  endUnsentInvitations,
  lockInvitedOnboardings,
  recordReturnedInvitation,
} from '../../store/onboarding/returned-mail.ts';
import { enqueueOfferUnreachable } from '../../store/referrals/offers.ts';
import { isStillRelevant } from './is-still-relevant.ts';
import { sendOver } from './send-over-channel.ts';
import { contentRefusalCodes } from './senders/email.ts';
import { SendOutage } from './senders/send-outage.ts';
import type { Senders } from './senders/senders.ts';
import type { LinkSettings } from './templates/notice-data-of.ts';

/** What telling stands on. */
export interface DeliverNoticeDeps extends LinkSettings {
  db: Database;
  senders: Senders;
  log: Pick<Logger, 'warn' | 'error'>;
  policy: Pick<Policy, 'textHours' | 'invitationRetryAfterMs'>;
  /** The wall clock, unless a test has its own. */
  now?: () => Date;
}

/** `lapsed`: telling would mislead by now, or would come too late. */
export type DeliverNoticeResult = 'sent' | 'refused' | 'lapsed';
export type DeliverNotice = (notice: { noticeId: string; channel: Channel }) => Promise<DeliverNoticeResult>;

/**
 * Tells one notice over one channel. Called again after an end it answers with that end and sends nothing. A provider
 * knows no repeat, so a worker that dies between the provider's answer and our own record sends twice; the attempt's
 * id is the same both times.
 * @throws `provider-outage` and `quiet-hours`, to be tried again, with ids and the provider's code alone (rule 9)
 */
export function createDeliverNotice(deps: DeliverNoticeDeps): DeliverNotice {
  const { db, log, policy, now = () => new Date() } = deps;

  return async ({ noticeId, channel }) => {
    const notice = await readNotice(db, noticeId);
    if (!notice) refuse('not-found', 'There is no such notice.', { noticeId });
    const delivery = await findOrCreateDelivery(db, { noticeId, channel, at: now() });
    if (delivery.status !== 'pending') return resultOf(delivery.status);

    const end = await attempt(notice, channel, delivery.id);
    if (end.status === 'refused') {
      if (twilioSenderFaults.has(end.code)) faultOfOurs({ provider: 'twilio', reason: end.code });
      log.warn({ noticeId, channel, kind: notice.kind, reason: end.code }, 'A notice was refused for good.');
    }
    return record(notice, delivery.id, end);
  };

  async function attempt(notice: StoredNotice, channel: Channel, attemptId: string): Promise<DeliveryResult> {
    if (!isStillRelevant(notice, now())) return { status: 'lapsed' };
    if (isNeverTexted(notice, channel)) return { status: 'refused', code: 'no-text-hours' };
    waitOutQuietHours(notice, channel);
    try {
      return await sendOver[channel]({ ...deps, notice, attemptId, now: now() });
    } catch (error) {
      if (!(error instanceof SendOutage)) throw error;
      const { provider, code: reason, retryAfterMs, isOurFault } = error;
      if (isOurFault) faultOfOurs({ provider, reason });
      log.warn({ noticeId: notice.id, channel, provider, reason }, 'A provider is out; the notice waits.');
      throw ApplicationFailure.create({
        type: 'provider-outage',
        message: sentencesIn('en').providerOutage(channel),
        details: [{ noticeId: notice.id, channel, provider, reason }],
        ...(retryAfterMs !== undefined && { nextRetryDelay: retryAfterMs }),
      });
    }
  }

  /** No recipient can mend it, and every message to everybody meets it. */
  function faultOfOurs(fault: { provider: string; reason: string }): void {
    log.error(
      fault,
      'A provider refuses our account or its settings; nothing goes out over it until that is mended.',
    );
  }

  /** When a notice may go over a channel; undefined: it is a text, and there is no hour for it where its reader is. */
  function textHourOf(notice: StoredNotice, channel: Channel, at: Date): Date | undefined {
    const rule: NoticeRule = noticeKinds[notice.kind];
    if (channel !== 'text' || rule.to !== 'consumer' || rule.isAnswer || !notice.referral) return at;
    const { state, timeZone } = notice.referral;
    return nextTextTime(at, { state, timeZone, hours: policy.textHours });
  }

  function isNeverTexted(notice: StoredNotice, channel: Channel): boolean {
    return textHourOf(notice, channel, now()) === undefined;
  }

  /** A text that would come at night is tried again when the quiet hours are over, if it is still worth telling then. */
  function waitOutQuietHours(notice: StoredNotice, channel: Channel): void {
    const at = now();
    const from = textHourOf(notice, channel, at);
    if (!from || from <= at) return;
    throw ApplicationFailure.create({
      type: 'quiet-hours',
      message: sentencesIn('en').quietHours,
      details: [{ noticeId: notice.id, from: from.toISOString() }],
      nextRetryDelay: from.getTime() - at.getTime(),
    });
  }

  /** An invitation that its address refuses, or that never left, ends with the same transaction; the onboarding reviews afterwards. */
  async function record(
    notice: StoredNotice,
    deliveryId: string,
    end: DeliveryResult,
  ): Promise<DeliverNoticeResult> {
    const at = now();
    return db.transaction().execute(async (tx) => {
      await lockInvitedOnboardings(tx, [deliveryId]);
      const status = await recordDeliveryResult(tx, { ...end, deliveryId, at });
      if (
        end.status === 'refused' &&
        status === 'refused' &&
        notice.kind === 'invitation' &&
        notice.invitation
      ) {
        const retryAfterMs = contentRefusalCodes.has(end.code) ? policy.invitationRetryAfterMs : [];
        const { id: invitationId } = notice.invitation;
        await recordReturnedInvitation(tx, { invitationId, code: end.code, at, retryAfterMs });
      }
      if (status === 'lapsed') await endUnsentInvitations(tx, { deliveryIds: [deliveryId], at });
      // a report may have refused the other channels since the story sent them
      if (status === 'refused') await enqueueOfferUnreachable(tx, notice.id);
      return resultOf(status);
    });
  }
}

/** Mail that was complained about did arrive; mail that came back before we wrote down that it went did not. */
function resultOf(status: Delivery['status']): DeliverNoticeResult {
  if (status === 'bounced') return 'refused';
  return status === 'refused' || status === 'lapsed' ? status : 'sent';
}
