import { type ExpressionBuilder, sql } from 'kysely';
import type { ContactTime, ContactWay } from '../../../domain/referrals/contact-times.ts';
import type { Need } from '../../../domain/referrals/referral.ts';
import type { Tx } from '../../database/connection.ts';
import type { DB } from '../../database/schema.ts';
import { type Contact, encryptedContactParts, openContactOrNone } from '../../encryption/contacts.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { contactShareableSql } from '../consents/consents.ts';
import { recordDisclosure } from './disclosures.ts';

/** The details of a request that an agent may see before accepting it. */
interface ReferralDetails {
  zip: string;
  city: string;
  state: string;
  language: string;
  interpreter: boolean;
  need: Need;
  coverageYear: number;
  contactBy: ContactWay;
  contactTimes: ContactTime[];
}

export interface OfferView extends ReferralDetails {
  id: string;
  referralId: string;
  offeredAt: Date;
  expiresAt: Date;
}

export interface AcceptedReferralView extends ReferralDetails {
  id: string;
  offerId: string;
  acceptedAt: Date;
  contactDueAt: Date | null;
  /** Tries to reach the consumer that the agent reported, and by when the next one follows. */
  attempts: number;
  nextTryAt: Date | null;
  contactedAt: Date | null;
  closesAt: Date | null;
  endedAt: Date | null;
  endedAs: string | null;
  /** Shown only while the agent has the referral. */
  contact: Contact | undefined;
  /** The consumer's time zone, in which their contact times are. */
  timeZone: string;
}

const requestColumns = [
  'zip',
  'city',
  'state',
  'language',
  'interpreter',
  'need',
  'coverageYear',
  'contactBy',
  'contactTimes',
] as const;

/** Reads the offers that wait for an agent's answer, the first to expire first, and records the disclosure. */
export async function readUnansweredOffers(
  tx: Tx,
  { npn, at }: { npn: string; at: Date },
): Promise<OfferView[]> {
  const rows = await tx
    .with('waiting', (query) =>
      query
        .selectFrom('offers')
        .innerJoin('referrals', 'referrals.id', 'offers.referralId')
        .select(['offers.id', 'referralId', 'offeredAt', 'expiresAt', ...requestColumns])
        .where('npn', '=', npn)
        .where('endedAt', 'is', null)
        .where('acceptedAt', 'is', null)
        .where('expiresAt', '>', at),
    )
    .with('disclosed', () =>
      recordDisclosure(sql`select id as offer_id, 'offer' as shown from waiting`, { through: 'portal', at }),
    )
    .selectFrom('waiting')
    .selectAll()
    .orderBy('expiresAt')
    .execute();
  return rows as OfferView[];
}

/** Reads an offer as its own link shows it, open or ended, and records the disclosure. */
export async function readLinkedOffer(
  tx: Tx,
  { id, at }: { id: string; at: Date },
): Promise<
  | (Omit<OfferView, 'referralId'> & {
      acceptedAt: Date | null;
      endedAt: Date | null;
      endedAs: string | null;
    })
  | undefined
> {
  const row = await tx
    .with('linked', (query) =>
      query
        .selectFrom('offers')
        .innerJoin('referrals', 'referrals.id', 'offers.referralId')
        .select([
          'offers.id',
          'offeredAt',
          'expiresAt',
          'acceptedAt',
          'endedAt',
          'endedAs',
          ...requestColumns,
        ])
        .where('offers.id', '=', id),
    )
    .with('disclosed', () =>
      recordDisclosure(sql`select id as offer_id, 'offer' as shown from linked`, { through: 'link', at }),
    )
    .selectFrom('linked')
    .selectAll()
    .executeTakeFirst();
  return row as Awaited<ReturnType<typeof readLinkedOffer>>;
}

/** A position in an agent's list of referrals, which is sorted by acceptance, latest first. */
export interface AcceptedCursor {
  at: Date;
  id: string;
}

/** SQL for the rows of `recordDisclosure`: `contact` where a contact is shown, else `offer`. */
const disclosedRows = (from: string) =>
  sql`select offer_id, case when name is null then 'offer' else 'contact' end as shown from ${sql.table(from)}`;

/**
 * Reads a page of the referrals that an agent accepted, latest first, and records the disclosures. The contact is included
 * while the agent has the referral and the consumer's consent is in force; not after it was closed, withdrawn, or went to
 * another agent.
 */
export async function readAcceptedReferrals(
  tx: Tx,
  keyring: Keyring,
  { npn, after, size, at }: { npn: string; after: AcceptedCursor | undefined; size: number; at: Date },
): Promise<{ page: AcceptedReferralView[]; isLast: boolean }> {
  const rows = await tx
    .with('found', (query) => {
      const accepted = query
        .selectFrom('offers')
        .innerJoin('referrals', 'referrals.id', 'offers.referralId')
        .leftJoin('consumerContacts as k', (join) =>
          join.onRef('k.referralId', '=', 'offers.referralId').on(agentHasReferral(at)),
        )
        .leftJoin('referralKeys as e', 'e.referralId', 'k.referralId')
        .select(['referrals.id', 'offers.id as offerId', 'acceptedAt', 'contactDueAt', 'contactedAt'])
        .select(['closesAt', 'endedAt', 'endedAs', ...requestColumns])
        .select(encryptedContactParts)
        .select(['attempts', 'nextTryAt', 'referrals.timeZone'])
        .where('npn', '=', npn)
        .where('acceptedAt', 'is not', null)
        .orderBy('acceptedAt', 'desc')
        .orderBy('offers.id', 'desc')
        .limit(size + 1);
      if (!after) return accepted;
      return accepted.where((row) =>
        row(row.refTuple('acceptedAt', 'offers.id'), '<', row.tuple(after.at, after.id)),
      );
    })
    // the row beyond the page only tells that more follow
    .with('page', (query) =>
      query
        .selectFrom('found')
        .selectAll()
        .orderBy('acceptedAt', 'desc')
        .orderBy('offerId', 'desc')
        .limit(size),
    )
    .with('disclosed', () => recordDisclosure(disclosedRows('page'), { through: 'portal', at }))
    .selectFrom('found')
    .selectAll()
    .orderBy('acceptedAt', 'desc')
    .orderBy('offerId', 'desc')
    .execute();
  const page = rows.slice(0, size).map(({ name, phone, email, wrappedKey, masterKeyId, ...row }) => ({
    ...(row as Omit<AcceptedReferralView, 'contact'>),
    contact: openContactOrNone(keyring, {
      referralId: row.id,
      name,
      phone,
      email,
      wrappedKey,
      masterKeyId,
    }),
  }));
  return { page, isLast: rows.length <= size };
}

/** The parts of an accepted offer and its referral that an outcome report needs. */
export interface AcceptedOffer {
  id: string;
  attempts: number;
  contactTimes: ContactTime[];
  timeZone: string;
  acceptedAt: Date | null;
  contactedAt: Date | null;
  endedAt: Date | null;
  endedAs: string | null;
}

/** Reads the offer of a referral that an agent accepted last, which an outcome report is about. */
export async function readAcceptedOffer(
  tx: Tx,
  { npn, referralId }: { npn: string; referralId: string },
): Promise<AcceptedOffer | undefined> {
  const row = await tx
    .selectFrom('offers')
    .innerJoin('referrals', 'referrals.id', 'offers.referralId')
    .select(['offers.id', 'attempts', 'acceptedAt', 'contactedAt', 'endedAt', 'endedAs'])
    .select(['contactTimes', 'referrals.timeZone'])
    .where('referralId', '=', referralId)
    .where('npn', '=', npn)
    .where('acceptedAt', 'is not', null)
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return row as AcceptedOffer | undefined;
}

/**
 * Reads the contact that an offer's agent may see, together with the offer's end in one query, since the referral can go to
 * another agent between two queries. Records the disclosure of a contact, unless it is on record with the acceptance.
 */
export async function readOfferContact(
  tx: Tx,
  keyring: Keyring,
  { offerId, at, isOnRecord }: { offerId: string; at: Date; isOnRecord: boolean },
): Promise<{ contact: Contact | undefined; endedAt: Date | null; endedAs: string | null } | undefined> {
  const accepted = tx
    .selectFrom('offers')
    .leftJoin('consumerContacts as k', (join) =>
      join.onRef('k.referralId', '=', 'offers.referralId').on(agentHasReferral(at)),
    )
    .leftJoin('referralKeys as e', 'e.referralId', 'k.referralId')
    .select(['offers.id as offerId', 'offers.referralId', 'endedAt', 'endedAs'])
    .select(encryptedContactParts)
    .where('offers.id', '=', offerId)
    .where('acceptedAt', 'is not', null);
  const shown = sql`${disclosedRows('accepted')} where name is not null`;
  const recorded = tx
    .with('accepted', () => accepted)
    .with('disclosed', () => recordDisclosure(shown, { through: 'portal', at }))
    .selectFrom('accepted')
    .selectAll();
  const row = await (isOnRecord ? accepted : recorded).executeTakeFirst();
  if (!row) return undefined;
  const { endedAt, endedAs } = row;
  return { endedAt, endedAs, contact: openContactOrNone(keyring, row) };
}

/** SQL: whether the agent has the referral and the consumer's consent is in force. */
export const agentHasReferral = (at: Date) => (offer: ExpressionBuilder<DB, 'offers'>) =>
  offer.and([offer('offers.endedAt', 'is', null), contactShareableSql(sql.ref('offers.referral_id'), at)]);
