import type { ContactChannel } from '../../../domain/notifications/contact.ts';
import type { ConsumerContact } from '../../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../../database/connection.ts';
import { createNotice } from '../../notifications/notices.ts';
import { enqueue } from '../../outbox.ts';

/**
 * Chooses the channel of the notice about a changed contact: the replaced contact, or else the one that stays. Contacts that
 * were reported as wrong, are undeliverable, or were never confirmed (where confirmation is required) get no notice.
 */
export function changeNoticeChannel(
  { phone, email, emailUndeliverableAt, wrongChannel, confirmedChannels }: ConsumerContact,
  change: {
    channel: ContactChannel;
    isUnchanged: (channel: ContactChannel) => boolean;
    mustBeConfirmed: boolean;
  },
): ContactChannel | undefined {
  const isOpen = { text: phone !== null, email: email !== null && emailUndeliverableAt === null };
  const isTheirs = (channel: ContactChannel) =>
    isOpen[channel] &&
    channel !== wrongChannel &&
    (!change.mustBeConfirmed || confirmedChannels.includes(channel));
  const { channel, isUnchanged } = change;
  const other = channel === 'text' ? 'email' : 'text';
  if (isTheirs(channel)) return channel;
  return isUnchanged(other) && isTheirs(other) ? other : undefined;
}

/** Sends the notice about a changed contact over a channel. */
export async function notifyContactChange(
  tx: Tx,
  about: { referralId: string; changeId: string; over: ContactChannel; at: Date },
): Promise<void> {
  const { referralId, changeId, over, at } = about;
  const notice = await createNotice(tx, {
    kind: 'contact-changed',
    referralId,
    at,
    data: { contactChange: { id: changeId } },
    channels: [over],
    dedupeKey: `contact-changed ${changeId}`,
  });
  // sent through the outbox, since the workflow may sleep for long
  await enqueue(tx, { type: 'send-notice', payload: notice });
}
