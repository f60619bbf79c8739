import { randomBytes, randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import { createOnboardingActivities } from '../../activities/onboarding.ts';
import { createReferralActivities } from '../../activities/referral.ts';
import type { Policy } from '../../domain/policy.ts';
import { termsKinds } from '../../domain/standing.ts';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database.ts';
import { eventsAfter, type StoredEvent, type Subject } from '../../store/events.ts';
import { createReferral } from '../../store/intake.ts';
import { linkToken, sha256 } from '../../store/links.ts';
import { readTermsInForce } from '../../store/onboardings.ts';
import { findPlace, type Place } from '../../store/places.ts';
import type {
  Agents,
  DB,
  Licenses,
  RegistrationCompletions,
  TrainingCompletions,
} from '../../store/schema.ts';
import { acceptTerms, findConsent, findTerms } from '../../store/terms.ts';
import { createTestDatabase } from '../support/postgres.ts';

/** A Monday morning in open enrollment, when every story here begins unless it says otherwise. */
export const monday = new Date('2026-11-23T15:00:00Z');
export const linkSecret = 'a secret of the tests';

export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => minutes(count * 60);
/** The instant so many milliseconds after Monday morning, and the same as the ISO text that deeds take. */
export const after = (ms: number) => new Date(monday.getTime() + ms);
export const textAfter = (ms: number) => after(ms).toISOString();

/** The guide's limits and windows, or others. */
export function aPolicy(change: Partial<Policy> = {}): Policy {
  return {
    version: 'tests-1',
    invitationTtlMs: hours(48),
    invitationReminderBeforeMs: hours(12),
    termsReminderAfterMs: [hours(24), hours(72)],
    offerWindowMs: minutes(15),
    followUpWindowMs: minutes(60),
    outcomeWindowMs: hours(24 * 30),
    referralBudgetMs: hours(4),
    maxOffersPerReferral: 20,
    recheckAfterMs: minutes(5),
    openOffersPerAgent: 1,
    uncontactedReferralsPerAgent: 3,
    nearMiles: 25,
    maxRemovedShare: 0.1,
    ...change,
  };
}

/** The deeds under a policy, on a database. */
export function deedsOn(db: Database, policy: Policy = aPolicy()) {
  return {
    ...createOnboardingActivities({ db, policy, linkSecret }),
    ...createReferralActivities({ db, policy }),
  };
}

/** A migrated database of the test's own, the deeds on it, and what they leave behind. */
export interface Desk {
  db: Database;
  deeds: ReturnType<typeof deedsOn>;
  events(subject: Subject): Promise<StoredEvent[]>;
  /** Kinds of all notices, oldest first; those about one subject alone where it is named. */
  notices(about?: { npn?: string; referralId?: string }): Promise<string[]>;
  /** What is to follow the commits so far; the outbox is empty afterwards. */
  takeOutbox(): Promise<{ deed: string; subject: unknown }[]>;
  close(): Promise<void>;
}

export async function openDesk(policy: Partial<Policy> = {}): Promise<Desk> {
  const database = await createTestDatabase();
  const db = createDatabase<DB>(database.url, { poolSize: 20 });
  return {
    db,
    deeds: deedsOn(db, aPolicy(policy)),
    events: (subject) => eventsAfter(db, subject, 0),
    async notices(about = {}) {
      const rows = await db
        .selectFrom('notices')
        .select('kind')
        .where((where) => where.and(about))
        .orderBy('createdAt')
        .orderBy('kind')
        .execute();
      return rows.map(({ kind }) => kind);
    },
    async takeOutbox() {
      const rows = await db.deleteFrom('outbox').returning(['id', 'deed', 'subject']).execute();
      return rows.toSorted((a, b) => a.id - b.id).map(({ deed, subject }) => ({ deed, subject }));
    },
    async close() {
      await db.destroy();
      await database.drop();
    },
  };
}

/** How far an agent has come; `unreviewed`: the feeds have brought the rows and nobody has looked at them. */
export type GivenStage = 'unreviewed' | 'awaiting-eligibility' | 'invited' | 'awaiting-terms' | 'active';

export interface AgentGiven {
  npn?: string;
  planYear?: number;
  /** `active` unless told otherwise. */
  stage?: GivenStage;
  /** Licensed there and wanting referrals there; the first is the resident one. Texas unless told otherwise. */
  states?: string[];
  languages?: string[];
  zip?: string;
  /** When all of this happened. */
  at?: Date;
  /** What the feeds say otherwise than usual. */
  registration?: Partial<Insertable<RegistrationCompletions>>;
  training?: Partial<Insertable<TrainingCompletions>>;
  license?: Partial<Insertable<Licenses>>;
  /** What the agent's own row says otherwise, from registration on. */
  agent?: Partial<Insertable<Agents>>;
}

let lastNpn = 1000;

/** An agent who has come as far as told, by the evidence and the deeds that lead there. */
export async function givenAgent(
  db: Database,
  about: AgentGiven = {},
): Promise<{ npn: string; planYear: number }> {
  lastNpn += 1;
  const { npn = `${lastNpn}`, planYear = 2027, stage = 'active', at = monday } = about;
  await givenEvidence(db, { ...about, npn, planYear });
  await db
    .insertInto('onboardings')
    .values({ npn, planYear, since: at, createdAt: at })
    .onConflict((row) => row.doNothing())
    .execute();
  const deeds = deedsOn(db);
  const key = { npn, planYear, at: at.toISOString() };
  if (stage === 'unreviewed') return { npn, planYear };
  if (stage === 'invited') await deeds.inviteAgent(key);
  else await deeds.reviewOnboarding(key);
  if (stage === 'invited' || stage === 'awaiting-eligibility') return { npn, planYear };
  await givenAccount(db, { npn, at, zip: about.zip ?? '78701', agent: about.agent ?? {} });
  await deeds.reviewOnboarding(key);
  if (stage === 'awaiting-terms') return { npn, planYear };
  await givenTermsAccepted(db, npn, at);
  await deeds.reviewOnboarding(key);
  return { npn, planYear };
}

/** The rows that the feeds bring of an agent who fulfills every condition; rows that are there are replaced. */
export async function givenEvidence(
  db: Database,
  about: AgentGiven & { npn: string; planYear: number },
): Promise<void> {
  const { npn, planYear, states = ['TX'], languages = ['en'] } = about;
  const source = { npn, releaseId: await givenRelease(db), changedAt: monday };
  await replace(db, 'registrationCompletions', {
    ...source,
    planYear,
    completedOn: `${planYear - 1}-09-14`,
    endsOn: `${planYear}-12-31`,
    npnValid: 'Y',
    npnValidKept: 'Y',
    ...about.registration,
  });
  const trainedOn = `${planYear - 1}-09-12`;
  await replace(db, 'trainingCompletions', {
    ...source,
    planYear,
    languages,
    statesWanted: states,
    newToMarketplace: false,
    firstName: 'Ada',
    lastName: 'Alder',
    email: `agent-${npn}@example.com`,
    marketplaceRegisteredOn: trainedOn,
    marketplaceTrainedOn: trainedOn,
    cmsAgreementsSignedOn: trainedOn,
    courseworkCompletedOn: trainedOn,
    niprValidatedOn: trainedOn,
    ...about.training,
  });
  await db.deleteFrom('licenses').where('npn', '=', npn).execute();
  for (const [index, state] of states.entries()) {
    await db
      .insertInto('licenses')
      .values({
        ...source,
        state,
        licenseNumber: `${npn}-${index}`,
        licenseClass: 'Producer',
        resident: index === 0,
        active: true,
        issuedOn: '2020-01-15',
        expiresOn: null,
        lineCode: '16',
        lineOfAuthority: 'Health',
        lineActive: true,
        ...about.license,
      })
      .execute();
  }
}

async function replace<Table extends 'registrationCompletions' | 'trainingCompletions'>(
  db: Database,
  table: Table,
  row: Insertable<DB[Table]> & { npn: string; planYear: number },
): Promise<void> {
  await db
    .deleteFrom(table as 'trainingCompletions')
    .where('npn', '=', row.npn)
    .where('planYear', '=', row.planYear)
    .execute();
  await db.insertInto(table).values(row).execute();
}

async function givenRelease(db: Database): Promise<string> {
  const counts = { bytes: 0, added: 0, changed: 0, removed: 0, unchanged: 0, bad: 0 };
  const { id } = await db
    .insertInto('feedReleases')
    .values({ kind: 'licenses', sha256: randomBytes(32).toString('hex'), ...counts, receivedAt: monday })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function givenAccount(
  db: Database,
  about: { npn: string; at: Date; zip: string; agent: AgentGiven['agent'] },
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
export async function givenTermsAccepted(db: Database, npn: string, at: Date = monday): Promise<void> {
  const { id: accountId } = await db
    .selectFrom('accounts')
    .select('id')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const inForce = await readTermsInForce(db);
  for (const kind of termsKinds) {
    const { sha256: hash = '' } = (await findTerms(db, kind)) ?? {};
    const from = { ipAddress: '192.0.2.1', userAgent: 'tests' };
    const acceptance = { npn, accountId, kind, version: inForce[kind], sha256: hash, ...from, at };
    await db.transaction().execute((tx) => acceptTerms(tx, acceptance));
  }
}

export interface ReferralGiven {
  /** Austin, Texas, unless told otherwise; the state is the ZIP's own. */
  zip?: string;
  language?: string;
  interpreter?: boolean;
  at?: Date;
  policy?: Policy;
  contact?: { name: string; phone?: string; email?: string };
  /** Where the place is otherwise than the ZIP table says. */
  place?: Partial<Place>;
}

/** A consumer's request that was just taken in, as the API leaves it. */
export async function givenReferral(db: Database, about: ReferralGiven = {}): Promise<string> {
  const { zip = '78701', language = 'en', interpreter = false, at = monday, policy = aPolicy() } = about;
  const { contact = { name: 'Cora Consumer', email: 'cora@example.org' } } = about;
  const place = { ...(await placeOf(db, zip)), ...about.place } as Place & { timeZone: string };
  const { version = '' } = (await findConsent(db, 'en')) ?? {};
  const key = randomUUID();
  const { id } = await db.transaction().execute((tx) =>
    createReferral(tx, {
      idempotencyKeySha256: sha256(key),
      requestSha256: sha256(key),
      contact,
      place,
      language,
      interpreter,
      coverageYear: 2027,
      need: 'new-coverage',
      policy,
      at,
      tokenSha256: (referralId) => sha256(linkToken(linkSecret, 'referral', referralId)),
      consent: { language: 'en', version, givenBy: 'adult' },
    }),
  );
  return id;
}

/** A referral that an agent is asked about, and what the deeds on that offer take. */
export async function givenOffer(
  desk: Pick<Desk, 'db' | 'deeds'>,
  about: ReferralGiven = {},
): Promise<{ referralId: string; offerId: string; npn: string }> {
  const referralId = await givenReferral(desk.db, about);
  const match = await desk.deeds.matchReferral({ referralId, at: (about.at ?? monday).toISOString() });
  if (match.found !== 'offer') throw new Error(`Nobody was found for the offer: ${match.found}`);
  return { referralId, offerId: match.offer.offerId, npn: match.offer.npn };
}

/** What became of the messages about an offer, over every channel. */
export async function givenDeliveries(db: Database, offerId: string, status: string): Promise<void> {
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
