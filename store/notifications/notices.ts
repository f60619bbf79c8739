import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  type Channel,
  canBeTexted,
  channels,
  offerChannels,
  openChannels,
} from '../../domain/notifications/contact.ts';
import { type NoticeKind, type NoticeToSend, noticeKinds } from '../../domain/notifications/notices.ts';
import { channelsToConsumer } from '../../domain/referrals/consumer-contact.ts';
import type { NoticeContents } from '../../domain/text/notice-data.ts';
import type { Tx } from '../database/connection.ts';
import { enqueue } from '../outbox.ts';
import { readConsumerContact, readContactFacts } from './reachability.ts';

/** A notice to create, by ids. The recipient's address is looked up when it is sent. */
export interface NewNotice {
  kind: NoticeKind;
  /** Names the occasion; a second notice with the same key is not created. */
  dedupeKey: string;
  /** The agent it is for, or about. */
  npn?: string;
  planYear?: number;
  /** Required in a notice to a consumer. */
  referralId?: string;
  offerId?: string;
  invitationId?: string;
  at: Date;
  /** After this instant the notice would mislead and is not sent. */
  untilAt?: Date | null;
  /** Facts of this moment that may have changed by the time it is sent. */
  data?: NoticeContents;
  /** Its address, if not the recipient's current one. */
  toAddress?: string;
  /** Its channels, if they do not follow from its kind. */
  channels?: readonly Channel[];
  /** BCP 47; by default the referral's language for a consumer and English for an agent. */
  language?: string;
  /** Its recipient asked for this one, whatever is usual for its kind. */
  isRequested?: boolean;
}

/**
 * Creates a notice and a pending delivery for each of its channels, in the transaction of the change it is about. A repeat
 * with the same key changes nothing and returns the first notice and its channels.
 * @returns the notice; without any channel the person cannot be reached
 */
export async function createNotice(tx: Tx, notice: NewNotice): Promise<NoticeToSend> {
  const { kind, npn, planYear, referralId, offerId, invitationId, untilAt, dedupeKey } = notice;
  const isRequested = notice.isRequested ?? false;
  const created = await tx
    .insertInto('notices')
    .values({
      id: randomUUID(),
      kind,
      npn,
      planYear,
      referralId,
      offerId,
      invitationId,
      language: notice.language ?? (await languageOf(tx, notice)),
      createdAt: notice.at,
      untilAt,
      dedupeKey,
      data: JSON.stringify(notice.data ?? {}),
      toAddress: notice.toAddress,
      isRequested,
    })
    .onConflict((conflict) => conflict.column('dedupeKey').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!created) return readNoticeToSend(tx, dedupeKey);

  const open = await openChannelsFor(tx, notice);
  if (open.length > 0) {
    await tx
      .insertInto('deliveries')
      .values(
        open.map((channel) => ({
          id: randomUUID(),
          noticeId: created.id,
          channel,
          status: 'pending',
          changedAt: notice.at,
        })),
      )
      .execute();
  }
  return { noticeId: created.id, kind, channels: open, ...requestedOf({ isRequested }) };
}

/** Reads a notice that was created before, by its key, with its channels. */
async function readNoticeToSend(tx: Tx, dedupeKey: string): Promise<NoticeToSend> {
  const rows = await tx
    .selectFrom('notices')
    .leftJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select(['notices.id', 'notices.kind', 'notices.isRequested', 'deliveries.channel'])
    .where('dedupeKey', '=', dedupeKey)
    .execute();
  const used = new Set(rows.map((row) => row.channel));
  const [first] = rows;
  if (!first) throw new Error('a notice with this key must exist');
  return {
    noticeId: first.id,
    kind: first.kind as NoticeKind,
    channels: channels.filter((channel) => used.has(channel)),
    ...requestedOf(first),
  };
}

type NoticeSubject = { npn: string; planYear: number } | { referralId: string } | { noticeId: string };

/**
 * Reads a notice with its pending channels; undefined if there is none, or if the open onboarding or referral that it
 * belongs to has a workflow, which sends it.
 */
export async function findNoticeWithoutWorkflow(tx: Tx, noticeId: string): Promise<NoticeToSend | undefined> {
  const { rows } = await sql<{ hasOwner: boolean }>`
    select exists (select from referrals r
        where r.id = n.referral_id and r.closed_at is null and r.stage <> 'unconfirmed')
      or exists (select from onboardings o
        where o.npn = n.npn and o.plan_year = n.plan_year and o.closed_at is null) as has_owner
    from notices n where n.id = ${noticeId}`.execute(tx);
  if (rows[0]?.hasOwner) return undefined;
  const [notice] = await pendingNotices(tx, { noticeId });
  return notice;
}

/**
 * Reads the notices of an onboarding or a referral, or a single one, that no provider has accepted yet, oldest first, each
 * with its pending channels.
 */
export async function pendingNotices(tx: Tx, about: NoticeSubject): Promise<NoticeToSend[]> {
  const rows = await tx
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select(({ fn }) => [
      'notices.id',
      'notices.kind',
      'notices.isRequested',
      fn.agg<string[]>('array_agg', ['deliveries.channel']).as('open'),
    ])
    .where('deliveries.status', '=', 'pending')
    .where((where) => where.and(columnsOf(about)))
    .groupBy('notices.id')
    .orderBy('notices.createdAt')
    .orderBy('notices.id')
    .execute();
  return rows.map(({ id, kind, isRequested, open }) => ({
    noticeId: id,
    kind: kind as NoticeKind,
    channels: channels.filter((channel) => open.includes(channel)),
    ...requestedOf({ isRequested }),
  }));
}

const requestedOf = ({ isRequested }: { isRequested: boolean }) =>
  isRequested ? { isRequested: true as const } : {};

/** Has the pending notices of a subject whose workflow has ended sent by workflows of their own. */
export async function enqueuePendingNotices(tx: Tx, about: NoticeSubject): Promise<void> {
  const notices = await pendingNotices(tx, about);
  await enqueue(tx, ...notices.map((payload) => ({ type: 'send-notice' as const, payload })));
}

/** Columns that identify the notices of a subject, which may be a whole row. */
function columnsOf(about: NoticeSubject) {
  if ('noticeId' in about) return { 'notices.id': about.noticeId };
  if ('referralId' in about) return { referralId: about.referralId };
  return { npn: about.npn, planYear: about.planYear };
}

async function languageOf(tx: Tx, { kind, referralId }: NewNotice): Promise<string> {
  if (noticeKinds[kind].to === 'agent') return 'en';
  const row = await tx
    .selectFrom('referrals')
    .select('language')
    .where('id', '=', referralId ?? null)
    .executeTakeFirstOrThrow();
  return row.language;
}

async function openChannelsFor(tx: Tx, notice: NewNotice): Promise<Channel[]> {
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
  const contact = referralId === undefined ? undefined : await readConsumerContact(tx, referralId);
  const all = contact ? channelsToConsumer(kind, contact) : [];
  return { all, preferred: all };
}
