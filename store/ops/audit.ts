import { sql } from 'kysely';
import { sendWithinMs } from '../../domain/notifications/notices.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { FindingKind } from '../../domain/ops/audit.ts';
import type { Tx } from '../database/connection.ts';
import { subjectId } from '../events.ts';
import { lapsePendingDeliveries } from '../notifications/deliveries.ts';

/** An open row as the audit reads it. */
export interface OpenRow<Key> {
  key: Key;
  /** The id under which a finding about it is kept. */
  id: string;
  since: Date;
  /** When its story goes on by itself; null: not before something happens. */
  waitingUntil: Date | null;
  causes: string[];
}

/** A page of what is read in the order of its ids; `after`: where the next one begins. */
interface Page {
  after: string | undefined;
  limit: number;
}

/** Open onboardings after an id, `limit` at the most, in the order of NPN and plan year. */
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

/** Open referrals after an id. One that is `unconfirmed` has no story yet. */
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

/** Which of these onboardings are open still. */
export async function filterOpenOnboardings(tx: Tx, keys: readonly OnboardingId[]): Promise<Set<string>> {
  const { rows } = await sql<OnboardingId>`
    select npn, plan_year as "planYear"
    from unnest(${keys.map(({ npn }) => npn)}::text[], ${keys.map(({ planYear }) => planYear)}::smallint[])
      as key (npn, plan_year) join onboardings using (npn, plan_year)
    where closed_at is null`.execute(tx);
  return new Set(rows.map((key) => subjectId({ kind: 'onboarding', ...key })));
}

/** Which of these referrals are open still. */
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

/** Which of these onboardings or referrals have a start or wake in the outbox that is not delivered yet. */
export async function findPendingWakes(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select coalesce(payload ->> 'referralId', (payload ->> 'npn') || '-' || (payload ->> 'planYear')) as id
      from outbox where type like 'start-%' or type like 'wake-%'
    ) waiting where id = any(${[...ids]}::text[])`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** An open offer that should not be as it is. */
export interface InconsistentOffer {
  kind: Extract<FindingKind, 'offer-overdue' | 'offer-left-open'>;
  id: string;
  referralId: string;
}

/**
 * A page of open offers: how many were looked at, which is the last, and those whose phase's clock ran out before
 * an instant or whose referral is closed since before it.
 */
export async function findInconsistentOffers(
  tx: Tx,
  { after, limit, before }: Page & { before: Date },
): Promise<{ ids: string[]; odd: InconsistentOffer[] }> {
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
  const odd = rows.flatMap(({ id, referralId, closedAt, deadlineAt }): InconsistentOffer[] => {
    if (closedAt) return closedAt <= before ? [{ kind: 'offer-left-open', id, referralId }] : [];
    return deadlineAt <= before ? [{ kind: 'offer-overdue', id, referralId }] : [];
  });
  return { ids: rows.map(({ id }) => id), odd };
}

/** Referrals that have more than one open offer, and whether more than one of these is accepted. */
export async function findReferralsWithManyOpenOffers(
  tx: Tx,
): Promise<{ referralId: string; winners: number }[]> {
  return tx
    .selectFrom('offers')
    .select((row) => ['referralId', row.fn.count<number>('acceptedAt').as('winners')])
    .where('endedAt', 'is', null)
    .groupBy('referralId')
    .having((row) => row.fn.countAll(), '>', 1)
    .orderBy('referralId')
    .execute();
}

/**
 * A page of deliveries without an end: all that were looked at, and those that nobody tries any more, because the
 * notice's own time was over before an instant, or the time that telling is tried for.
 */
export async function findUnfinishedDeliveries(
  tx: Tx,
  { after, limit, before }: Page & { before: Date },
): Promise<{ ids: string[]; endless: string[] }> {
  let pending = tx
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
    .select(['deliveries.id', 'createdAt', 'untilAt'])
    .where('status', '=', 'pending');
  if (after !== undefined) pending = pending.where('deliveries.id', '>', after);
  const rows = await pending.orderBy('deliveries.id').limit(limit).execute();
  const isOver = ({ createdAt, untilAt }: { createdAt: Date; untilAt: Date | null }) =>
    (untilAt && untilAt <= before) || createdAt.getTime() + sendWithinMs <= before.getTime();
  return { ids: rows.map(({ id }) => id), endless: rows.filter(isOver).map(({ id }) => id) };
}

/** Gives deliveries that have no end the end that they are told too late. */
export async function lapseDeliveries(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await lapsePendingDeliveries(tx, tx.selectFrom('deliveries').select('id').where('id', 'in', ids), at);
}

/** A page of the outbox's rows that are older than an instant; the oldest have the lowest ids. */
export async function findStuckOutboxMessages(
  tx: Tx,
  { after, limit, before }: Page & { before: Date },
): Promise<string[]> {
  const rows = await tx
    .selectFrom('outbox')
    .select('id')
    .where('id', '>', Number(after ?? 0))
    .where('createdAt', '<=', before)
    // those that wait behind it are not stuck themselves: a queue that stands still is one finding, not thousands
    .where((deed) =>
      deed.or([
        deed('tries', '>', 0),
        deed(
          'id',
          '=',
          deed.selectFrom('outbox').select(({ fn }) => fn.min<number>('id').as('id')),
        ),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => `${id}`);
}
