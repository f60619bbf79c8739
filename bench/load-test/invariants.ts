import type { Pool } from 'pg';

/** Limits for one agent at a time. */
export interface Capacity {
  openOffers: number;
  uncontacted: number;
}

/**
 * Installs triggers that check every change of an offer. They record an agent above capacity, and an offer to an agent who
 * may not get one, with the rights of who installs them. The timestamps alone cannot prove this, because each workflow has its own clock.
 */
export async function installOfferTriggers(pool: Pool, capacity: Capacity): Promise<void> {
  await pool.query(capacityTrigger(capacity));
  await pool.query(availabilityTrigger);
}

/**
 * Counts an agent's offers at the end of each transaction. Concurrent transactions do not see each other's rows, so each
 * counts under an advisory lock that is released after the commit: the later one sees both. The lock is the last thing
 * that a transaction waits for, so it causes no deadlock.
 */
const capacityTrigger = ({ openOffers, uncontacted }: Capacity) => `
  create table above_capacity (npn text not null, offers integer not null, uncontacted integer not null);
  create function check_capacity() returns trigger language plpgsql security definer as $$
  begin
    perform pg_advisory_xact_lock(hashtext('capacity ' || new.npn));
    insert into above_capacity
    select new.npn, load.offers, load.uncontacted from (
      select count(*) filter (where accepted_at is null) as offers,
             count(*) filter (where accepted_at is not null and contacted_at is null) as uncontacted
      from offers where npn = new.npn and ended_at is null) load
    where load.offers > ${openOffers} or load.uncontacted > ${uncontacted};
    return null;
  end $$;
  create constraint trigger offers_within_capacity after insert or update on offers
    deferrable initially deferred for each row execute function check_capacity();`;

/**
 * Checks an offer against the agent's own rows and stage, not against the candidate index that matching reads. An offer,
 * a hold, a departure, a change of availability and a review that removes states all lock the agent's row, so each comes
 * clearly before or after the others.
 */
const availabilityTrigger = `
  create table wrongly_asked (npn text not null, referral_id uuid not null, reason text not null);
  create function check_asking() returns trigger language plpgsql security definer as $$
  begin
    insert into wrongly_asked
    select a.npn, new.referral_id, obstacle.name
    from agents a cross join lateral (values
      ('held', a.held_at is not null),
      ('resting', a.resting_since is not null),
      ('departed', a.left_at is not null),
      ('unavailable', exists (select from availability_overrides o
        where o.npn = a.npn and not o.is_on and (o.until_at is null or o.until_at > new.offered_at))),
      ('suspended', not exists (select from onboardings w where w.npn = a.npn and w.stage = 'active'))
    ) as obstacle (name, is_there)
    where a.npn = new.npn and obstacle.is_there;
    return null;
  end $$;
  create trigger asking_checked after insert on offers for each row execute function check_asking();`;

/** Queries by violated invariant. Each must return no rows. */
export const invariants = {
  'an agent above capacity': `select npn, offers, uncontacted from above_capacity`,
  'an offer to an agent who was held, suspended, departed or unavailable': `select * from wrongly_asked`,
  'a referral without an end': `
    select id, stage from referrals
    where closed_at is null or stage not in ('closed', 'unmatched', 'withdrawn')`,
  'an agent asked twice for one referral': `
    select referral_id, npn, count(*)::integer from offers
    where ended_as is distinct from 'taken' group by 1, 2 having count(*) > 1`,
  'two agents with one referral at a time': `
    select one.referral_id, one.number, other.number as later from offers one
    join offers other on other.referral_id = one.referral_id and other.number > one.number
    where one.ended_at is null or one.ended_at > other.offered_at`,
  'two agents who have one referral at a time': `
    select one.referral_id, one.number, other.number as other from offers one
    join offers other on other.referral_id = one.referral_id and other.number <> one.number
    where one.accepted_at is not null and other.accepted_at >= one.accepted_at
      and (one.ended_at is null or one.ended_at > other.accepted_at)`,
  'an agent asked although another had the referral': `
    select one.referral_id, one.number, other.number as later from offers one
    join offers other on other.referral_id = one.referral_id and other.number > one.number
    where one.accepted_at < other.offered_at and (one.ended_at is null or one.ended_at > other.offered_at)`,
  'an offer without an end': `select id, referral_id from offers where ended_at is null`,
  'a closed referral whose agent did not accept': `
    select r.id from referrals r where r.stage = 'closed' and not exists (
      select from offers o where o.referral_id = r.id and o.accepted_at is not null and o.ended_as = 'closed')`,
  'a delivery without an end': `
    select d.id, n.kind, d.channel from deliveries d join notices n on n.id = d.notice_id
    where n.referral_id is not null and d.status = 'pending'`,
  'an offer without a recorded match decision': `
    select o.referral_id, o.number from offers o where not exists (
      select from match_decisions m where m.referral_id = o.referral_id and m.npn = o.npn)`,
} as const;

/** The invariant that offers break which overlap by policy. */
export const oneAtATime = 'two agents with one referral at a time' satisfies keyof typeof invariants;

/** Runs the invariant queries but those `except`. @returns the violated invariants, each with up to 20 rows */
export async function brokenInvariants(
  pool: Pool,
  except: readonly (keyof typeof invariants)[] = [],
): Promise<Record<string, unknown[]>> {
  const broken: Record<string, unknown[]> = {};
  for (const [name, query] of Object.entries(invariants)) {
    if (except.some((one) => one === name)) continue;
    const { rows } = await pool.query(query);
    if (rows.length > 0) broken[name] = rows.slice(0, 20);
  }
  return broken;
}

/** Result of a load test, read from the database. Times are seconds from the request. */
export interface LoadTestSummary {
  stages: Record<string, number>;
  ends: Record<string, number>;
  offers: number;
  firstOfferSeconds: { median: number; p95: number };
  acceptedSeconds: { median: number; p95: number };
}

/** Counts the referrals by stage and the offers by end. */
export async function summarizeLoadTest(pool: Pool): Promise<LoadTestSummary> {
  const counts = async (query: string) =>
    Object.fromEntries(
      (await pool.query<{ name: string; count: number }>(query)).rows.map(({ name, count }) => [name, count]),
    );
  const percentiles = async (instant: string) => {
    const { rows } = await pool.query<{ median: number; p95: number }>(`
      select percentile_cont(0.5) within group (order by s) as median,
             percentile_cont(0.95) within group (order by s) as p95
      from (select extract(epoch from min(o.${instant}) - r.created_at)::double precision as s
            from referrals r join offers o on o.referral_id = r.id
            where o.${instant} is not null group by r.id) firsts`);
    return rows[0] ?? { median: Number.NaN, p95: Number.NaN };
  };
  const ends = await counts(
    `select ended_as as name, count(*)::integer as count from offers group by 1 order by 2 desc`,
  );
  return {
    stages: await counts(
      `select stage as name, count(*)::integer as count from referrals group by 1 order by 2 desc`,
    ),
    ends,
    offers: Object.values(ends).reduce((sum, count) => sum + count, 0),
    firstOfferSeconds: await percentiles('offered_at'),
    acceptedSeconds: await percentiles('accepted_at'),
  };
}
