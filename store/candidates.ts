import { sql } from 'kysely';
import type { Policy } from '../domain/policy.ts';
import type { Tx } from './database.ts';
import type { ReferralRow } from './referrals.ts';

type Limits = Pick<Policy, 'openOffersPerAgent' | 'uncontactedReferralsPerAgent' | 'nearMiles'>;

/**
 * Chooses who is asked next and holds that agent's row, so that no other referral can reserve the same place.
 *
 * Hard rules: serves the state now by the evidence, wants it, speaks the language (or the consumer takes an
 * interpreter), can be reached over a preferred channel, is on duty, has a free place, and was not asked for this
 * referral before. Order: the language before an interpreter, near before far, then the longest idle, then the nearer; ties
 * by a seed of the referral's own.
 * Undefined: nobody fits now.
 */
export async function chooseAgent(
  tx: Tx,
  referral: ReferralRow,
  { at, limits }: { at: Date; limits: Limits },
): Promise<string | undefined> {
  const full: string[] = [];
  for (;;) {
    const npn = await firstCandidate(tx, referral, { at, limits, full });
    if (npn === undefined || (await hasPlace(tx, npn, limits))) return npn;
    // another referral took the last place between our look and our lock
    full.push(npn);
  }
}

/** Whether everybody who would fit, free or busy, was asked for this referral already. */
export async function everyoneAsked(tx: Tx, referral: ReferralRow, at: Date): Promise<boolean> {
  const { rows } = await sql<{ asked: boolean }>`
    select exists (select from offers where referral_id = ${referral.id})
       and not exists (
         select from serving s join agents a on a.npn = s.npn
         where ${fits(referral, at)}
           and not exists (select from offers o where o.referral_id = ${referral.id} and o.npn = a.npn)) as asked`.execute(
    tx,
  );
  return rows[0]?.asked ?? false;
}

async function firstCandidate(
  tx: Tx,
  referral: ReferralRow,
  { at, limits, full }: { at: Date; limits: Limits; full: string[] },
): Promise<string | undefined> {
  const miles = sql`2 * 3958.8 * asin(least(1, sqrt(
      pow(sin(radians(a.lat - ${referral.lat}::float8) / 2), 2)
      + cos(radians(a.lat)) * cos(radians(${referral.lat}::float8))
        * pow(sin(radians(a.lon - ${referral.lon}::float8) / 2), 2))))`;
  const { rows } = await sql<{ npn: string }>`
    select a.npn
    from serving s join agents a on a.npn = s.npn
    where ${fits(referral, at)}
      and a.duty_from <= ${at} and a.duty_until > ${at}
      and a.npn <> all(${full}::text[])
      and not exists (select from offers o where o.referral_id = ${referral.id} and o.npn = a.npn)
      and ${unanswered} < ${limits.openOffersPerAgent}
      and ${uncontacted} < ${limits.uncontactedReferralsPerAgent}
    order by
      (${referral.language} = any(a.languages)) desc,
      coalesce(${miles} <= ${limits.nearMiles}, false) desc,
      a.last_offered_at asc nulls first,
      ${miles} asc nulls last,
      md5(${referral.id} || a.npn)
    limit 1
    for update of a skip locked`.execute(tx);
  return rows[0]?.npn;
}

const unanswered = sql`(select count(*) from offers o
  where o.npn = a.npn and o.ended_at is null and o.accepted_at is null)`;
const uncontacted = sql`(select count(*) from offers o
  where o.npn = a.npn and o.ended_at is null and o.accepted_at is not null and o.contacted_at is null)`;

function fits(referral: ReferralRow, at: Date) {
  return sql`s.state = ${referral.state}
      and s.from_at <= ${at} and (s.until_at is null or s.until_at > ${at})
      and s.state = any(a.states_wanted)
      and (${referral.language} = any(a.languages) or ${referral.interpreter})
      and a.left_at is null and a.held_at is null
      and (a.email_undeliverable_at is null
        or (a.phone is not null and a.contact_preference in ('email-text-app', 'email-text')
          and a.phone_line_type is distinct from 'landline'
          and (a.phone_confirmed_at is not null or not a.phone_must_be_confirmed)
          and not exists (select from text_opt_outs t where t.phone = a.phone))
        or (a.contact_preference in ('email-text-app', 'email-app')
          and exists (select from push_subscriptions p where p.npn = a.npn and p.gone_at is null)))`;
}

async function hasPlace(tx: Tx, npn: string, limits: Limits): Promise<boolean> {
  const { rows } = await sql<{ free: boolean }>`
    select ${unanswered} < ${limits.openOffersPerAgent}
       and ${uncontacted} < ${limits.uncontactedReferralsPerAgent} as free
    from agents a where a.npn = ${npn}`.execute(tx);
  return rows[0]?.free ?? false;
}
