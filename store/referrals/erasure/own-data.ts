import type { Tx } from '../../database/connection.ts';
import { readConsentRecord } from '../../encryption/consent-records.ts';
import type { Contact } from '../../encryption/contacts.ts';
import type { Keyring } from '../../encryption/keyring.ts';
import { readWishedAgent } from '../../encryption/wished-agents.ts';
import { readConsumerContact } from '../../notifications/reachability.ts';
import { type ConsentRecord, readConsentRecords } from '../consents/consents.ts';

/** What is kept about the consumer of a referral. */
export interface ConsumerData {
  request: {
    id: string;
    createdAt: Date;
    stage: string;
    closedAt: Date | null;
    outcome: string | null;
    zip: string;
    city: string;
    state: string;
    language: string;
    interpreter: boolean;
    coverageYear: number;
    need: string;
    contactBy: string;
    contactTimes: string[];
    /** The agent whom they asked for, as they named them. */
    wishedAgent: string | null;
    /** When all of it is deleted, because nobody confirmed it; null: somebody did. */
    deleteAt: Date | null;
  };
  /** Undefined once it is erased. */
  contact: Contact | undefined;
  /** When the contact is erased; null: so long after the request ended, or it is erased already. */
  eraseAt: Date | null;
  consents: ConsentRecord[];
  /** Until when it stays on record who consented; undefined while the contact is there, and without such a record. */
  consentRecordUntil: Date | undefined;
  /** The agents who saw the contact, and when each saw it first. */
  shownTo: { npn: string; firstAt: Date }[];
}

/** Reads what is kept about the consumer of a referral; undefined if there is no such referral. */
export async function readConsumerData(
  tx: Tx,
  keyring: Keyring,
  referralId: string,
): Promise<ConsumerData | undefined> {
  const row = await tx
    .selectFrom('referrals')
    .leftJoin('referralKeys', 'referralKeys.referralId', 'referrals.id')
    .select(['referrals.id', 'referrals.createdAt', 'stage', 'closedAt', 'outcome', 'zip', 'city', 'state'])
    .select(['language', 'interpreter', 'coverageYear', 'need', 'contactBy', 'contactTimes'])
    .select(['deleteAt', 'eraseAt'])
    .where('referrals.id', '=', referralId)
    .executeTakeFirst();
  if (!row) return undefined;
  const { eraseAt, ...request } = row;
  const wishedAgent = (await readWishedAgent(tx, keyring, referralId)) ?? null;
  return {
    request: { ...request, wishedAgent },
    eraseAt,
    contact: await readConsumerContact(tx, keyring, referralId),
    consents: await readConsentRecords(tx, referralId),
    consentRecordUntil: (await readConsentRecord(tx, keyring, referralId))?.deleteAt,
    shownTo: await readShownTo(tx, referralId),
  };
}

async function readShownTo(tx: Tx, referralId: string): Promise<ConsumerData['shownTo']> {
  return tx
    .selectFrom('disclosures')
    .innerJoin('offers', 'offers.id', 'disclosures.offerId')
    .select((shown) => ['npn', shown.fn.min('firstAt').as('firstAt')])
    .where('referralId', '=', referralId)
    .where('shown', '=', 'contact')
    .groupBy('npn')
    .orderBy('firstAt')
    .execute();
}
