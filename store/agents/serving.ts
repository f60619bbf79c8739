import { sql } from 'kysely';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Tx } from '../database/connection.ts';
import { enqueue, type OutboxMessage } from '../outbox.ts';

/**
 * Writes which states an agent serves under one plan year's registration. A state that is gained wakes a referral that
 * waits for somebody; offers in one that is lost are for `rescindOffers`. `until` is when
 * the states change by themselves, so that matching never trusts a row longer than its evidence.
 * @returns the states that were lost and gained by it
 */
export async function replaceServing(
  tx: Tx,
  {
    npn,
    planYear,
    states,
    at,
    until,
  }: OnboardingId & { states: string[]; at: Date; until: Date | undefined },
): Promise<{ lost: string[]; gained: string[] }> {
  const lost = await tx
    .deleteFrom('serving')
    .where('npn', '=', npn)
    .where('planYear', '=', planYear)
    .where('state', 'not in', states.length > 0 ? states : [''])
    .returning('state')
    .execute();
  const written = await tx
    .insertInto('serving')
    .columns(['npn', 'planYear', 'state', 'fromAt', 'untilAt'])
    .expression(
      sql`select ${npn}, ${planYear}::smallint, state, ${at}::timestamptz, ${until ?? null}::timestamptz
            from unnest(${states}::text[]) as state`,
    )
    .onConflict((row) => row.columns(['npn', 'state', 'planYear']).doUpdateSet({ untilAt: until ?? null }))
    .returning(['state', sql<boolean>`xmax = 0`.as('isNew')])
    .execute();
  const gained = written.filter((row) => row.isNew);
  if (gained.length > 0) await wakeReferralsForAgent(tx, npn);
  const names = (rows: readonly { state: string }[]) => rows.map(({ state }) => state).toSorted();
  return { lost: names(lost), gained: names(gained) };
}

/**
 * Rescinds every running offer of an agent in a state that none of his registrations covers any more. One that only
 * waits for another version of the terms covers its states as before: the terms are asked for before the next offer,
 * and take away no license.
 */
export async function rescindOffers(tx: Tx, npn: string): Promise<void> {
  await sql`
    insert into outbox (type, payload)
    select 'rescind-offer', jsonb_build_object('referralId', r.id, 'offerId', o.id)
    from offers o join referrals r on r.id = o.referral_id
    where o.npn = ${npn} and o.ended_at is null
      and not exists (select from onboardings w
        where w.npn = o.npn and w.closed_at is null and r.state = any(w.covered))`.execute(tx);
}

/**
 * Places have become free with this agent: wakes the oldest referrals that wait and fit, one for each place. So a
 * hundred waiting referrals do not all wake for one place; one that is woken and does not take it wakes the next whom
 * it fits (`wakeNextOf`).
 */
export async function wakeReferralsForAgent(tx: Tx, npn: string, places = 1): Promise<void> {
  await sql`
    insert into outbox (type, payload)
    select 'wake-referral', jsonb_build_object('referralId', r.id)
    from (
      select distinct r.id, r.created_at
      from referrals r
      join serving s on s.npn = ${npn} and s.state = r.state
      join agents a on a.npn = s.npn
      where ${isWaitingFor}
      order by r.created_at
      limit ${places}
    ) r`.execute(tx);
}

/** How many places an agent has. */
export type CapacityLimits = Pick<Policy, 'openOffersPerAgent' | 'uncontactedReferralsPerAgent'>;

/** Before the service opens nobody is woken. */
export const isServiceOpen = sql`(opens_at is null or opens_at <= now())`;

/** A referral `r` that waits, and that fits an agent `a` who serves its state. */
const isWaitingFor = sql`r.stage = 'queued' and r.contact_wrong_at is null and ${isServiceOpen}
  and r.state = any(a.states_wanted)
  and (r.language = any(a.languages) or r.interpreter)
  and not exists (select from offers o where o.referral_id = r.id and o.npn = a.npn)`;

/**
 * Many agents can be asked from now on, at nine in the morning for example: wakes the oldest referrals that wait, one
 * for each place that is free with one whom it fits, and none twice.
 * @param woken referrals that were woken for others a moment ago; those that are woken now come to it
 */
export async function wakeReferralsForAgents(
  tx: Tx,
  npns: readonly string[],
  { limits, woken = new Set() }: { limits: CapacityLimits; woken?: Set<string> | undefined },
): Promise<void> {
  const { rows } = await sql<{ npn: string; places: number; referralId: string }>`
    with free as (
      select a.npn, least(
        ${limits.openOffersPerAgent} - count(o.id) filter (where o.accepted_at is null),
        -- an unanswered one can be accepted at any moment
        ${limits.uncontactedReferralsPerAgent} - count(o.id) filter (where o.contacted_at is null)) as places
      from agents a left join offers o on o.npn = a.npn and o.ended_at is null
      where a.npn = any(${npns}::text[]) and a.left_at is null and a.held_at is null
      group by a.npn
    )
    select a.npn, f.places, r.id as referral_id
    from free f join agents a on a.npn = f.npn
    cross join lateral (
      select r.id, r.created_at from referrals r
      where ${isWaitingFor} and r.id <> all(${[...woken]}::uuid[])
        and exists (select from serving s where s.npn = a.npn and s.state = r.state)
      order by r.created_at
      limit (select sum(places)::bigint from free where places > 0)
    ) r
    where f.places > 0
    order by r.created_at, r.id`.execute(tx);
  const placesLeft = new Map(rows.map(({ npn, places }) => [npn, places]));
  const deeds: OutboxMessage[] = [];
  for (const { npn, referralId } of rows) {
    const places = placesLeft.get(npn) ?? 0;
    if (places === 0 || woken.has(referralId)) continue;
    placesLeft.set(npn, places - 1);
    woken.add(referralId);
    deeds.push({ type: 'wake-referral', payload: { referralId } });
  }
  await enqueue(tx, ...deeds);
}
