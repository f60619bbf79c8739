import { sql } from 'kysely';
import type { Channel } from '../../domain/notifications/contact.ts';
import type { NoticeKind } from '../../domain/notifications/notices.ts';
import type { OpsAction } from '../../domain/ops/ops-actions.ts';
import type { Tx } from '../database/connection.ts';
import type { Delivery } from '../notifications/deliveries.ts';

/** An act of ops as it is on record, with the username of who did it. */
export interface OpsActionRecord {
  id: string;
  action: OpsAction;
  because: string | null;
  planYear: number | null;
  reason: string;
  at: Date;
  by: string;
}

/** A notice about an agent's onboarding and what became of it over each channel; no address. */
export interface NoticeRecord {
  kind: NoticeKind;
  planYear: number | null;
  createdAt: Date;
  channels: { channel: Channel; status: Delivery['status']; code: string | null; changedAt: string }[];
}

/** Every act on record about an agent, the latest first. */
export async function readOpsActions(tx: Tx, npn: string): Promise<OpsActionRecord[]> {
  const rows = await tx
    .selectFrom('opsActions')
    .innerJoin('accounts', 'accounts.id', 'opsActions.accountId')
    .select(['opsActions.id', 'action', 'because', 'planYear', 'reason', 'at', 'username as by'])
    .where('opsActions.npn', '=', npn)
    .orderBy('at', 'desc')
    .execute();
  return rows.map(({ action, ...row }) => ({ ...row, action: action as OpsAction }));
}

/** The latest notices about an agent's onboardings, the latest first; those about referrals are not among them. */
export async function readOnboardingNotices(tx: Tx, npn: string, limit: number): Promise<NoticeRecord[]> {
  const { rows } = await sql<NoticeRecord>`
    select kind, plan_year, created_at,
      (select coalesce(json_agg(json_build_object('channel', channel, 'status', status, 'code', code,
              'changedAt', changed_at) order by channel), '[]')
         from deliveries d where d.notice_id = n.id) as channels
    from notices n where npn = ${npn} and referral_id is null
    order by created_at desc limit ${limit}`.execute(tx);
  return rows;
}

/** The plan years in which an agent has an onboarding, the latest first. */
export async function readPlanYears(tx: Tx, npn: string): Promise<number[]> {
  const rows = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .orderBy('planYear', 'desc')
    .execute();
  return rows.map((row) => row.planYear);
}
