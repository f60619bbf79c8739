import { createOnboardingActivities } from '../../activities/onboarding/onboarding.ts';
import { createReferralActivities } from '../../activities/referrals/referral.ts';
import { defaultPolicy, type Policy } from '../../domain/policy.ts';
import { createDatabase } from '../../runtime/database.ts';
import type { Database } from '../../store/database/connection.ts';
import type { DB } from '../../store/database/schema.ts';
import { type EventSubject, readEventsAfter, type StoredEvent } from '../../store/events.ts';
import { keyring } from './keyring.ts';
import { createTestDatabase } from './servers/postgres.ts';

/** A Monday morning in open enrollment, the default start of every test here. */
export const monday = new Date('2026-11-23T15:00:00Z');
export const linkSecret = 'a secret of the tests';

export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => minutes(count * 60);
/** The instant `ms` milliseconds after `monday`. */
export const after = (ms: number) => new Date(monday.getTime() + ms);
/** The same instant as the ISO text that activities take. */
export const textAfter = (ms: number) => after(ms).toISOString();

/**
 * The policy of most tests: the default, without codes and quiet hours, which few tests are about, and with the changes
 * of a test.
 */
export function aPolicy(change: Partial<Policy> = {}): Policy {
  return {
    ...defaultPolicy,
    version: 'tests-1',
    invitationRetryAfterMs: [hours(4), hours(24)],
    termsReminderAfterMs: [hours(24), hours(72)],
    textHours: [],
    confirmConsumerContact: false,
    recheckAfterMs: minutes(5),
    requireConfirmedPhone: false,
    ...change,
  };
}

/** A clock behind every instant of these tests, so that the instants they pass to an activity are its own. */
export const slowClock = () => new Date(0);

/** The onboarding and referral activities on a database, under a policy, in a process with this clock. */
export function activitiesOn(db: Database, policy: Policy = aPolicy(), now: () => Date = slowClock) {
  return {
    ...createOnboardingActivities({ db, policy, linkSecret, keyring, now }),
    ...createReferralActivities({ db, policy, keyring, now }),
  };
}

/** A migrated database of the test's own, the activities on it, and readers of what they wrote. */
export interface ActivityHarness {
  url: string;
  /** With the owner of the tables. */
  ownerUrl: string;
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
    ownerUrl: database.ownerUrl,
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
