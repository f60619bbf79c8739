import { sql } from 'kysely';
import type { Channel } from '../../domain/notifications/contact.ts';
import type { NoticeKind } from '../../domain/notifications/notices.ts';
import type { OpsAction } from '../../domain/ops/ops-actions.ts';
import type { Tx } from '../database/connection.ts';
import type { Delivery } from '../notifications/deliveries.ts';

/** A recorded ops action, with the username of the person who took it. */
export interface OpsActionRecord {
  id: string;
  action: OpsAction;
  because: string | null;
  planYear: number | null;
  reason: string;
  at: Date;
  by: string;
}

/** A notice about an agent's onboarding with its delivery over each channel; without addresses. */
export interface NoticeRecord {
  kind: NoticeKind;
  planYear: number | null;
  createdAt: Date;
  channels: { channel: Channel; status: Delivery['status']; code: string | null; changedAt: string }[];
}

/** Reads all ops actions on an agent, latest first. */
export async function readOpsActions(tx: Tx, npn: string): Promise<OpsActionRecord[]> {
  const rows = await tx
    .selectFrom('opsActions')
    .innerJoin('accounts', 'accounts.id', 'opsActions.accountId')
    .select(['opsActions.id', 'action', 'because', 'planYear', 'at', 'username as by'])
    // only of referrals it stands elsewhere
    .select((action) => action.ref('reason').$notNull().as('reason'))
    .where('opsActions.npn', '=', npn)
    .orderBy('at', 'desc')
    .execute();
  return rows.map(({ action, ...row }) => ({ ...row, action: action as OpsAction }));
}

/** Reads the latest notices about an agent's onboardings, latest first, without those about referrals. */
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

/** Reads the plan years for which an agent has an onboarding, latest first. */
export async function readPlanYears(tx: Tx, npn: string): Promise<number[]> {
  const rows = await tx
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .orderBy('planYear', 'desc')
    .execute();
  return rows.map((row) => row.planYear);
}
