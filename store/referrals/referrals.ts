import type { ReferralEventKind, ReferralEvents } from '../../domain/events.ts';
import type { AgentWish } from '../../domain/matching/agent-wish.ts';
import type { ContactTime } from '../../domain/referrals/contact-times.ts';
import type { Need, ReferralCause } from '../../domain/referrals/referral.ts';
import type { Actor, ReferralStage } from '../../domain/stages.ts';
import type { Tx } from '../database/connection.ts';
import { recordEvent } from '../events.ts';

/** A referral without the consumer's identity, for matching and the cascade. */
export interface ReferralRow {
  id: string;
  stage: ReferralStage;
  since: Date;
  causes: ReferralCause[];
  waitingUntil: Date | null;
  state: string;
  zip: string;
  lat: number | null;
  lon: number | null;
  language: string;
  interpreter: boolean;
  /** How the consumer says which agent to ask first; whom is encrypted (`readAgentWish`). */
  agentWish: AgentWish['by'] | null;
  /** The consumer's time zone. */
  timeZone: string;
  contactTimes: ContactTime[];
  contactWrongAt: Date | null;
  budgetEndsAt: Date;
  /** Until then the service is, or was, closed in the consumer's time zone. */
  opensAt: Date | null;
  createdAt: Date;
  closedAt: Date | null;
}

/** Reads a referral and locks its row until the transaction ends: every activity of a referral begins with this. */
export async function lockReferral(tx: Tx, referralId: string): Promise<ReferralRow | undefined> {
  const row = await tx
    .selectFrom('referrals')
    .select(['id', 'stage', 'since', 'causes', 'waitingUntil', 'state', 'zip', 'lat', 'lon'])
    .select(['language', 'interpreter', 'timeZone', 'contactTimes', 'contactWrongAt', 'agentWish'])
    .select(['budgetEndsAt', 'opensAt', 'createdAt', 'closedAt'])
    .where('id', '=', referralId)
    .forUpdate()
    .executeTakeFirst();
  return row as ReferralRow | undefined;
}

/** Returns whether a referral waits for an agent because a search found none. */
export function waitsForAgent({ stage, causes }: ReferralRow): boolean {
  return (
    stage === 'queued' && causes.some((cause) => cause === 'nobody-available' || cause === 'everyone-asked')
  );
}

/** Reads what the title of a referral's workflow says; undefined if there is no such referral or it is closed. */
export async function readOpenReferral(
  tx: Tx,
  referralId: string,
): Promise<{ need: Need; state: string } | undefined> {
  const row = await tx
    .selectFrom('referrals')
    .select(['need', 'state'])
    .where('id', '=', referralId)
    .where('closedAt', 'is', null)
    .executeTakeFirst();
  return row as { need: Need; state: string } | undefined;
}

/** An event of a referral; its kind determines its data. */
export type ReferralEvent<Kind extends ReferralEventKind = ReferralEventKind> = {
  [K in Kind]: { kind: K; at: Date; by: Actor; data: ReferralEvents[K] };
}[Kind];

/** Appends an event of a referral, where nothing else about it is written in the same transaction. */
export async function recordReferralEvent(tx: Tx, referralId: string, event: ReferralEvent): Promise<void> {
  await recordEvent(tx, { subject: { kind: 'referral', referralId }, ...event });
}
