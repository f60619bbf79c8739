import { sql } from 'kysely';
import type { OnboardingEvents } from '../domain/events.ts';
import type { Tx } from './database.ts';
import { recordEvent } from './events.ts';
import { wakeOnboardings } from './outbox.ts';

/**
 * Ends a live invitation whose mail nobody will take, whether the provider refused it at once or told later: with an
 * event, and the agent's onboardings review. One that has ended keeps its end.
 */
export async function invitationCameBack(
  tx: Tx,
  { invitationId, code, at }: { invitationId: string; code: string | undefined; at: Date },
): Promise<void> {
  const known = await tx
    .selectFrom('invitations')
    .select(['npn', 'planYear'])
    .where('id', '=', invitationId)
    .executeTakeFirstOrThrow();
  await holdOnboardings(tx, [known.npn]);
  const ended = await tx
    .updateTable('invitations')
    .set({ endedAs: 'undeliverable', endedAt: at })
    .where('id', '=', invitationId)
    .where('endedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!ended) return;
  const data: OnboardingEvents['invitation-returned'] = { invitationId, code: code ?? null };
  await recordEvent(tx, {
    subject: { kind: 'onboarding', ...known },
    kind: 'invitation-returned',
    at,
    by: 'service',
    data: { ...data },
  });
  await wakeOnboardings(tx, known.npn);
}

/**
 * Marks addresses as undeliverable for whoever has them now, agents and consumers: they are not mailed again until
 * they change. Each agent's open onboardings get an event and review.
 */
export async function mailCameBack(
  tx: Tx,
  {
    addresses,
    report,
    code,
    at,
  }: { addresses: readonly string[]; report: 'bounced' | 'complained'; code: string | undefined; at: Date },
): Promise<void> {
  const given = addresses.map((address) => address.toLowerCase());
  if (given.length === 0) return;
  const isGiven = sql<boolean>`lower(email) = any(${given}::text[])`;
  await tx
    .updateTable('consumerContacts')
    .set({ emailUndeliverableAt: at })
    .where(isGiven)
    .where('emailUndeliverableAt', 'is', null)
    .execute();
  const known = await tx
    .selectFrom('agents')
    .select('npn')
    .where(isGiven)
    .where('emailUndeliverableAt', 'is', null)
    .execute();
  if (known.length === 0) return;
  const npns = known.map(({ npn }) => npn);
  const held = await holdOnboardings(tx, npns);
  const marked = await tx
    .updateTable('agents')
    .set({ emailUndeliverableAt: at })
    .where('npn', 'in', npns)
    .where(isGiven)
    .where('emailUndeliverableAt', 'is', null)
    .returning('npn')
    .execute();
  const data: OnboardingEvents['mail-returned'] = { report, code: code ?? null };
  for (const { npn } of marked) {
    for (const { planYear } of held.filter((one) => one.npn === npn && one.closedAt === null)) {
      const subject = { kind: 'onboarding', npn, planYear } as const;
      await recordEvent(tx, { subject, kind: 'mail-returned', at, by: 'service', data: { ...data } });
    }
    await wakeOnboardings(tx, npn);
  }
}

/** Holds the onboardings of agents till the transaction ends, before anything of theirs changes, as every deed does. */
async function holdOnboardings(tx: Tx, npns: readonly string[]) {
  return tx
    .selectFrom('onboardings')
    .select(['npn', 'planYear', 'closedAt'])
    .where('npn', 'in', npns)
    .orderBy('npn')
    .orderBy('planYear')
    .forUpdate()
    .execute();
}
