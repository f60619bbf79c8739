import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { AgentWish } from '../../../domain/matching/agent-wish.ts';
import type { AgentChannel } from '../../../domain/notifications/contact.ts';
import type { DeliveryStatus } from '../../../domain/notifications/notices.ts';
import { termsKinds } from '../../../domain/onboarding/facts.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { ContactTime, ContactWay } from '../../../domain/referrals/contact-times.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { Agents } from '../../../store/database/schema.ts';
import { acceptTerms, findConsentDocument, findTerms } from '../../../store/onboarding/terms.ts';
import type { ContactKey } from '../../../store/referrals/contacts/contact-keys.ts';
import { createReferral } from '../../../store/referrals/intake.ts';
import { linkToken, sha256 } from '../../../store/tokens.ts';
import { findPlace, type Place } from '../../../store/zip-codes.ts';
import { type ActivityHarness, activitiesOn, aPolicy, linkSecret, monday } from '../activity-harness.ts';
import { keyring } from '../keyring.ts';
import { type EvidenceFixture, seedEvidence } from './evidence-fixtures.ts';

/** Progress of an agent; `unreviewed`: the feed rows exist and no review has run. */
export type FixtureStage = 'unreviewed' | 'awaiting-eligibility' | 'invited' | 'awaiting-terms' | 'active';

export interface AgentFixture extends EvidenceFixture {
  npn?: string;
  planYear?: number;
  /** `active` by default. */
  stage?: FixtureStage;
  zip?: string;
  /** Instant of everything seeded. */
  at?: Date;
  /** Changed columns of the agent's row, from registration on. */
  agent?: Partial<Insertable<Agents>>;
}

let lastNpn = 1000;

/** Seeds an agent up to a stage, through the evidence and activities that lead there. */
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
  const activities = activitiesOn(db);
  const key = { npn, planYear, at: at.toISOString() };
  if (stage === 'unreviewed') return { npn, planYear };
  if (stage === 'invited') await activities.inviteAgent(key);
  else await activities.reviewOnboarding(key);
  if (stage === 'invited' || stage === 'awaiting-eligibility') return { npn, planYear };
  await seedAccount(db, { npn, at, zip: about.zip ?? '78701', agent: about.agent ?? {} });
  await activities.reviewOnboarding(key);
  if (stage === 'awaiting-terms') return { npn, planYear };
  await seedAcceptedTerms(db, npn, at);
  await activities.reviewOnboarding(key);
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

/** Accepts both sets of terms in force. The outbox then holds the message that wakes the onboarding. */
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
  /** Austin, Texas by default. The state follows from the ZIP. */
  zip?: string;
  language?: string;
  interpreter?: boolean;
  at?: Date;
  policy?: Policy;
  contact?: { name: string; phone?: string; email?: string };
  /** By phone where there is one, else by email. */
  contactBy?: ContactWay;
  /** True where the consumer agreed to texts. */
  textConsent?: boolean;
  /** Keys by which a later request of the same contact finds this one. None by default. */
  contactKeys?: ContactKey[];
  contactTimes?: ContactTime[];
  /** The agent whom the consumer wants to be asked first. */
  agentWish?: AgentWish;
  /** Differences from the ZIP table's place. */
  place?: Partial<Place>;
}

/** Seeds a consumer's referral as the API creates it, and returns its id. */
export async function seedReferral(db: Database, about: ReferralFixture = {}): Promise<string> {
  const { zip = '78701', language = 'en', interpreter = false, at = monday, policy = aPolicy() } = about;
  const { contact = { name: 'Cora Consumer', email: 'cora@example.org' } } = about;
  const place = { ...(await placeOf(db, zip)), ...about.place } as Place & { timeZone: string };
  const { version = '' } = (await findConsentDocument(db, 'intake', 'en')) ?? {};
  const { version: textVersion = '' } = (await findConsentDocument(db, 'texts', 'en')) ?? {};
  const key = randomUUID();
  const created = await db.transaction().execute((tx) =>
    createReferral(tx, keyring, {
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
      agentWish: about.agentWish,
      policy,
      at,
      tokenSha256: (referralId) => sha256(linkToken(linkSecret, 'referral', referralId)),
      consent: { language: 'en', version, givenBy: 'adult' },
      textConsent: about.textConsent ? { language: 'en', version: textVersion, givenBy: 'adult' } : undefined,
    }),
  );
  if ('alreadyOpen' in created) throw new Error('This contact has an open request');
  return created.id;
}

/** Seeds a referral that has looked for an agent and found none, so it waits to be woken. */
export async function seedWaitingReferral(db: Database, about: ReferralFixture = {}): Promise<string> {
  const id = await seedReferral(db, about);
  await db
    .updateTable('referrals')
    .set({ causes: ['nobody-available'] })
    .where('id', '=', id)
    .execute();
  return id;
}

/** Seeds a referral that is offered to an agent, and returns the ids that activities on the offer take. */
export async function seedOffer(
  harness: Pick<ActivityHarness, 'db' | 'activities'>,
  about: ReferralFixture = {},
): Promise<{ referralId: string; offerId: string; npn: string }> {
  const referralId = await seedReferral(harness.db, about);
  const match = await harness.activities.matchReferral({
    woken: true,
    referralId,
    at: (about.at ?? monday).toISOString(),
  });
  if (match.found !== 'offer') throw new Error(`No agent was found for the offer: ${match.found}`);
  return { referralId, offerId: match.offer.offerId, npn: match.offer.npn };
}

/** Sets the status of an offer's messages on every channel. */
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

export interface SeededDelivery {
  npn: string;
  channel: AgentChannel;
  status: DeliveryStatus;
  at: Date;
  toAddress?: string | null;
}

/** A message to an agent with what became of it over one channel. */
export async function seedDelivery(
  db: Database,
  { npn, channel, status, at, toAddress = null }: SeededDelivery,
): Promise<void> {
  const id = randomUUID();
  const notice = { id, kind: 'test-offer', npn, language: 'en', createdAt: at, dedupeKey: id, toAddress };
  await db.insertInto('notices').values(notice).execute();
  await db
    .insertInto('deliveries')
    .values({ id: randomUUID(), noticeId: id, channel, status, changedAt: at })
    .execute();
}
