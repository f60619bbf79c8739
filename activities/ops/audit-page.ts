import type { AuditCounts } from '../../domain/ops/audit.ts';
import type { Finding } from '../../store/ops/audit-findings.ts';
import type { OutboxMessage } from '../../store/outbox.ts';

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
