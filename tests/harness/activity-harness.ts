import { createOnboardingActivities } from '../../activities/onboarding/onboarding.ts';
import { createReferralActivities } from '../../activities/referrals/referral.ts';
import type { Policy } from '../../domain/policy.ts';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { type EventSubject, readEventsAfter, type StoredEvent } from '../../store/events.ts';
import { createTestDatabase } from './postgres.ts';

/** A Monday morning in open enrollment, the default start of every test here. */
export const monday = new Date('2026-11-23T15:00:00Z');
export const linkSecret = 'a secret of the tests';

export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => minutes(count * 60);
/** The instant `ms` milliseconds after `monday`. */
export const after = (ms: number) => new Date(monday.getTime() + ms);
/** The same instant as the ISO text that activities take. */
export const textAfter = (ms: number) => after(ms).toISOString();

/** The guide's limits and windows, with the changes of a test. */
export function aPolicy(change: Partial<Policy> = {}): Policy {
  return {
    version: 'tests-1',
    invitationTtlMs: hours(48),
    invitationReminderBeforeMs: hours(12),
    invitationRetryAfterMs: [hours(4), hours(24)],
    invitationLateAfter: { businessDays: 2 },
    endWarningBeforeMs: [60, 30, 7].map((days) => hours(24 * days)),
    termsReminderAfterMs: [hours(24), hours(72)],
    offerWindowMs: minutes(15),
    minContactAttempts: 3,
    contactCorrectionWindowMs: 3 * hours(24),
    maxDeferralMs: 120 * hours(24),
    followUpWindowMs: minutes(60),
    outcomeWindowMs: hours(24 * 30),
    referralBudgetMs: hours(4),
    maxOffersPerReferral: 20,
    serviceCalendar: { hours: [], closedSeasons: [] },
    textHours: [],
    confirmConsumerContact: false,
    unconfirmedTtlMs: hours(1),
    recheckAfterMs: minutes(5),
    openOffersPerAgent: 1,
    uncontactedReferralsPerAgent: 3,
    nearMiles: 25,
    fartherMiles: 100,
    maxRemovedShare: 0.1,
    maxBadShare: 0.5,
    phoneCheckAfterMs: [minutes(15), hours(1), hours(6), hours(24)],
    licenseLookupAfterMs: [hours(1), hours(4), hours(12), hours(24), hours(48)],
    phoneCodeTtlMs: minutes(10),
    phoneCodeTries: 5,
    requireConfirmedPhone: false,
    ...change,
  };
}

/** The onboarding and referral activities on a database, under a policy. */
export function activitiesOn(db: Database, policy: Policy = aPolicy()) {
  return {
    ...createOnboardingActivities({ db, policy, linkSecret }),
    ...createReferralActivities({ db, policy }),
  };
}

/** A migrated database of the test's own, the activities on it, and readers of what they wrote. */
export interface ActivityHarness {
  url: string;
  db: Database;
  activities: ReturnType<typeof activitiesOn>;
  events(subject: EventSubject): Promise<StoredEvent[]>;
  /** Kinds of all notices, oldest first, or only of those about one agent or referral. */
  notices(about?: { npn?: string; referralId?: string }): Promise<string[]>;
  /** Removes and returns the messages in the outbox, oldest first. */
  drainOutbox(): Promise<{ type: string; payload: unknown }[]>;
  close(): Promise<void>;
}

export async function openActivityHarness(policy: Partial<Policy> = {}): Promise<ActivityHarness> {
  const database = await createTestDatabase();
  const db = createDatabase<DB>(database.url, { poolSize: 20 });
  return {
    url: database.url,
    db,
    activities: activitiesOn(db, aPolicy(policy)),
    events: (subject) => readEventsAfter(db, subject, 0),
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
    async drainOutbox() {
      const rows = await db.deleteFrom('outbox').returning(['id', 'type', 'payload']).execute();
      return rows.toSorted((a, b) => a.id - b.id).map(({ type, payload }) => ({ type, payload }));
    },
    async close() {
      await db.destroy();
      await database.drop();
    },
  };
}
