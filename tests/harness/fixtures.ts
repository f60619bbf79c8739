import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import { termsKinds } from '../../domain/onboarding/facts.ts';
import type { Policy } from '../../domain/policy.ts';
import type { ContactTime, ContactWay } from '../../domain/referrals/contact-times.ts';
import type { Database } from '../../store/database/connection.ts';
import type { Agents } from '../../store/database/schema.ts';
import { acceptTerms, findConsentDocument, findTerms } from '../../store/onboarding/terms.ts';
import type { ContactKey } from '../../store/referrals/contact-keys.ts';
import { createReferral } from '../../store/referrals/intake.ts';
import { linkToken, sha256 } from '../../store/tokens.ts';
import { findPlace, type Place } from '../../store/zip-codes.ts';
import { type ActivityHarness, activitiesOn, aPolicy, linkSecret, monday } from './activity-harness.ts';
import { type EvidenceFixture, seedEvidence } from './evidence-fixtures.ts';

/** How far an agent has come; `unreviewed`: the feeds have brought the rows and nobody has looked at them. */
export type FixtureStage = 'unreviewed' | 'awaiting-eligibility' | 'invited' | 'awaiting-terms' | 'active';

export interface AgentFixture extends EvidenceFixture {
  npn?: string;
  planYear?: number;
  /** `active` unless told otherwise. */
  stage?: FixtureStage;
  zip?: string;
  /** When all of this happened. */
  at?: Date;
  /** What the agent's own row says otherwise, from registration on. */
  agent?: Partial<Insertable<Agents>>;
}

let lastNpn = 1000;

/** An agent who has come as far as told, by the evidence and the deeds that lead there. */
export async function seedAgent(
  db: Database,
  about: AgentFixture = {},
): Promise<{ npn: string; planYear: number }> {
  lastNpn += 1;
  const { npn = `${lastNpn}`, planYear = 2027, stage = 'active', at = monday } = about;
  await seedEvidence(db, { ...about, npn, planYear });
  await db
    .insertInto('onboardings')
    .values({ npn, planYear, since: at, createdAt: at })
    .onConflict((row) => row.doNothing())
    .execute();
  const deeds = activitiesOn(db);
  const key = { npn, planYear, at: at.toISOString() };
  if (stage === 'unreviewed') return { npn, planYear };
  if (stage === 'invited') await deeds.inviteAgent(key);
  else await deeds.reviewOnboarding(key);
  if (stage === 'invited' || stage === 'awaiting-eligibility') return { npn, planYear };
  await seedAccount(db, { npn, at, zip: about.zip ?? '78701', agent: about.agent ?? {} });
  await deeds.reviewOnboarding(key);
  if (stage === 'awaiting-terms') return { npn, planYear };
  await seedAcceptedTerms(db, npn, at);
  await deeds.reviewOnboarding(key);
  return { npn, planYear };
}

async function seedAccount(
  db: Database,
  about: { npn: string; at: Date; zip: string; agent: AgentFixture['agent'] },
): Promise<void> {
  const { npn, at, zip, agent } = about;
  const { lat, lon, timeZone } = await placeOf(db, zip);
  await db
    .insertInto('accounts')
    .values({
      id: randomUUID(),
      username: `agent${npn}`,
      passwordHash: '-',
      role: 'agent',
      npn,
      createdAt: at,
    })
    .onConflict((row) => row.doNothing())
    .execute();
  await db
    .updateTable('agents')
    .set({
      phone: '+15125550100',
      contactPreference: 'email-text',
      zip,
      lat,
      lon,
      timeZone,
      registeredAt: at,
      ...agent,
    })
    .where('npn', '=', npn)
    .execute();
}

/** Both sets of terms in force, accepted; the wake that follows is for the test to act on or not. */
export async function seedAcceptedTerms(db: Database, npn: string, at: Date = monday): Promise<void> {
  const { id: accountId } = await db
    .selectFrom('accounts')
    .select('id')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  for (const kind of termsKinds) {
    const { version = '', sha256: hash = '' } = (await findTerms(db, kind)) ?? {};
    const from = { ipAddress: '192.0.2.1', userAgent: 'tests' };
    const acceptance = { npn, accountId, kind, version, sha256: hash, ...from, at };
    await db.transaction().execute((tx) => acceptTerms(tx, acceptance));
  }
}

export interface ReferralFixture {
  /** Austin, Texas, unless told otherwise; the state is the ZIP's own. */
  zip?: string;
  language?: string;
  interpreter?: boolean;
  at?: Date;
  policy?: Policy;
  contact?: { name: string; phone?: string; email?: string };
  /** By phone where one is given, unless told otherwise. */
  contactBy?: ContactWay;
  /** Whether the consumer agreed to texts. */
  textConsent?: boolean;
  /** Without them no request is found by its contact. */
  contactKeys?: ContactKey[];
  contactTimes?: ContactTime[];
  /** Where the place is otherwise than the ZIP table says. */
  place?: Partial<Place>;
}

/** A consumer's request that was just taken in, as the API leaves it. */
export async function seedReferral(db: Database, about: ReferralFixture = {}): Promise<string> {
  const { zip = '78701', language = 'en', interpreter = false, at = monday, policy = aPolicy() } = about;
  const { contact = { name: 'Cora Consumer', email: 'cora@example.org' } } = about;
  const place = { ...(await placeOf(db, zip)), ...about.place } as Place & { timeZone: string };
  const { version = '' } = (await findConsentDocument(db, 'intake', 'en')) ?? {};
  const { version: textVersion = '' } = (await findConsentDocument(db, 'texts', 'en')) ?? {};
  const key = randomUUID();
  const kept = await db.transaction().execute((tx) =>
    createReferral(tx, {
      idempotencyKeys: [sha256(key)],
      requestSha256: sha256(key),
      contact,
      contactKeys: about.contactKeys ?? [],
      phoneOver: 'text',
      place,
      language,
      interpreter,
      coverageYear: 2027,
      need: 'new-coverage',
      contactBy: about.contactBy ?? (contact.phone ? 'call' : 'email'),
      contactTimes: about.contactTimes ?? [],
      policy,
      at,
      tokenSha256: (referralId) => sha256(linkToken(linkSecret, 'referral', referralId)),
      consent: { language: 'en', version, givenBy: 'adult' },
      textConsent: about.textConsent ? { language: 'en', version: textVersion, givenBy: 'adult' } : undefined,
    }),
  );
  if ('alreadyOpen' in kept) throw new Error('this contact has an open request');
  return kept.id;
}

/** A referral that an agent is asked about, and what the deeds on that offer take. */
export async function seedOffer(
  harness: Pick<ActivityHarness, 'db' | 'activities'>,
  about: ReferralFixture = {},
): Promise<{ referralId: string; offerId: string; npn: string }> {
  const referralId = await seedReferral(harness.db, about);
  const match = await harness.activities.matchReferral({
    referralId,
    at: (about.at ?? monday).toISOString(),
  });
  if (match.found !== 'offer') throw new Error(`Nobody was found for the offer: ${match.found}`);
  return { referralId, offerId: match.offer.offerId, npn: match.offer.npn };
}

/** What became of the messages about an offer, over every channel. */
export async function setDeliveryStatus(db: Database, offerId: string, status: string): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ status })
    .where('noticeId', 'in', db.selectFrom('notices').select('id').where('offerId', '=', offerId))
    .execute();
}

async function placeOf(db: Database, zip: string): Promise<Place> {
  const place = await findPlace(db, zip);
  if (!place) throw new Error(`The ZIP table has no ${zip}`);
  return place;
}
