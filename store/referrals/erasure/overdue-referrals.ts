import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../database/connection.ts';
import { saveConsentRecord } from '../../encryption/consent-records.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { eraseConsumer } from './erasure.ts';

/** What happens to referrals by time, one after another. */
export type ReferralRetention = 'unconfirmed-requests' | 'ended-referrals' | 'old-referrals';

/** SQL: the referrals that are overdue for it at an instant, as `id`, and since when, as `at`. */
export const overdueReferrals: Readonly<
  Record<ReferralRetention, (now: RawBuilder<unknown>) => RawBuilder<unknown>>
> = {
  'unconfirmed-requests': (now) => sql`select id, delete_at as at from referrals where delete_at <= ${now}`,
  'ended-referrals': (now) =>
    sql`select referral_id as id, erase_at as at from referral_keys where erase_at <= ${now}`,
  // found by the index on when they were created; none is open for ten years
  'old-referrals': (now) => sql`
    select id, closed_at + interval '10 years' as at from referrals
    where created_at <= ${now} - interval '10 years' and closed_at <= ${now} - interval '10 years'`,
};

interface ReferralAt {
  referralId: string;
  at: Date;
}

/** Reads the ids of the referrals that are overdue, the most overdue first, except those given. */
export async function readOverdueReferrals(
  tx: Tx,
  kind: ReferralRetention,
  { at, except, limit }: { at: Date; except: ReadonlySet<string>; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${overdueReferrals[kind](sql`${at}::timestamptz`)}) due
    where id <> all(${[...except]}::uuid[]) order by at, id limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Locks a referral that is overdue. One that is locked is skipped: it is being confirmed, rescinded, or read by ops. */
async function lockOverdue(
  tx: Tx,
  kind: ReferralRetention,
  { referralId, at }: ReferralAt,
): Promise<boolean> {
  const { rows } = await sql`
    select from referrals where id = ${referralId}
      and id in (select id from (${overdueReferrals[kind](sql`${at}::timestamptz`)}) due)
    for update skip locked`.execute(tx);
  return rows.length > 0;
}

/**
 * What is done to an overdue referral, in a transaction of its own.
 * @returns whether it was done; a referral that is locked, or no longer overdue, is left
 */
export const applyRetention: Readonly<
  Record<
    ReferralRetention,
    (tx: Tx, keyring: Pick<Keyring, 'masterKeys'>, about: ReferralAt) => Promise<boolean>
  >
> = {
  /** Deletes a request that was not confirmed in time, with all its data, also what ops wrote, who can name the person. */
  async 'unconfirmed-requests'(tx, _keyring, about) {
    if (!(await lockOverdue(tx, 'unconfirmed-requests', about))) return false;
    await eraseConsumer(tx, { ...about, because: 'unconfirmed' });
    await deleteReferral(tx, about.referralId);
    return true;
  },
  /** Erases the consumer of a referral that ended so long ago, and keeps the record of who consented. */
  async 'ended-referrals'(tx, keyring, about) {
    if (!(await lockOverdue(tx, 'ended-referrals', about))) return false;
    await saveConsentRecord(tx, keyring, about);
    return eraseConsumer(tx, { ...about, because: 'ended' });
  },
  /** Deletes a referral that ended ten years ago, with everything about it. */
  async 'old-referrals'(tx, _keyring, about) {
    if (!(await lockOverdue(tx, 'old-referrals', about))) return false;
    await eraseConsumer(tx, { ...about, because: 'ended' });
    const { referralId } = about;
    await tx.deleteFrom('problemReports').where('referralId', '=', referralId).execute();
    // with what their agents were shown
    await tx.deleteFrom('offers').where('referralId', '=', referralId).execute();
    await tx.deleteFrom('consentRecords').where('referralId', '=', referralId).execute();
    await deleteReferral(tx, referralId);
    return true;
  },
};

/** Deletes a referral without offers, with its consents, notices, events and decisions and with the actions of ops. */
async function deleteReferral(tx: Tx, referralId: string): Promise<void> {
  await tx.deleteFrom('notices').where('referralId', '=', referralId).execute();
  await tx
    .deleteFrom('events')
    .where('subjectKind', '=', 'referral')
    .where('subjectId', '=', referralId)
    .execute();
  await tx.deleteFrom('opsActions').where('referralId', '=', referralId).execute();
  await tx.deleteFrom('consents').where('referralId', '=', referralId).execute();
  await tx.deleteFrom('referrals').where('id', '=', referralId).execute();
}
