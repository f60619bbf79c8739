import type { Tx } from '../database/connection.ts';
import { endUnsentInvitations, lockInvitedOnboardings } from '../onboarding/returned-mail.ts';
import { enqueue, enqueueBulk, type OutboxMessage } from '../outbox.ts';
import { lapseDeliveries } from './audit.ts';
import { type Finding, markRepaired } from './audit-findings.ts';

/** A finding with its repair: an outbox message, or the end of a delivery. Without a repair it is left to ops. */
export interface FindingWithRepair extends Finding {
  repair?: OutboxMessage | 'lapse';
}

/** Repairs findings and marks them as repaired. */
export async function repairFindings(
  tx: Tx,
  findings: readonly FindingWithRepair[],
  at: Date,
): Promise<void> {
  const messages: OutboxMessage[] = [];
  const lapsed: string[] = [];
  for (const { repair, subjectId } of findings) {
    if (repair === 'lapse') lapsed.push(subjectId);
    else if (repair) messages.push(repair);
  }
  const isOfOnboarding = ({ payload }: OutboxMessage) => 'npn' in payload;
  await enqueue(tx, ...messages.filter((message) => !isOfOnboarding(message)));
  // after a lost namespace these are all agents
  await enqueueBulk(tx, ...messages.filter(isOfOnboarding));
  await lockInvitedOnboardings(tx, lapsed);
  await lapseDeliveries(tx, lapsed, at);
  await endUnsentInvitations(tx, { deliveryIds: lapsed, at });
  await markRepaired(tx, findings, at);
}
