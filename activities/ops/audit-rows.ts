import { type AuditCounts, type AuditLimits, maxBulkOutboxAgeMs } from '../../domain/ops/audit.ts';
import type { Database } from '../../store/database/connection.ts';
import {
  findInconsistentOffers,
  findReferralsWithManyOpenOffers,
  findStuckOutboxMessages,
  findUnfinishedDeliveries,
} from '../../store/ops/audit.ts';
import type { FindingWithRepair } from '../../store/ops/audit-repairs.ts';

interface CheckContext {
  db: Database;
  limits: AuditLimits;
  at: Date;
  after: string | undefined;
  limit: number;
}

const noTemporalCalls = { lists: 0, describes: 0, leftOver: 0 } as const;

/** Checks that nobody is asked beside an agent who has accepted, and that no offer is open past its deadline or the end of its referral. */
export async function checkOffers({ db, limits, at, after, limit }: CheckContext): Promise<AuditPage> {
  const before = new Date(at.getTime() - limits.graceMs);
  const { ids, inconsistent } = await findInconsistentOffers(db, { after, limit, before });
  const found = inconsistent.map(
    ({ kind, id: subjectId, referralId }): FindingWithRepair => ({
      kind,
      subjectKind: 'offer',
      subjectId,
      ...(kind === 'offer-overdue'
        ? { repair: { type: 'wake-referral', payload: { referralId } } as const }
        : {}),
    }),
  );
  // checked once for all referrals, with the first page
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
 * Checks that every delivery has ended once its notice's time is over, and lapses the others. That is safe, because
 * the sender checks the same instant before it sends.
 */
export async function checkNotices({ db, limits, at, after, limit }: CheckContext): Promise<AuditPage> {
  const before = new Date(at.getTime() - limits.graceMs);
  const { ids, unfinished } = await findUnfinishedDeliveries(db, { after, limit, before });
  return {
    ...noTemporalCalls,
    lookedAt: ids.length,
    found: unfinished.map((subjectId) => ({
      kind: 'notice-unfinished',
      subjectKind: 'delivery',
      subjectId,
      repair: 'lapse',
    })),
    after: ids.at(-1),
    isLast: ids.length < limit,
  };
}

/** Checks that no message waits in the outbox for long. The relay retries it anyway, so it is only reported. */
export async function checkOutbox({ db, limits, at, after, limit }: CheckContext): Promise<AuditPage> {
  const before = new Date(at.getTime() - limits.maxOutboxAgeMs);
  const bulkBefore = new Date(at.getTime() - maxBulkOutboxAgeMs);
  const ids = await findStuckOutboxMessages(db, { after, limit, before, bulkBefore });
  return {
    ...noTemporalCalls,
    lookedAt: ids.length,
    found: ids.map((subjectId) => ({ kind: 'outbox-stuck', subjectKind: 'outbox', subjectId })),
    after: ids.at(-1),
    isLast: ids.length < limit,
  };
}

/** One page of a part of the audit. `lists` and `describes` count calls to Temporal. */
export interface AuditPage extends Pick<AuditCounts, 'lookedAt' | 'lists' | 'describes' | 'leftOver'> {
  found: FindingWithRepair[];
  after: string | undefined;
  /** Id of the last row whose workflow was described; undefined: none was. */
  describedTo?: string | undefined;
  isLast: boolean;
}
