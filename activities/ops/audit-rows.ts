import type { AuditCounts, AuditLimits } from '../../domain/ops/audit.ts';
import type { Database } from '../../store/database/connection.ts';
import {
  findInconsistentOffers,
  findReferralsWithManyOpenOffers,
  findStuckOutboxMessages,
  findUnfinishedDeliveries,
} from '../../store/ops/audit.ts';
import type { Finding } from '../../store/ops/audit-findings.ts';
import type { OutboxMessage } from '../../store/outbox.ts';

interface CheckContext {
  db: Database;
  limits: AuditLimits;
  at: Date;
  after: string | undefined;
  limit: number;
}

const noTemporalCalls = { lists: 0, describes: 0 } as const;

/** One winner each, no open offer past its time, and none of a referral that is over. */
export async function checkOffers({ db, limits, at, after, limit }: CheckContext): Promise<AuditPage> {
  const before = new Date(at.getTime() - limits.graceMs);
  const { ids, odd } = await findInconsistentOffers(db, { after, limit, before });
  const found = odd.map(
    ({ kind, id: subjectId, referralId }): FindingWithRepair => ({
      kind,
      subjectKind: 'offer',
      subjectId,
      ...(kind === 'offer-overdue'
        ? { repair: { type: 'wake-referral', payload: { referralId } } as const }
        : {}),
    }),
  );
  // one look over all of them, with the first page
  const crowded = after === undefined ? await findReferralsWithManyOpenOffers(db) : [];
  const ofReferrals = crowded.map(
    ({ referralId: subjectId, winners }): FindingWithRepair => ({
      kind: winners > 1 ? 'several-winners' : 'several-open-offers',
      subjectKind: 'referral',
      subjectId,
    }),
  );
  return {
    ...noTemporalCalls,
    lookedAt: ids.length,
    found: [...found, ...ofReferrals],
    after: ids.at(-1),
    isLast: ids.length < limit,
  };
}

/**
 * Whatever was to be told has an end once its time is over. What has none is given one: whoever tells looks at the
 * same instant before he sends, so nothing is on its way any more by then.
 */
export async function checkNotices({ db, limits, at, after, limit }: CheckContext): Promise<AuditPage> {
  const before = new Date(at.getTime() - limits.graceMs);
  const { ids, endless } = await findUnfinishedDeliveries(db, { after, limit, before });
  return {
    ...noTemporalCalls,
    lookedAt: ids.length,
    found: endless.map((subjectId) => ({
      kind: 'notice-without-end',
      subjectKind: 'delivery',
      subjectId,
      repair: 'lapse',
    })),
    after: ids.at(-1),
    isLast: ids.length < limit,
  };
}

/** Nothing rests in the outbox for long: the relay tries it again by itself, so ops hear of it. */
export async function checkOutbox({ db, limits, at, after, limit }: CheckContext): Promise<AuditPage> {
  const before = new Date(at.getTime() - limits.maxOutboxAgeMs);
  const ids = await findStuckOutboxMessages(db, { after, limit, before });
  return {
    ...noTemporalCalls,
    lookedAt: ids.length,
    found: ids.map((subjectId) => ({ kind: 'outbox-stuck', subjectKind: 'outbox', subjectId })),
    after: ids.at(-1),
    isLast: ids.length < limit,
  };
}

/** Something wrong, with what repairs it: a deed for the relay, or that a delivery has lapsed. Nothing: it is for ops. */
export interface FindingWithRepair extends Finding {
  repair?: OutboxMessage | 'lapse';
}

/** One page of a part. `lists` and `describes`: calls to Temporal. */
export interface AuditPage extends Pick<AuditCounts, 'lookedAt' | 'lists' | 'describes'> {
  found: FindingWithRepair[];
  after: string | undefined;
  isLast: boolean;
}
