import type { ExpressionBuilder } from 'kysely';
import type { ContactTime, ContactWay } from '../domain/contact-times.ts';
import type { Need } from '../domain/referral.ts';
import type { Tx } from './database.ts';
import type { DB } from './schema.ts';

/** What an agent may know of a request before accepting it. */
interface About {
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

export interface OfferView extends About {
  id: string;
  referralId: string;
  offeredAt: Date;
  expiresAt: Date;
}

/** A consumer's contact, for the one agent who has the referral. */
export interface Contact {
  name: string;
  phone: string | null;
  email: string | null;
}

export interface AcceptedView extends About {
  id: string;
  offerId: string;
  acceptedAt: Date;
  contactDueAt: Date | null;
  contactedAt: Date | null;
  closesAt: Date | null;
  endedAt: Date | null;
  endedAs: string | null;
  contact: Contact | undefined;
}

const about = [
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

/** The offers that wait for an agent's answer, the first to expire first. */
export async function waitingOffers(tx: Tx, { npn, at }: { npn: string; at: Date }): Promise<OfferView[]> {
  const rows = await tx
    .selectFrom('offers')
    .innerJoin('referrals', 'referrals.id', 'offers.referralId')
    .select(['offers.id', 'referralId', 'offeredAt', 'expiresAt', ...about])
    .where('npn', '=', npn)
    .where('endedAt', 'is', null)
    .where('acceptedAt', 'is', null)
    .where('expiresAt', '>', at)
    .orderBy('expiresAt')
    .execute();
  return rows as OfferView[];
}

/** An offer as its own link shows it, whatever has become of it. */
export async function offerForLink(
  tx: Tx,
  id: string,
): Promise<
  | (Omit<OfferView, 'referralId'> & {
      acceptedAt: Date | null;
      endedAt: Date | null;
      endedAs: string | null;
    })
  | undefined
> {
  const row = await tx
    .selectFrom('offers')
    .innerJoin('referrals', 'referrals.id', 'offers.referralId')
    .select(['offers.id', 'offeredAt', 'expiresAt', 'acceptedAt', 'endedAt', 'endedAs', ...about])
    .where('offers.id', '=', id)
    .executeTakeFirst();
  return row as Awaited<ReturnType<typeof offerForLink>>;
}

/** A place in an agent's list of referrals: what comes after it was accepted earlier. */
export interface AcceptedCursor {
  at: Date;
  id: string;
}

/**
 * The referrals that an agent accepted, the latest first. The contact goes with the referral: it is there while the
 * agent has it and after the agent closed it, not once it went to another or was withdrawn.
 */
export async function acceptedReferrals(
  tx: Tx,
  { npn, after, limit }: { npn: string; after: AcceptedCursor | undefined; limit: number },
): Promise<AcceptedView[]> {
  let query = tx
    .selectFrom('offers')
    .innerJoin('referrals', 'referrals.id', 'offers.referralId')
    .leftJoin('consumerContacts', (join) =>
      join.onRef('consumerContacts.referralId', '=', 'offers.referralId').on(agentHasIt),
    )
    .select(['referrals.id', 'offers.id as offerId', 'acceptedAt', 'contactDueAt', 'contactedAt', 'closesAt'])
    .select(['endedAt', 'endedAs', 'name', 'phone', 'email', ...about])
    .where('npn', '=', npn)
    .where('acceptedAt', 'is not', null);
  if (after)
    query = query.where((row) =>
      row(row.refTuple('acceptedAt', 'offers.id'), '<', row.tuple(after.at, after.id)),
    );
  const rows = await query.orderBy('acceptedAt', 'desc').orderBy('offers.id', 'desc').limit(limit).execute();
  return rows.map(({ name, phone, email, ...row }) => ({
    ...(row as Omit<AcceptedView, 'contact'>),
    contact: name === null ? undefined : { name, phone, email },
  }));
}

/** An accepted offer, as far as an outcome asks. */
export interface AcceptedOffer {
  id: string;
  acceptedAt: Date | null;
  contactedAt: Date | null;
  endedAt: Date | null;
  endedAs: string | null;
}

/** The offer of a referral that an agent accepted last: the one that an outcome is about. */
export async function acceptedOffer(
  tx: Tx,
  { npn, referralId }: { npn: string; referralId: string },
): Promise<AcceptedOffer | undefined> {
  return tx
    .selectFrom('offers')
    .select(['id', 'acceptedAt', 'contactedAt', 'endedAt', 'endedAs'])
    .where('referralId', '=', referralId)
    .where('npn', '=', npn)
    .where('acceptedAt', 'is not', null)
    .orderBy('number', 'desc')
    .executeTakeFirst();
}

/**
 * What an offer's agent may see of the consumer, and how the offer stands, at one moment: between two looks the
 * referral can go on without the agent.
 */
export async function contactOfOffer(
  tx: Tx,
  offerId: string,
): Promise<{ contact: Contact | undefined; endedAt: Date | null; endedAs: string | null } | undefined> {
  const row = await tx
    .selectFrom('offers')
    .leftJoin('consumerContacts', (join) =>
      join.onRef('consumerContacts.referralId', '=', 'offers.referralId').on(agentHasIt),
    )
    .select(['endedAt', 'endedAs', 'name', 'phone', 'email'])
    .where('offers.id', '=', offerId)
    .where('acceptedAt', 'is not', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const { name, phone, email, ...offer } = row;
  return { ...offer, contact: name === null ? undefined : { name, phone, email } };
}

/** While the agent has the referral, and after the agent closed it. */
function agentHasIt(offer: ExpressionBuilder<DB, 'offers'>) {
  return offer.or([offer('endedAt', 'is', null), offer('endedAs', '=', 'closed')]);
}
