import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  type Channel,
  canBeTexted,
  offerChannels,
  openChannels,
} from '../../domain/notifications/contact.ts';
import { type NoticeKind, type NoticeToSend, noticeKinds } from '../../domain/notifications/notices.ts';
import { channelsToConsumer } from '../../domain/referrals/consumer-contact.ts';
import type { Tx } from '../database/connection.ts';
import { type NoticeWithChannels, toNoticeToSend } from './pending-notices.ts';
import { readConsumerReach, readContactFacts } from './reachability.ts';
import { type NewNotice, type PlannedNotice, writeNotices } from './write-notices.ts';

/**
 * Creates a notice and a pending delivery for each of its channels, in the transaction of the change it is about. A repeat
 * with the same key changes nothing and returns the first notice and its channels.
 * @returns the notice; without any channel the person cannot be reached
 */
export async function createNotice(tx: Tx, notice: NewNotice): Promise<NoticeToSend> {
  const [created] = await createNotices(tx, [notice]);
  return created as NoticeToSend;
}

/** Creates notices at once, each as `createNotice`. @returns them in their order */
export async function createNotices(tx: Tx, notices: readonly NewNotice[]): Promise<NoticeToSend[]> {
  const planned = await planNotices(tx, notices);
  const written = await writeNotices(tx, planned);
  if (written.length < planned.length) return readNotices(tx, keysOf(notices));
  return planned.map(({ isRequested = false, ...notice }) => toNoticeToSend({ ...notice, isRequested }));
}

/** Chooses the channels of notices that are about to be written (`writePendingNotices`). */
export async function planNotices(tx: Tx, notices: readonly NewNotice[]): Promise<PlannedNotice[]> {
  const planned: PlannedNotice[] = [];
  for (const notice of notices)
    planned.push({ ...notice, id: notice.id ?? randomUUID(), channels: await channelsFor(tx, notice) });
  return planned;
}

const keysOf = (notices: readonly NewNotice[]) => notices.map(({ dedupeKey }) => dedupeKey);

/** Reads notices that were created before, in the order of their keys, each with all its channels. */
export async function readNotices(tx: Tx, dedupeKeys: readonly string[]): Promise<NoticeToSend[]> {
  if (dedupeKeys.length === 0) return [];
  const { rows } = await sql<NoticeWithChannels>`
    select id, kind, is_requested, array(select d.channel from deliveries d where d.notice_id = n.id) as channels
    from unnest(${dedupeKeys}::text[]) with ordinality as key (value, number)
    join notices n on n.dedupe_key = key.value order by key.number`.execute(tx);
  if (rows.length < dedupeKeys.length) throw new Error('notices with these keys must exist');
  return rows.map(toNoticeToSend);
}

async function channelsFor(tx: Tx, notice: NewNotice): Promise<Channel[]> {
  const { kind, npn, referralId, toAddress } = notice;
  if (notice.channels) return [...notice.channels];
  // an invitation carries its own address, from the MLMS profile; an undeliverable one is detected on sending, since the
  // onboarding has to react to it
  if (kind === 'invitation' || kind === 'invitation-reminder') return ['email'];
  if (toAddress) return ['email'];
  if (kind === 'phone-code') return (await isPhoneTextable(tx, npn)) ? ['text'] : [];
  const { to, over } = noticeKinds[kind];
  const { all, preferred } =
    to === 'agent' ? await channelsOfAgent(tx, npn) : await channelsOfConsumer(tx, { kind, referralId });
  return over === 'preferred' ? preferred : all.filter((channel) => includes(over, channel));
}

const includes = (over: readonly Channel[], channel: Channel) => over.includes(channel);

interface OpenChannels {
  all: Channel[];
  preferred: Channel[];
}

async function channelsOfAgent(tx: Tx, npn: string | undefined): Promise<OpenChannels> {
  const facts = npn === undefined ? undefined : await readContactFacts(tx, npn);
  if (!facts) return { all: [], preferred: [] };
  return { all: openChannels(facts), preferred: offerChannels(facts) };
}

/** Returns whether a code can be texted to the agent's phone, which is not confirmed yet. */
async function isPhoneTextable(tx: Tx, npn: string | undefined): Promise<boolean> {
  const facts = npn === undefined ? undefined : await readContactFacts(tx, npn);
  return facts !== undefined && canBeTexted(facts);
}

/** Chooses the channels to a consumer. Notices just asked for (a code, the link again) name their channel and do not come here. */
async function channelsOfConsumer(
  tx: Tx,
  { kind, referralId }: { kind: NoticeKind; referralId?: string | undefined },
): Promise<OpenChannels> {
  const contact = referralId === undefined ? undefined : await readConsumerReach(tx, referralId);
  const all = contact ? channelsToConsumer(kind, contact) : [];
  return { all, preferred: all };
}
