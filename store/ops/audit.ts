import { sql } from 'kysely';
import { type NoticeKind, sendWithinMs } from '../../domain/notifications/notices.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { FindingKind } from '../../domain/ops/audit.ts';
import type { Tx } from '../database/connection.ts';
import { subjectId } from '../events.ts';
import { lapsePendingDeliveries } from '../notifications/deliveries.ts';

/** An open onboarding or referral, as the audit reads it. */
export interface OpenRow<Key> {
  key: Key;
  /** Subject id of findings about it. */
  id: string;
  since: Date;
  /** When its workflow continues by itself; null: only when something happens. */
  waitingUntil: Date | null;
  causes: string[];
}

/** A page of rows in the order of their ids; `after`: last id of the previous page. */
interface Page {
  after: string | undefined;
  limit: number;
}

/** Reads open onboardings after an id, at most `limit`, in the order of NPN and plan year. */
export async function readOpenOnboardings(tx: Tx, { after, limit }: Page): Promise<OpenRow<OnboardingId>[]> {
  const [npn, year] = after?.split('-') ?? [];
  let open = tx
    .selectFrom('onboardings')
    .select(['npn', 'planYear', 'since', 'causes', 'nextChangeAt'])
    .where('closedAt', 'is', null);
  if (npn !== undefined) open = open.where(sql<boolean>`(npn, plan_year) > (${npn}, ${Number(year)})`);
  const rows = await open.orderBy('npn').orderBy('planYear').limit(limit).execute();
  return rows.map(({ since, causes, nextChangeAt, ...key }) => ({
    key,
    id: subjectId({ kind: 'onboarding', ...key }),
    since,
    causes,
    waitingUntil: nextChangeAt,
  }));
}

/** Reads open referrals after an id, except `unconfirmed` ones, which have no workflow yet. */
export async function readOpenReferrals(
  tx: Tx,
  { after, limit }: Page,
): Promise<OpenRow<{ referralId: string }>[]> {
  let open = tx
    .selectFrom('referrals')
    .select(['id', 'since', 'causes', 'waitingUntil'])
    .where('closedAt', 'is', null)
    .where('stage', '<>', 'unconfirmed');
  if (after !== undefined) open = open.where('id', '>', after);
  const rows = await open.orderBy('id').limit(limit).execute();
  return rows.map(({ id, ...row }) => ({ key: { referralId: id }, id, ...row }));
}

/** Returns the ids of those onboardings that are still open. */
export async function filterOpenOnboardings(tx: Tx, keys: readonly OnboardingId[]): Promise<Set<string>> {
  const { rows } = await sql<OnboardingId>`
    select npn, plan_year as "planYear"
    from unnest(${keys.map(({ npn }) => npn)}::text[], ${keys.map(({ planYear }) => planYear)}::smallint[])
      as key (npn, plan_year) join onboardings using (npn, plan_year)
    where closed_at is null`.execute(tx);
  return new Set(rows.map((key) => subjectId({ kind: 'onboarding', ...key })));
}

/** Returns the ids of those referrals that are still open. */
export async function filterOpenReferrals(
  tx: Tx,
  keys: readonly { referralId: string }[],
): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('referrals')
    .select('id')
    .where(
      'id',
      'in',
      keys.map(({ referralId }) => referralId),
    )
    .where('closedAt', 'is', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** An open offer that is overdue, or should have ended with its referral. */
export interface InconsistentOffer {
  kind: Extract<FindingKind, 'offer-overdue' | 'offer-left-open'>;
  id: string;
  referralId: string;
}

/**
 * Checks a page of open offers.
 * @param before an offer is inconsistent if its deadline passed, or its referral was closed, before this instant
 * @returns the ids of the page, and its inconsistent offers
 */
export async function findInconsistentOffers(
  tx: Tx,
  { after, limit, before }: Page & { before: Date },
): Promise<{ ids: string[]; inconsistent: InconsistentOffer[] }> {
  let open = tx
    .selectFrom('offers')
    .innerJoin('referrals', 'referrals.id', 'offers.referralId')
    .select(['offers.id', 'offers.referralId', 'referrals.closedAt'])
    .select(
      sql<Date>`case when contacted_at is not null then closes_at
        when accepted_at is not null then contact_due_at else expires_at end`.as('deadlineAt'),
    )
    .where('endedAt', 'is', null);
  if (after !== undefined) open = open.where('offers.id', '>', after);
  const rows = await open.orderBy('offers.id').limit(limit).execute();
  const inconsistent = rows.flatMap(({ id, referralId, closedAt, deadlineAt }): InconsistentOffer[] => {
    if (closedAt) return closedAt <= before ? [{ kind: 'offer-left-open', id, referralId }] : [];
    return deadlineAt <= before ? [{ kind: 'offer-overdue', id, referralId }] : [];
  });
  return { ids: rows.map(({ id }) => id), inconsistent };
}

/** Finds referrals with an accepted offer and other open ones; `winners` is the number of accepted ones among them. */
export async function findReferralsWithManyOpenOffers(
  tx: Tx,
): Promise<{ referralId: string; winners: number }[]> {
  return tx
    .selectFrom('offers')
    .select((row) => ['referralId', row.fn.count<number>('acceptedAt').as('winners')])
    .where('endedAt', 'is', null)
    .groupBy('referralId')
    .having((row) => row.fn.countAll(), '>', 1)
    .having((row) => row.fn.count('acceptedAt'), '>', 0)
    .orderBy('referralId')
    .execute();
}

/**
 * Checks a page of pending deliveries.
 * @param before a delivery is unfinished if the time to send its notice was over before this instant
 * @returns the ids of the page, and those of its deliveries that are unfinished
 */
export async function findUnfinishedDeliveries(
  tx: Tx,
  { after, limit, before }: Page & { before: Date },
): Promise<{ ids: string[]; unfinished: string[] }> {
  let pending = tx
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
    .select(['deliveries.id', 'kind', 'isRequested', 'createdAt', 'untilAt'])
    .$narrowType<{ kind: NoticeKind }>()
    .where('status', '=', 'pending');
  if (after !== undefined) pending = pending.where('deliveries.id', '>', after);
  const rows = await pending.orderBy('deliveries.id').limit(limit).execute();
  const isOver = ({ createdAt, untilAt, ...notice }: (typeof rows)[number]) =>
    (untilAt && untilAt <= before) || createdAt.getTime() + sendWithinMs(notice) <= before.getTime();
  return { ids: rows.map(({ id }) => id), unfinished: rows.filter(isOver).map(({ id }) => id) };
}

/** Ends deliveries as lapsed: too late to send. */
export async function lapseDeliveries(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await lapsePendingDeliveries(tx, tx.selectFrom('deliveries').select('id').where('id', 'in', ids), at);
}

/**
 * Finds a page of outbox messages that are older than an instant, by id: the oldest have the lowest ids.
 * @param bulkBefore the instant for messages in bulk, which rightly wait while the workers are busy
 */
export async function findStuckOutboxMessages(
  tx: Tx,
  { after, limit, before, bulkBefore }: Page & { before: Date; bulkBefore: Date },
): Promise<string[]> {
  const firstId = (bulk: boolean) =>
    tx
      .selectFrom('outbox')
      .select(({ fn }) => fn.min<number>('id').as('id'))
      .where('bulk', '=', bulk);
  const rows = await tx
    .selectFrom('outbox')
    .select('id')
    .where('id', '>', Number(after ?? 0))
    .where('createdAt', '<=', before)
    // messages that wait behind the first are not stuck themselves: a stopped queue is one finding, not thousands
    .where((message) =>
      message.or([
        message('tries', '>', 0),
        message('id', '=', firstId(false)),
        message('id', '=', firstId(true)).and('createdAt', '<=', bulkBefore),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => `${id}`);
}
