import { domainToUnicode } from 'node:url';
import { sql } from 'kysely';
import type { OnboardingEvents } from '../../domain/events.ts';
import type { Tx } from '../database/connection.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { recordEvent } from '../events.ts';
import { tellOfFailedChannel } from '../notifications/channel-failures.ts';
import { wakeOnboardings } from '../outbox.ts';
import { contactKey } from '../tokens.ts';
import { lockOnboardingsOf } from './onboardings.ts';

/**
 * Ends a live invitation whose mail cannot be delivered, whether the provider refused it at once or reported it later.
 * Records an event and wakes the agent's onboardings. An invitation that has ended keeps its end.
 * @param retryAfterMs milliseconds from each such failure to the next automatic invitation; empty if the address is to
 * blame
 */
export async function recordReturnedInvitation(
  tx: Tx,
  {
    invitationId,
    code,
    at,
    retryAfterMs,
  }: { invitationId: string; code: string | undefined; at: Date; retryAfterMs: readonly number[] },
): Promise<void> {
  const { sentTo, ...key } = await tx
    .selectFrom('invitations')
    .select(['npn', 'planYear', 'sentTo'])
    .where('id', '=', invitationId)
    .executeTakeFirstOrThrow();
  await lockOnboardingsOf(tx, [key.npn]);
  const retryAt = await nextRetry(tx, { ...key, sentTo, at, retryAfterMs });
  const ended = await tx
    .updateTable('invitations')
    .set({ endedAs: 'undeliverable', endedAt: at, retryAt })
    .where('id', '=', invitationId)
    .where('endedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!ended) return;
  const data: OnboardingEvents['invitation-returned'] = {
    invitationId,
    code: code ?? null,
    retryAt: retryAt?.toISOString() ?? null,
  };
  await recordEvent(tx, {
    subject: { kind: 'onboarding', ...key },
    kind: 'invitation-returned',
    at,
    by: 'service',
    data: { ...data },
  });
  await wakeOnboardings(tx, key.npn);
}

/**
 * Computes the next automatic invitation. Failures at one address count for the whole plan year: asking for another
 * mail does not reset them.
 */
async function nextRetry(
  tx: Tx,
  {
    npn,
    planYear,
    sentTo,
    at,
    retryAfterMs,
  }: { npn: string; planYear: number; sentTo: string; at: Date; retryAfterMs: readonly number[] },
): Promise<Date | null> {
  if (retryAfterMs.length === 0) return null;
  const { count } = await tx
    .selectFrom('invitations')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .where('sentTo', '=', sentTo)
    .where('retryAt', 'is not', null)
    .executeTakeFirstOrThrow();
  const after = retryAfterMs[count];
  return after === undefined ? null : new Date(at.getTime() + after);
}

/**
 * Locks the onboardings of the agents whose invitations these deliveries carry, before the deliveries are changed
 * (docs/decisions/0031-lock-order.md).
 */
export async function lockInvitedOnboardings(tx: Tx, deliveryIds: readonly string[]): Promise<void> {
  const invitations = deliveryIds.length > 0 ? await invitationsOf(tx, deliveryIds) : [];
  await lockOnboardingsOf(
    tx,
    invitations.map(({ npn }) => npn),
  );
}

function invitationsOf(tx: Tx, deliveryIds: readonly string[]): Promise<{ id: string; npn: string }[]> {
  return tx
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.noticeId')
    .innerJoin('invitations', 'invitations.id', 'notices.invitationId')
    .select(['invitations.id', 'invitations.npn'])
    .where('deliveries.id', 'in', deliveryIds)
    .where('notices.kind', '=', 'invitation')
    .execute();
}

/**
 * Ends invitations that were never sent because all their deliveries, these included, have lapsed: a provider or the
 * worker was down for too long. They do not count as invitations, so the agents are invited again (`readFacts`).
 * Records an event for each and wakes the agent's onboardings. Invitations that were used, replaced or returned keep
 * their end, and those of which a reminder was sent stay alive. The caller has locked the onboardings
 * (`lockInvitedOnboardings`).
 */
export async function endUnsentInvitations(
  tx: Tx,
  { deliveryIds, at }: { deliveryIds: readonly string[]; at: Date },
): Promise<void> {
  if (deliveryIds.length === 0) return;
  const lapsed = await invitationsOf(tx, deliveryIds);
  if (lapsed.length === 0) return;
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
 * Marks addresses as undeliverable for the agents and consumers who have them now: no mail goes there until the address
 * changes. Each agent's open onboardings get an event and are woken, and the agent is told over another channel.
 */
export async function recordReturnedMail(
  tx: Tx,
  keyring: Keyring,
  {
    addresses,
    report,
    code,
    at,
  }: { addresses: readonly string[]; report: 'bounced' | 'complained'; code: string | undefined; at: Date },
): Promise<void> {
  if (addresses.length === 0) return;
  const npns = await agentsWithMailTo(tx, addresses);
  const onboardings = await lockOnboardingsOf(tx, npns);
  const marked = npns.length > 0 ? await markAgents(tx, { npns, addresses, at }) : [];
  const data: OnboardingEvents['mail-returned'] = { report, code: code ?? null };
  for (const npn of marked) {
    for (const { planYear } of onboardings.filter((one) => one.npn === npn && one.closedAt === null)) {
      const subject = { kind: 'onboarding', npn, planYear } as const;
      await recordEvent(tx, { subject, kind: 'mail-returned', at, by: 'service', data: { ...data } });
    }
    await wakeOnboardings(tx, npn);
    await tellOfFailedChannel(tx, { npn, channel: 'email', at });
  }
  await markContacts(tx, keyring, { addresses, at });
}

/** Finds agents with one of these addresses that is not marked as undeliverable yet. */
export async function agentsWithMailTo(tx: Tx, addresses: readonly string[]): Promise<string[]> {
  if (addresses.length === 0) return [];
  const rows = await tx
    .selectFrom('agents')
    .select('npn')
    .where(isOneOf(addresses))
    .where('emailUndeliverableAt', 'is', null)
    .execute();
  return rows.map(({ npn }) => npn);
}

async function markAgents(
  tx: Tx,
  { npns, addresses, at }: { npns: readonly string[]; addresses: readonly string[]; at: Date },
): Promise<string[]> {
  const rows = await tx
    .updateTable('agents')
    .set({ emailUndeliverableAt: at })
    .where('npn', 'in', npns)
    .where(isOneOf(addresses))
    .where('emailUndeliverableAt', 'is', null)
    .returning('npn')
    .execute();
  return rows.map(({ npn }) => npn);
}

async function markContacts(
  tx: Tx,
  { lookupKey }: Keyring,
  { addresses, at }: { addresses: readonly string[]; at: Date },
): Promise<void> {
  const keys = addresses.map((address) => contactKey(lookupKey, 'email', address));
  // one address can be in several requests and be reported twice at once: a fixed order avoids deadlocks
  const contacts = await tx
    .selectFrom('consumerContacts')
    .select('referralId')
    .where('referralId', 'in', (row) =>
      row
        .selectFrom('contactKeys')
        .select('contactKeys.referralId')
        .where('channel', '=', 'email')
        .where('key', 'in', keys),
    )
    .where('email', 'is not', null)
    .where('emailUndeliverableAt', 'is', null)
    .orderBy('referralId')
    .forUpdate()
    .execute();
  if (contacts.length === 0) return;
  await tx
    .updateTable('consumerContacts')
    .set({ emailUndeliverableAt: at })
    .where(
      'referralId',
      'in',
      contacts.map(({ referralId }) => referralId),
    )
    .execute();
}

/**
 * Matches both spellings: mail is sent and reported with the domain in Punycode, while addresses are stored in Unicode.
 */
function isOneOf(addresses: readonly string[]) {
  const spellings = addresses.flatMap((address) => [
    address.toLowerCase(),
    readableAddress(address).toLowerCase(),
  ]);
  return sql<boolean>`lower(email) = any(${spellings}::text[])`;
}

function readableAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToUnicode(address.slice(at + 1))}`;
}
