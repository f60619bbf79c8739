import { sql } from 'kysely';
import { type NoticeToSend, noticeKinds } from '../../domain/notifications/notices.ts';
import type { ReferralCause } from '../../domain/referrals/referral.ts';
import { finalStages, type ReferralStage } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';
import { appendEventsSql } from '../events.ts';
import { planNotices } from '../notifications/notices.ts';
import { writePendingNotices } from '../notifications/pending-notices.ts';
import type { NewNotice } from '../notifications/write-notices.ts';
import type { ReferralEvent, ReferralRow } from './referrals.ts';

/**
 * What a transaction changes about a referral whose row it has locked. Stage, events and notices are collected, and written
 * together at its end, in one statement (`writeChanges`).
 */
export interface ReferralChanges {
  tx: Tx;
  /** The referral with the stage that it has entered so far. */
  referral: ReferralRow;
  /** Set once a stage was entered, the same one for another time too. */
  entered?: { outcome: string | undefined; eraseAt: Date | undefined };
  events: ReferralEvent[];
  notices: NewNotice[];
}

/** The stage that a referral enters. */
export interface NewReferralStage {
  stage: ReferralStage;
  causes?: ReferralCause[];
  waitingUntil?: Date;
  outcome?: string;
  /** When the consumer is erased, if the referral ends and there is one to erase. */
  eraseAt?: Date;
  at: Date;
}

/** Begins to collect what changes about a referral. The caller has locked its row. */
export function changesOf(tx: Tx, referral: ReferralRow): ReferralChanges {
  return { tx, referral, events: [], notices: [] };
}

/**
 * Has a referral enter a stage, with its event. The same stage for the same causes only updates `waitingUntil`, without an
 * event, except where people see the new time: another offer, or more time to call.
 */
export function enterStage(changes: ReferralChanges, to: NewReferralStage): void {
  const { stage, causes = [], waitingUntil = null, outcome, eraseAt, at } = to;
  const before = changes.referral;
  const since = before.stage === stage ? before.since : at;
  const closedAt = finalStages.has(stage) ? at : null;
  changes.referral = { ...before, stage, causes, waitingUntil, since, closedAt };
  changes.entered = { outcome, eraseAt };
  const isSeen = stage === 'offering' || stage === 'accepted';
  if (before.stage === stage && before.causes.join() === causes.join() && !isSeen) return;
  const data = { stage, causes, waitingUntil: waitingUntil?.toISOString() ?? null };
  changes.events.push({ kind: 'stage-entered', at, by: 'service', data });
}

/** Adds a notice about the referral, to its consumer or to an agent. */
export function addNotice(
  { referral, notices }: ReferralChanges,
  notice: Omit<NewNotice, 'referralId' | 'language'>,
): void {
  const isToConsumer = noticeKinds[notice.kind].to === 'consumer';
  notices.push({
    ...notice,
    referralId: referral.id,
    ...(isToConsumer ? { language: referral.language } : {}),
  });
}

/**
 * Writes what was collected. A notice whose key is there already is not written again.
 * @returns all notices of the referral that are pending from then on, as `pendingNotices`
 */
export async function writeChanges(changes: ReferralChanges): Promise<NoticeToSend[]> {
  const { tx, referral, entered, events } = changes;
  const { id, stage, causes, waitingUntil, since, closedAt } = referral;
  const stageSql = sql`entered as (
      update referrals set stage = ${stage}, causes = ${causes}::text[], waiting_until = ${waitingUntil}, since = ${since},
        closed_at = ${closedAt}, outcome = coalesce(${entered?.outcome ?? null}, outcome) where id = ${id}
    )`;
  const eventsSql = sql`recorded as (${appendEventsSql({ kind: 'referral', referralId: id }, events)}
    )`;
  const eraseAt = entered?.eraseAt;
  const eraseSql = sql`erased_later as (
      update referral_keys set erase_at = ${eraseAt ?? null} where referral_id = ${id}
    )`;
  const parts = [
    ...(entered ? [stageSql] : []),
    ...(eraseAt ? [eraseSql] : []),
    ...(events.length > 0 ? [eventsSql] : []),
  ];
  return writePendingNotices(tx, id, { notices: await planNotices(tx, changes.notices), parts });
}

/** Writes the stage that a referral enters, where nothing else about it is collected. @returns its row from then on */
export async function writeStage(tx: Tx, referral: ReferralRow, to: NewReferralStage): Promise<ReferralRow> {
  const changes = changesOf(tx, referral);
  enterStage(changes, to);
  await writeChanges(changes);
  return changes.referral;
}
