import { domainToUnicode } from 'node:url';
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
 * Ends invitations of which nothing has left, their mail having lapsed with these deliveries: a provider was out, or the
 * worker away, for so long. For the agent there has been none, so that he is invited anew (`readFacts`); each with an
 * event, and his onboardings review. One that was used, replaced or came back keeps its end, and one that a reminder has
 * told of stands.
 */
export async function endUnsentInvitations(
  tx: Tx,
  { deliveryIds, at }: { deliveryIds: readonly string[]; at: Date },
): Promise<void> {
  if (deliveryIds.length === 0) return;
  const lapsed = await tx
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
    .innerJoin('invitations', 'invitations.id', 'notices.invitationId')
    .select(['invitations.id', 'invitations.npn'])
    .where('deliveries.id', 'in', deliveryIds)
    .where('notices.kind', '=', 'invitation')
    .execute();
  if (lapsed.length === 0) return;
  const npns = lapsed.map(({ npn }) => npn);
  await holdOnboardings(tx, npns);
  const ids = lapsed.map(({ id }) => id);
  const { rows: ended } = await sql<{ id: string; npn: string; planYear: number }>`
    update invitations i set ended_as = 'unsent', ended_at = coalesce(ended_at, ${at})
    where id = any(${ids}) and coalesce(ended_as, 'expired') = 'expired' and not exists (
      select from notices n join deliveries d on d.notice_id = n.id
      where n.invitation_id = i.id and d.status not in ('pending', 'lapsed'))
    returning id, npn, plan_year`.execute(tx);
  for (const { id: invitationId, ...key } of ended) {
    const data: OnboardingEvents['invitation-unsent'] = { invitationId };
    const about = { kind: 'invitation-unsent', at, by: 'service', data: { ...data } } as const;
    await recordEvent(tx, { subject: { kind: 'onboarding', ...key }, ...about });
    await wakeOnboardings(tx, key.npn);
  }
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
  const given = addresses.flatMap((address) => [
    address.toLowerCase(),
    readableAddress(address).toLowerCase(),
  ]);
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

/** An address that was mailed in Punycode, as it is kept: as people read it. */
function readableAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToUnicode(address.slice(at + 1))}`;
}
