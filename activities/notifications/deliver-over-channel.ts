import { ApplicationFailure } from '@temporalio/common';
import type { Logger } from 'pino';
import type { Channel } from '../../domain/notifications/contact.ts';
import { isBulk, type NoticeRule, noticeKinds } from '../../domain/notifications/notices.ts';
import { twilioSenderFaults } from '../../domain/notifications/twilio-sender-faults.ts';
import type { Policy } from '../../domain/policy.ts';
import { sentencesIn } from '../../domain/text/catalog.ts';
import { marketplaceTimeZone } from '../../domain/time/marketplace-calendar.ts';
import { isQuietHour, nextTextTime } from '../../domain/time/quiet-hours.ts';
import type { Database } from '../../store/database/connection.ts';
import type { Keyring } from '../../store/encryption/keyring.ts';
import {
  type Delivery,
  type DeliveryResult,
  findOrCreateDelivery,
  recordDeliveryResult,
} from '../../store/notifications/deliveries.ts';
import type { StoredNotice } from '../../store/notifications/stored-notices.ts';
import {
  endUnsentInvitations,
  lockInvitedOnboardings,
  recordReturnedInvitation,
} from '../../store/onboarding/returned-mail.ts';
import { enqueueOfferUnreachable } from '../../store/referrals/offers/offers.ts';
import { delayAfter } from './delay-after.ts';
import { isStillRelevant } from './is-still-relevant.ts';
import { sendOver } from './send-over-channel.ts';
import { contentRefusalCodes } from './senders/email.ts';
import { SendOutage } from './senders/send-outage.ts';
import type { Senders } from './senders/senders.ts';
import type { LinkSettings } from './templates/notice-data-of.ts';

/** Dependencies of delivering a notice. */
export interface DeliverNoticeDeps extends LinkSettings {
  db: Database;
  keyring: Keyring;
  senders: Senders;
  log: Pick<Logger, 'warn' | 'error'>;
  policy: Pick<Policy, 'textHours' | 'invitationRetryAfterMs'>;
  now: () => Date;
}

/** `lapsed`: the notice is no longer true, or its time is over. */
export type ChannelOutcome = 'sent' | 'refused' | 'lapsed';

/**
 * Sends one notice over one channel. After a delivery has ended, another call returns its outcome and sends nothing.
 * Providers cannot recognize a repeat: if a worker dies between the provider's answer and our own record, the notice is
 * sent twice, with the same attempt id.
 * @throws the retryable `provider-outage` and `quiet-hours`, which carry ids and the provider's code only
 * (docs/architecture.md, rule 9)
 */
export function createDeliverOverChannel(deps: DeliverNoticeDeps) {
  const { db, log, policy, now } = deps;

  return async (notice: StoredNotice, channel: Channel): Promise<ChannelOutcome> => {
    const { id: noticeId, kind, deliveries } = notice;
    const delivery =
      deliveries.find((one) => one.channel === channel) ??
      (await findOrCreateDelivery(db, { noticeId, channel, at: now() }));
    if (delivery.status !== 'pending') return outcomeOf(delivery.status);

    const end = await attempt(notice, channel, delivery.id);
    if (end.status === 'refused') {
      if (twilioSenderFaults.has(end.code)) logAccountFault({ provider: 'twilio', reason: end.code });
      log.warn({ noticeId, channel, kind, reason: end.code }, 'Notice refused, will not retry');
    }
    return record(notice, delivery.id, end);
  };

  async function attempt(notice: StoredNotice, channel: Channel, attemptId: string): Promise<DeliveryResult> {
    if (!isStillRelevant(notice, now()) || isDroppedAsQuiet(notice)) return { status: 'lapsed' };
    if (isNeverTexted(notice, channel)) return { status: 'refused', code: 'no-text-hours' };
    waitOutQuietHours(notice, channel);
    try {
      return await sendOver[channel]({ ...deps, notice, attemptId, now: now() });
    } catch (error) {
      if (!(error instanceof SendOutage)) throw error;
      const { provider, code: reason, isOurFault } = error;
      const nextRetryDelay = delayAfter(error, {
        isBulk: isBulk(notice),
        waitedMs: now().getTime() - notice.createdAt.getTime(),
      });
      if (isOurFault) logAccountFault({ provider, reason });
      log.warn({ noticeId: notice.id, channel, provider, reason }, 'Provider outage, notice will be retried');
      throw ApplicationFailure.create({
        type: 'provider-outage',
        message: sentencesIn('en').providerOutage(channel),
        details: [{ noticeId: notice.id, channel, provider, reason }],
        ...(nextRetryDelay !== undefined && { nextRetryDelay }),
      });
    }
  }

  /** Logs a fault of our own account as an error, because it stops every message over this provider. */
  function logAccountFault(fault: { provider: string; reason: string }): void {
    log.error(fault, 'Provider refuses our account or its settings, nothing is sent over it');
  }

  /** Whether an agent sleeps, and the notice is not worth waking them: later it would come too late. */
  function isDroppedAsQuiet({ kind, agent }: StoredNotice): boolean {
    const rule: NoticeRule = noticeKinds[kind];
    const timeZone = agent?.timeZone ?? marketplaceTimeZone;
    return rule.isDroppedInQuietHours === true && isQuietHour(now(), { timeZone, hours: policy.textHours });
  }

  /**
   * The earliest instant to send a notice over a channel; undefined for a text that its recipient's hours never allow.
   */
  function sendableFrom(notice: StoredNotice, channel: Channel, at: Date): Date | undefined {
    const rule: NoticeRule = noticeKinds[notice.kind];
    if (rule.waitsInQuietHours && channel !== 'email') {
      const timeZone = notice.agent?.timeZone ?? marketplaceTimeZone;
      return nextTextTime(at, { state: undefined, timeZone, hours: policy.textHours });
    }
    if (channel !== 'text' || rule.to !== 'consumer' || rule.isAnswer || !notice.referral) return at;
    const { state, timeZone } = notice.referral;
    return nextTextTime(at, { state, timeZone, hours: policy.textHours });
  }

  function isNeverTexted(notice: StoredNotice, channel: Channel): boolean {
    return sendableFrom(notice, channel, now()) === undefined;
  }

  /** Postpones a message to the end of the quiet hours. Its relevance is checked again then. */
  function waitOutQuietHours(notice: StoredNotice, channel: Channel): void {
    const at = now();
    const from = sendableFrom(notice, channel, at);
    if (!from || from <= at) return;
    throw ApplicationFailure.create({
      type: 'quiet-hours',
      message: sentencesIn('en').quietHours,
      details: [{ noticeId: notice.id, from: from.toISOString() }],
      nextRetryDelay: from.getTime() - at.getTime(),
    });
  }

  /**
   * Saves the result of a delivery. An invitation that was refused or never sent ends in the same transaction; the
   * onboarding is reviewed afterwards.
   */
  async function record(
    notice: StoredNotice,
    deliveryId: string,
    end: DeliveryResult,
  ): Promise<ChannelOutcome> {
    const at = now();
    const invitation = notice.kind === 'invitation' ? notice.invitation : undefined;
    return db.transaction().execute(async (tx) => {
      if (invitation) await lockInvitedOnboardings(tx, [deliveryId]);
      const status = await recordDeliveryResult(tx, { ...end, deliveryId, at });
      if (invitation && end.status === 'refused' && status === 'refused') {
        const retryAfterMs = contentRefusalCodes.has(end.code) ? policy.invitationRetryAfterMs : [];
        const { id: invitationId } = invitation;
        await recordReturnedInvitation(tx, { invitationId, code: end.code, at, retryAfterMs });
      }
      if (invitation && status === 'lapsed')
        await endUnsentInvitations(tx, { deliveryIds: [deliveryId], at });
      if (status === 'refused') await enqueueOfferUnreachable(tx, notice.id);
      return outcomeOf(status);
    });
  }
}

/** Maps a stored status. Mail with a complaint did arrive; mail that bounced before we recorded it as sent did not. */
function outcomeOf(status: Delivery['status']): ChannelOutcome {
  if (status === 'bounced') return 'refused';
  return status === 'refused' || status === 'lapsed' ? status : 'sent';
}
