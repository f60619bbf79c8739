import type { Channel, ContactChannel } from '../../domain/notifications/contact.ts';
import { noticeKinds } from '../../domain/notifications/notices.ts';
import { isSilentPush } from '../../domain/notifications/push-payload.ts';
import { channelObstacle } from '../../domain/referrals/consumer-contact.ts';
import { isAboutPhone, recordRefusedPhone } from '../../store/agents/refused-phones.ts';
import type { Database } from '../../store/database/connection.ts';
import type { Keyring } from '../../store/encryption/keyring.ts';
import {
  markSubscriptionsGone,
  readLivePushSubscriptions,
  recordPushes,
} from '../../store/notifications/deliveries.ts';
import type { StoredNotice } from '../../store/notifications/stored-notices.ts';
import { areTextsStopped, keyedPhone } from '../../store/notifications/text-opt-outs.ts';
import { readUnansweredOffers } from '../../store/referrals/offers/offers.ts';
import type { Senders, SendResult } from './senders/senders.ts';
import {
  composeCall,
  composeMail,
  composePush,
  composeText,
  pushQuestionOf,
} from './templates/compose-notice.ts';
import { type LinkSettings, pushPath } from './templates/notice-data-of.ts';
import { renderMail } from './templates/render-mail.tsx';

/** A notice with everything needed to send it. */
export interface SendContext extends LinkSettings {
  db: Database;
  keyring: Keyring;
  senders: Senders;
  notice: StoredNotice;
  attemptId: string;
  now: Date;
}

/** The longest life of a push. A notice without an end of its own is of no use a day later. */
const maxPushTtlMs = 24 * 60 * 60 * 1_000;

/** Codes after which a push subscription never works again (RFC 8030, RFC 8292). */
const goneCodes: ReadonlySet<string> = new Set(['403', '404', '410', 'subscription-invalid']);

/** Composes a notice for a channel and gives it to the provider. A missing address counts as a refusal. */
export const sendOver: Readonly<Record<Channel, (sending: SendContext) => Promise<SendResult>>> = {
  async email(sending) {
    const { notice, senders, attemptId } = sending;
    const address = mailAddressOf(notice);
    if (!address) return { status: 'refused', code: 'no-address' };
    const code = isUndeliverable(notice, address) ? 'address-undeliverable' : contactRefusal('email', notice);
    if (code) return { status: 'refused', code };
    const words = composeMail(notice, sending);
    if (!words) return { status: 'refused', code: 'not-for-this-channel' };
    const mail = renderMail(words, notice.language);
    return senders.email.send({ attemptId, to: address, ...mail });
  },

  async text(sending) {
    const { notice } = sending;
    const phone = isToAgent(notice)
      ? (notice.toAddress ?? notice.agent?.phone)
      : (contactOfChange(notice, 'text') ?? notice.consumer?.phone);
    if (!phone) return { status: 'refused', code: 'no-address' };
    const code = contactRefusal('text', notice);
    if (code) return { status: 'refused', code };
    const text = composeText(notice, sending);
    if (text === undefined) return { status: 'refused', code: 'not-for-this-channel' };
    return sendText(phone, text, sending);
  },

  async push(sending) {
    const words = composePush(sending.notice, sending);
    if (!words) return { status: 'refused', code: 'not-for-this-channel' };
    return pushToEveryDevice(sending, words);
  },

  async voice(sending) {
    const { notice, senders, attemptId } = sending;
    const phone = contactOfChange(notice, 'text') ?? notice.consumer?.phone;
    if (!phone) return { status: 'refused', code: 'no-address' };
    const text = composeCall(notice, sending);
    if (text === undefined) return { status: 'refused', code: 'not-for-this-channel' };
    return senders.voice.send({ attemptId, to: phone, text, language: notice.language });
  },
};

/** Sends a text unless its recipient has opted out, with us or with the provider. */
async function sendText(
  phone: string,
  text: string,
  { db, keyring, senders, notice, attemptId, now }: SendContext,
): Promise<SendResult> {
  const keyed = keyedPhone(keyring, phone);
  // what was read with the notice is about the agent's phone of today, not about a former one
  const isOwnPhone = isToAgent(notice) && notice.toAddress === null;
  const areStopped = isOwnPhone ? notice.agent?.textsStopped : await areTextsStopped(db, keyed);
  if (areStopped) return { status: 'refused', code: 'opted-out' };
  const result = await senders.text.send({ attemptId, to: phone, text });
  if (result.status === 'refused' && isAboutPhone(result.code)) {
    const { code } = result;
    await db.transaction().execute((tx) => recordRefusedPhone(tx, { ...keyed, code, at: now }));
  }
  return result;
}

/**
 * Sends a push to every device of the agent. It counts as sent if one device got it; an outage counts only if none did.
 * The offer's id as topic keeps a repeat from showing twice.
 */
async function pushToEveryDevice(
  { db, senders, notice, attemptId, now, linkSecret }: SendContext,
  words: { title: string; body: string },
): Promise<SendResult> {
  const npn = notice.agent?.npn;
  const devices = npn ? await readLivePushSubscriptions(db, npn) : [];
  const until = notice.untilAt ?? notice.offer?.expiresAt;
  const left = until && until > now ? until.getTime() - now.getTime() : maxPushTtlMs;
  const content = {
    attemptId,
    ...words,
    language: notice.language,
    url: pushPath(notice, { linkSecret }),
    question: pushQuestionOf(notice),
    sentAt: now.toISOString(),
    openOffers: npn && devices.length > 0 ? await readUnansweredOffers(db, { npn, at: now }) : [],
    topic: notice.offer?.id ?? notice.testOffer?.id,
    ttlMs: Math.min(left, maxPushTtlMs),
  };
  const results = await Promise.allSettled(
    devices.map(({ endpoint, p256dh, auth, hasSound }) =>
      senders.push.send({
        ...content,
        to: { endpoint, keys: { p256dh, auth } },
        isSilent: isSilentPush(notice.kind, { hasSound }),
      }),
    ),
  );
  const endpointsOf = (has: (answer: SendResult) => boolean) =>
    devices.flatMap(({ endpoint }, index) => {
      const result = results[index];
      return result?.status === 'fulfilled' && has(result.value) ? [endpoint] : [];
    });
  const gone = endpointsOf((answer) => answer.status === 'refused' && goneCodes.has(answer.code));
  if (npn && gone.length > 0)
    await db.transaction().execute((tx) => markSubscriptionsGone(tx, { npn, endpoints: gone, at: now }));
  const reached = endpointsOf((answer) => answer.status === 'sent');
  if (reached.length > 0) await recordPushes(db, { endpoints: reached, at: now });

  const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const sent = answers.find((answer) => answer.status === 'sent');
  if (sent) return sent;
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return answers[0] ?? { status: 'refused', code: 'no-subscription' };
}

/**
 * The reason not to use a consumer's contact: since the notice was created it may have been reported as wrong, or
 * replaced by one without consent to texts.
 */
function contactRefusal(channel: ContactChannel, notice: StoredNotice) {
  const { kind, consumer } = notice;
  // the obstacles of the current contact do not apply to a former or a new one
  if (contactOfChange(notice, channel) !== undefined) return undefined;
  return consumer && channelObstacle(channel, kind, consumer);
}

/** The address of a contact change: a code goes to the new contact, the news of the change to the former one. */
function contactOfChange({ kind, contactChange }: StoredNotice, channel: ContactChannel): string | undefined {
  if (contactChange?.channel !== channel) return undefined;
  const { address, addressBefore } = contactChange;
  return (kind === 'contact-changed' ? addressBefore : address) ?? undefined;
}

const isToAgent = (notice: StoredNotice) => noticeKinds[notice.kind].to === 'agent';

/**
 * The mail address of a notice. An invitation goes to the MLMS address of its issue; everything else to the current
 * address, unless the notice has an address of its own.
 */
function mailAddressOf(notice: StoredNotice): string | null | undefined {
  const { invitation, agent, consumer, kind, toAddress } = notice;
  if (toAddress) return toAddress;
  if (kind === 'invitation' || kind === 'invitation-reminder') return invitation?.sentTo;
  return noticeKinds[kind].to === 'agent'
    ? agent?.email
    : (contactOfChange(notice, 'email') ?? consumer?.email);
}

/** Returns whether an address has bounced or complained: it gets no mail until it changes. */
function isUndeliverable({ agent, consumer }: StoredNotice, address: string): boolean {
  return [agent, consumer].some((person) => person?.emailUndeliverableAt && person.email === address);
}
