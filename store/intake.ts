import { randomUUID } from 'node:crypto';
import type { ContactTime, ContactWay } from '../domain/contact-times.ts';
import type { Policy } from '../domain/policy.ts';
import type { Need } from '../domain/referral.ts';
import type { Tx } from './database.ts';
import { createNotice } from './notices.ts';
import { enqueue } from './outbox.ts';
import type { Place } from './places.ts';
import { recordReferralEvent } from './referrals.ts';

/** A consumer's request for help, checked and ready to be kept. */
export interface NewReferral {
  idempotencyKeySha256: string;
  /** What of the request is compared when its key comes again. */
  requestSha256: string;
  /** The hash of the link's token, which is made from the referral's id. */
  tokenSha256: (id: string) => string;
  contact: { name: string; phone?: string; email?: string };
  place: Place & { timeZone: string };
  language: string;
  interpreter: boolean;
  coverageYear: number;
  need: Need;
  contactBy: ContactWay;
  contactTimes: ContactTime[];
  consent: { language: string; version: string; givenBy: 'adult' | 'representative' };
  policy: Policy;
  at: Date;
}

/** The referral that a request became, now or the first time its key came. */
export interface KeptReferral {
  id: string;
  requestSha256: string;
}

/**
 * Opens a referral: the row, the contact in a table of its own, the consent, the event `requested` and the start of
 * its workflow, in the caller's transaction. Where the key came before, nothing changes and that referral is told.
 */
export async function createReferral(tx: Tx, request: NewReferral): Promise<KeptReferral> {
  const { idempotencyKeySha256, requestSha256, contact, place, consent, policy, at } = request;
  const { language, interpreter, coverageYear, need, contactBy, contactTimes } = request;
  const { zip, city, state, lat, lon, timeZone } = place;
  const id = randomUUID();
  const inserted = await tx
    .insertInto('referrals')
    .values({
      id,
      since: at,
      createdAt: at,
      tokenSha256: request.tokenSha256(id),
      idempotencyKeySha256,
      requestSha256,
      zip,
      city,
      state,
      lat,
      lon,
      timeZone,
      language,
      interpreter,
      coverageYear,
      need,
      contactBy,
      contactTimes,
      policyVersion: policy.version,
      budgetEndsAt: new Date(at.getTime() + policy.referralBudgetMs),
    })
    .onConflict((row) => row.column('idempotencyKeySha256').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) return (await referralOfKey(tx, idempotencyKeySha256)) as KeptReferral;

  await tx
    .insertInto('consumerContacts')
    .values({ referralId: id, ...contact })
    .execute();
  await tx
    .insertInto('consents')
    .values({ referralId: id, kind: 'intake', ...consent, givenAt: at })
    .execute();
  await recordReferralEvent(tx, id, { kind: 'requested', at, by: 'consumer', data: { language, need } });
  // sent by the story once it runs: the link to the status page
  const dedupeKey = `referral-received ${id}`;
  await createNotice(tx, { kind: 'referral-received', referralId: id, at, dedupeKey });
  await enqueue(tx, { deed: 'start-referral', subject: { referralId: id } });
  return { id, requestSha256 };
}

/** The referral that a key was used for before. */
export async function referralOfKey(tx: Tx, idempotencyKeySha256: string): Promise<KeptReferral | undefined> {
  return tx
    .selectFrom('referrals')
    .select(['id', 'requestSha256'])
    .where('idempotencyKeySha256', '=', idempotencyKeySha256)
    .executeTakeFirst();
}
