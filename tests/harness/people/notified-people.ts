import { randomUUID } from 'node:crypto';
import type { Database } from '../../../store/database/connection.ts';
import { type Contact, sealAddress, sealName } from '../../../store/encryption/contacts.ts';
import { newReferralKey, saveReferralKeySql } from '../../../store/encryption/referral-keys.ts';
import { findConsentDocument } from '../../../store/onboarding/terms.ts';
import { deriveContactKeys, saveContactKeys } from '../../../store/referrals/contacts/contact-keys.ts';
import { linkToken, sha256 } from '../../../store/tokens.ts';
import { keyring } from '../keyring.ts';

export const testLinkSecret = 'a secret of the tests';
export const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);

let people = 0;
const digits = () => String((people += 1)).padStart(4, '0');

/** Adds an agent who can be notified, with a phone number and an email address of their own. */
export async function anAgent(
  db: Database,
  more: { contactPreference?: string; phone?: string | null; emailUndeliverableAt?: Date } = {},
) {
  const id = digits();
  const agent = {
    npn: `77${id}`,
    firstName: 'Maria',
    lastName: 'Lopez',
    email: `maria${id}@example.com`,
    phone: `+1202555${id}`,
    timeZone: 'America/Phoenix',
    contactPreference: 'email-text-app',
    syncedAt: new Date(),
    ...more,
  };
  await db.insertInto('agents').values(agent).execute();
  return agent;
}

/** Adds an onboarding with a live invitation mailed to the agent's address, by default the first. */
export async function anInvitation(db: Database, { npn, email }: { npn: string; email: string }, number = 1) {
  const [planYear, id, at] = [2027, randomUUID(), new Date()];
  await db
    .insertInto('onboardings')
    .values({ npn, planYear, stage: 'invited', since: at, createdAt: at })
    .onConflict((conflict) => conflict.columns(['npn', 'planYear']).doNothing())
    .execute();
  await db
    .insertInto('invitations')
    .values({
      id,
      npn,
      planYear,
      number,
      tokenSha256: sha256(linkToken(testLinkSecret, 'invitation', id)),
      sentTo: email,
      issuedAt: at,
      remindAt: minutesFromNow(24 * 60),
      expiresAt: minutesFromNow(48 * 60),
      policyVersion: 'p1',
    })
    .execute();
  return { npn, planYear, invitationId: id };
}

export const aConsumer = { name: 'Quentin Zamborsky', email: 'quentin.z@example.org', phone: '+12025550123' };

/** Adds a consumer's referral in Phoenix with the given contact. */
export async function aReferral(
  db: Database,
  contact: { email: string | null; phone: string | null } = aConsumer,
  { textConsent = false, ...more }: { language?: string; textConsent?: boolean; contactBy?: string } = {},
) {
  const [id, at] = [randomUUID(), new Date()];
  await db
    .insertInto('referrals')
    .values({
      id,
      stage: 'offering',
      since: at,
      zip: '85001',
      city: 'Phoenix',
      state: 'AZ',
      timeZone: 'America/Phoenix',
      language: 'en',
      interpreter: false,
      coverageYear: 2027,
      need: 'renew',
      tokenSha256: sha256(linkToken(testLinkSecret, 'referral', id)),
      idempotencyKeySha256: sha256(id),
      requestSha256: sha256(id),
      budgetEndsAt: minutesFromNow(600),
      policyVersion: 'p1',
      createdAt: at,
      ...more,
    })
    .execute();
  const { email, phone } = contact;
  await addContact(db, { referralId: id, at, contact: { name: aConsumer.name, email, phone } });
  if (textConsent) await consentToTexts(db, id);
  return id;
}

/** Adds an encrypted contact, with its key. */
async function addContact(
  db: Database,
  { referralId, contact, at }: { referralId: string; contact: Contact; at: Date },
): Promise<void> {
  const key = newReferralKey(keyring, referralId);
  await saveReferralKeySql(key, at).execute(db);
  const { name, phone, email } = contact;
  const sealed = {
    name: sealName(key, name),
    phone: sealAddress(key, 'phone', phone),
    email: sealAddress(key, 'email', email),
  };
  await db
    .insertInto('consumerContacts')
    .values({ referralId, ...sealed })
    .execute();
  const given = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) };
  const keys = deriveContactKeys(keyring.lookupKey, given);
  await saveContactKeys(db, { referralId, keys, confirmedAt: null });
}

async function consentToTexts(db: Database, referralId: string): Promise<void> {
  const { version = '' } = (await findConsentDocument(db, 'texts', 'en')) ?? {};
  const consent = { kind: 'texts', language: 'en', version, givenBy: 'adult', givenAt: new Date() };
  await db
    .insertInto('consents')
    .values({ referralId, ...consent })
    .execute();
}

/** Adds an open offer of a referral to an agent, 15 minutes long. */
export async function anOffer(
  db: Database,
  {
    npn,
    referralId,
    ...more
  }: { npn: string; referralId: string } & Partial<{
    number: number;
    acceptedAt: Date;
    contactDueAt: Date;
    endedAt: Date;
    endedAs: string;
  }>,
) {
  const id = randomUUID();
  await db
    .insertInto('offers')
    .values({
      id,
      referralId,
      npn,
      number: 1,
      shortCode: '4821',
      offeredAt: new Date(),
      expiresAt: minutesFromNow(15),
      policyVersion: 'p1',
      ...more,
    })
    .execute();
  return id;
}
