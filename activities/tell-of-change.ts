import { type NoticeContents, unmetOf } from '../domain/catalog/notice-data.ts';
import type { Facts } from '../domain/facts.ts';
import type { NoticeKind } from '../domain/notices.ts';
import type { Standing } from '../domain/standing.ts';
import type { Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { createNotice } from '../store/notices.ts';
import type { OnboardingKey, OnboardingRow } from '../store/onboardings.ts';
import { wakeOtherYears } from '../store/outbox.ts';

interface Change {
  row: OnboardingRow;
  facts: Facts;
  standing: Standing;
  at: Date;
  /** States that the agent serves no more, and that are new. */
  lost: string[];
  gained: string[];
}

/** Writes the events of a change, wakes the agent's other plan years, and tells the agent where it is asked for. */
export async function tellOfChange(tx: Tx, change: Change): Promise<void> {
  const { row, standing, at, lost, gained } = change;
  const { stage, causes, nextChangeAt } = standing;
  const subject = { kind: 'onboarding' as const, npn: row.npn, planYear: row.planYear };
  const changesStates = row.stage === 'active' && stage === 'active' && lost.length + gained.length > 0;
  if (changesStates)
    await recordEvent(tx, { subject, kind: 'states-changed', at, by: 'service', data: { lost, gained } });
  const entered = !row.reviewedAt || row.stage !== stage || row.causes.join() !== causes.join();
  if (entered) {
    const data = { stage, causes, nextChangeAt: nextChangeAt?.toISOString() ?? null };
    await recordEvent(tx, { subject, kind: 'stage-entered', at, by: 'service', data });
    await wakeOtherYears(tx, row);
  }
  const occasion = changesStates ? statesOccasion(change) : entered ? stageOccasion(change) : undefined;
  if (!occasion) return;
  const { npn, planYear } = row;
  const { kind, once, data } = occasion;
  const dedupeKey = once ? `${kind} ${npn}` : `${kind} ${npn} ${planYear} ${at.toISOString()}`;
  await createNotice(tx, { kind, npn, planYear, at, dedupeKey, data });
}

/** A changed address is told once, to the old and the new one: it could be somebody else's doing. */
export async function tellOfAddress(
  tx: Tx,
  { npn, planYear, addressWas, at }: OnboardingKey & { addressWas: string; at: Date },
): Promise<void> {
  const subject = { kind: 'onboarding' as const, npn, planYear };
  await recordEvent(tx, { subject, kind: 'address-changed', at, by: 'service', data: {} });
  const dedupeKey = `address-changed ${npn} ${at.toISOString()}`;
  const notice = { kind: 'address-changed' as const, npn, planYear, at };
  await createNotice(tx, { ...notice, dedupeKey: `${dedupeKey} new` });
  await createNotice(tx, { ...notice, dedupeKey: `${dedupeKey} old`, toAddress: addressWas });
}

interface Occasion {
  kind: NoticeKind;
  /** Told once in the agent's life, whichever plan years are running. */
  once?: true;
  data?: NoticeContents;
}

/** Who reaches a stage is told where the guide, or courtesy, asks for it; the rest is told by the deeds. */
function stageOccasion({ row, facts, standing }: Change): Occasion | undefined {
  const { stage } = standing;
  const { registeredAt } = facts;
  if (stage === row.stage || !registeredAt) return undefined;
  const isReturning = registeredAt < row.createdAt;
  switch (stage) {
    case 'awaiting-terms':
      // who has just registered reads of it in the confirmation
      return isReturning || row.stage === 'active' || row.stage === 'suspended'
        ? { kind: 'terms-needed' }
        : undefined;
    case 'active':
      return isReturning || row.stage === 'suspended'
        ? { kind: 'active-again' }
        : { kind: 'active', once: true };
    case 'suspended':
      return { kind: 'suspended', data: { unmet: unmetOf(standing.conditions) } };
    case 'lapsed':
      return { kind: 'lapsed' };
    case 'awaiting-eligibility':
    case 'invited':
    case 'invitation-expired':
    case 'invitation-undeliverable':
    case 'left':
      return undefined;
  }
}

/** Only states that the agent wants to be asked for are worth a letter. */
function statesOccasion({ facts, standing, lost, gained }: Change): Occasion | undefined {
  const wanted = (states: string[]) => states.filter((state) => facts.reach.states.includes(state));
  const data = { lost: wanted(lost), gained: wanted(gained), unmet: unmetOf(standing.conditions) };
  return data.lost.length + data.gained.length > 0 ? { kind: 'states-changed', data } : undefined;
}
