import { type RawBuilder, sql } from 'kysely';
import type { CapacityLimits } from '../../domain/matching/matching.ts';
import type { OnboardingId } from '../../domain/onboarding/onboarding-id.ts';
import type { Tx } from '../database/connection.ts';
import { askedBy, comparingRules, currentLoad, isExcluded } from '../matching/match-rules.ts';
import { enqueue, insertMessagesSql, type OutboxMessage } from '../outbox.ts';

/**
 * Replaces the states that an agent serves by one plan year's registration. Gaining a state wakes a queued referral;
 * offers in lost states are left to `rescindOffers`.
 * @param until when the states change by themselves, so that matching never trusts a row longer than its evidence
 * @returns the states that were lost and gained
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

/** SQL condition that no registration of its agent covers the state of offer `o` of referral `r`. */
export const isUncovered = sql`not exists (select from onboardings w
  where w.npn = o.npn and w.closed_at is null and r.state = any(w.covered))`;

/**
 * Rescinds an agent's running offers in states that no registration of theirs covers any more. A registration that only
 * waits for new terms to be accepted still covers its states: the terms stand in the way of new offers, not of running
 * ones.
 */
export async function rescindOffers(tx: Tx, npn: string): Promise<void> {
  await sql`
    ${sql.raw(insertMessagesSql('rescind-offer', { referralId: 'r.id', offerId: 'o.id' }))}
    from offers o join referrals r on r.id = o.referral_id
    where o.npn = ${npn} and o.ended_at is null and ${isUncovered}`.execute(tx);
}

/**
 * Wakes the oldest queued referrals that fit an agent who has free capacity again, as many as the agent can take. So a
 * hundred queued referrals do not all wake for one agent; a woken referral that does not use the capacity wakes the
 * next one that fits (`wakeNextReferral`).
 */
export async function wakeReferralsForAgent(tx: Tx, npn: string, count = 1): Promise<void> {
  await wakeReferralsSql(npn, count).execute(tx);
}

/** SQL that wakes referrals for an agent, as `wakeReferralsForAgent`: a statement, or the end of one. */
export const wakeReferralsSql = (npn: string, count = 1): RawBuilder<unknown> => sql`
    ${sql.raw(insertMessagesSql('wake-referral', { referralId: 'r.id' }))}
    from (
      select r.id from (select distinct state from serving where npn = ${npn}) s
      cross join lateral (
        select r.id, r.created_at from referrals r join agents a on a.npn = ${npn}
        where r.state = s.state and ${isWaiting} and ${fits}
        order by r.created_at limit ${count}
      ) r
      order by r.created_at limit ${count}
    ) r`;

/** Returns whether a queued referral that no agent is asked for fits this agent. */
export async function isWaitedFor(tx: Tx, npn: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select exists (
      select from (select distinct state from serving where npn = ${npn}) s
      join referrals r on r.state = s.state
      cross join agents a
      where a.npn = ${npn} and ${needsAgent} and ${fits}) as is`.execute(tx);
  return rows[0]?.is ?? false;
}

/** SQL condition that a referral needs an agent now: it does not wait for its contact, nor for the service to open. */
const needsAgent = sql`stage = 'queued' and contact_wrong_at is null and (opens_at is null or opens_at <= now())`;

/**
 * SQL condition that a referral waits to be woken for an agent. One that has not searched yet does so by itself, and looks
 * again once others can see that it waits (`matchReferral` of the activities), so it misses nobody meanwhile.
 */
export const isWaiting = sql`${needsAgent} and causes && '{nobody-available,everyone-asked,outside-hours}'`;

const columnsOfReferral = {
  id: sql`r.id`,
  state: sql`r.state`,
  zip: sql`r.zip`,
  language: sql`r.language`,
  interpreter: sql`r.interpreter`,
};

/** SQL condition that referral `r` fits agent `a`, who serves its state. */
const fits = sql`not (${isExcluded(comparingRules(columnsOfReferral, currentLoad))})`;

/** The same, where `r.asked` holds the agents whom the referral has asked. */
const fitsAmongMany = sql`not (${isExcluded(
  comparingRules(columnsOfReferral, { ...currentLoad, wasAsked: () => sql`a.npn = any(r.asked)` }),
)})`;

/**
 * Wakes queued referrals for many agents who become available at once, at nine in the morning for example: the oldest
 * first, as many as the agents they fit have capacity for, and none twice.
 * @param woken ids of referrals that were woken a moment ago for other agents; those woken now are added
 */
export async function wakeReferralsForAgents(
  tx: Tx,
  npns: readonly string[],
  { limits, woken = new Set() }: { limits: CapacityLimits; woken?: Set<string> | undefined },
): Promise<void> {
  const { rows } = await sql<{ referralId: string; fitting: { npn: string; capacity: number }[] }>`
    with free as materialized (
      select s.state, a.npn, a.languages, a.skipped_languages, a.skipped_areas, a.states_wanted, a.capacity
      from (
        select a.npn, a.languages, a.skipped_languages, a.skipped_areas, a.states_wanted,
          least(${limits.openOffersPerAgent} - ${currentLoad.unanswered},
            ${limits.uncontactedReferralsPerAgent} - ${currentLoad.uncontacted}) as capacity
        from agents a
        where a.npn = any(${npns}::text[]) and a.left_at is null and a.held_at is null
          and a.resting_since is null
      ) a
      cross join lateral (select distinct state from serving where npn = a.npn) s
      where a.capacity > 0
    )
    select r.id as referral_id, (
      select jsonb_agg(jsonb_build_object('npn', a.npn, 'capacity', a.capacity) order by a.npn)
      from free a where a.state = r.state and ${fitsAmongMany}) as fitting
    from (select state, sum(capacity)::bigint as capacity from free group by state) s
    cross join lateral (
      select r.* from (
        select id, state, zip, language, interpreter, created_at, ${askedBy(sql`referrals.id`)} as asked from referrals
        where referrals.state = s.state and ${isWaiting} and id <> all(${[...woken]}::uuid[])
        order by created_at, id
      ) r
      where exists (select from free a where a.state = r.state and ${fitsAmongMany})
      order by r.created_at, r.id limit s.capacity
    ) r
    order by r.created_at, r.id`.execute(tx);
  const capacityLeft = new Map<string, number>();
  const messages: OutboxMessage[] = [];
  for (const { referralId, fitting } of rows) {
    const free = fitting.find(({ npn, capacity }) => (capacityLeft.get(npn) ?? capacity) > 0);
    if (!free) continue;
    capacityLeft.set(free.npn, (capacityLeft.get(free.npn) ?? free.capacity) - 1);
    woken.add(referralId);
    messages.push({ type: 'wake-referral', payload: { referralId } });
  }
  await enqueue(tx, ...messages);
}
