import type { Pool } from 'pg';

/**
 * Records when each offer and each invitation really came into being. The instants in their own rows cannot prove that
 * they had their full time.
 */
export async function installClockTriggers(pool: Pool): Promise<void> {
  await pool.query(`
    create table really_began (id uuid primary key, at timestamptz not null);
    create function record_beginning() returns trigger language plpgsql as $$
    begin
      insert into really_began values (new.id, clock_timestamp());
      return null;
    end $$;
    create trigger offer_began after insert on offers for each row execute function record_beginning();
    create trigger invitation_began after insert on invitations for each row execute function record_beginning();`);
}

/** Seconds that the clock of a row may be behind the clock of its insertion: a transaction on a busy machine; an outage is 60. */
const toleranceSeconds = 5;

/** Queries of what was promised, by promise. Each returns the rows that broke it: none, if it was held. */
export const promises = {
  'an offer has its whole window': `
    select o.id from offers o join really_began b on b.id = o.id
    where b.at > o.offered_at + interval '${toleranceSeconds} seconds'`,
  'an invitation has its whole time': `
    select i.id from invitations i join really_began b on b.id = i.id
    where b.at > i.issued_at + interval '${toleranceSeconds} seconds'`,
  'nobody is blamed for an offer that did not reach them': `
    select o.id from offers o where o.ended_as = 'expired' and not exists (
      select from notices n join deliveries d on d.notice_id = n.id
      where n.offer_id = o.id and n.kind in ('offer', 'offer-nudge') and d.status = 'delivered' and d.changed_at < o.expires_at)
      and not exists (select from disclosures s where s.offer_id = o.id and s.first_at < o.expires_at)`,
  'no agent above capacity': 'select npn, offers, uncontacted from above_capacity',
  'nobody asked who may not be': 'select * from wrongly_asked',
  'nobody asked twice for one request': `
    select referral_id, npn from offers group by 1, 2 having count(*) > 1`,
  'one agent at a time': `
    select one.referral_id, one.number from offers one
    join offers other on other.referral_id = one.referral_id and other.number > one.number
    where one.ended_at is null or one.ended_at > other.offered_at`,
  'every request is closed': `select id, stage from referrals where closed_at is null`,
  'every request found an agent': `
    select r.id, r.stage from referrals r where not exists (
      select from offers o where o.referral_id = r.id and o.accepted_at is not null)`,
  'every message is sent or given up': `
    select d.id, n.kind from deliveries d join notices n on n.id = d.notice_id where d.status = 'pending'`,
  'the outbox is empty': 'select id, type from outbox',
  'the audit has no open finding': `
    select kind, subject_id from audit_findings where resolved_at is null`,
} as const;

/** Runs the queries. @returns the broken promises, each with up to ten rows */
export async function brokenPromises(pool: Pool): Promise<Record<string, unknown[]>> {
  const broken: Record<string, unknown[]> = {};
  for (const [promise, query] of Object.entries(promises)) {
    const { rows } = await pool.query(query);
    if (rows.length > 0) broken[promise] = rows.slice(0, 10);
  }
  return broken;
}
