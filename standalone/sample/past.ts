import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { NoticeToSend } from '../../domain/notifications/notices.ts';
import type { FeedKind } from '../../domain/onboarding/evidence.ts';
import { importLimitMs } from '../../domain/time-limits.ts';
import { createDatabase, createPool, importLimits } from '../../runtime/database.ts';
import { readSettings } from '../../runtime/settings.ts';
import type { Database } from '../../store/database/connection.ts';
import { setNow, underGivenClock } from '../../store/database/given-clock.ts';
import type { DB } from '../../store/database/schema.ts';
import { openKeyring } from '../../store/encryption/keyring.ts';
import { toMasterKeys } from '../../store/encryption/master-keys.ts';
import { importFeed } from '../../store/feeds/import/import-feed.ts';
import { findOrCreateDelivery } from '../../store/notifications/deliveries.ts';
import { recordProgress } from '../../store/notifications/delivery-reports.ts';
import { findTerms } from '../../store/onboarding/terms.ts';
import { filterOpenReferrals } from '../../store/ops/audit.ts';
import { deleteMessages, leaseMessages, type OutboxRow, releaseMessages } from '../../store/outbox.ts';
import { planYearsOn } from './days.ts';
import { generateFeeds, type SampleFiles } from './generate.ts';
import type { PastOptions } from './past-context.ts';
import { planPast } from './past-events.ts';
import { dayMs } from './past-requests.ts';
import { type SamplePerson, samplePeople, stuckPeople } from './sample-agents.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** Days of the past. */
const days = 30;
const hourMs = 3_600_000;

/**
 * Writes the last 30 days of a service into a database that is migrated and otherwise empty, before any worker runs: agents who
 * were onboarded and some who are stuck, requests for help with what came of them, and what ops have to look at. Plays it
 * with the commands and activities of the service, under a clock of its own. Every referral is closed at the end; the
 * workflows of onboardings go on from their rows once a worker runs, and so would those of a referral that is still open.
 * @returns false if nothing could be played: the terms were not in force yet, or the plan years have changed since, and
 * today's feeds would remove what those of the past had
 */
export async function writePast(options: PastOptions): Promise<boolean> {
  const { env, until } = options;
  const from = beginOf(until);
  if (String(yearsAt(from)) !== String(yearsAt(until))) return false;
  const settings = readSettings(env, 'sample');
  const { migrationDatabaseUrl: url, linkSecret, policy } = settings;
  const limits = importLimits(importLimitMs);
  const db = createDatabase<DB>(url, { poolSize: 1, name: 'sample', limits });
  try {
    await importFeeds(url, db, { ...options, from });
    const keyring = await openKeyring(db, toMasterKeys(settings.masterKeys));
    const play = async (clocked: Database): Promise<boolean> => {
      const clock = createVirtualClock(from);
      await setNow(clocked, from);
      if (!(await findTerms(clocked, 'terms-of-use'))) return false;
      const deliver = (notices: readonly NoticeToSend[]) => deliverAll(clocked, notices, clock.now());
      const context = { db: clocked, keyring, linkSecret, policy, clock, until, deliver };
      await planPast(context, { ...options, from });
      for (let work = clock.next(); work && clock.now() < until; work = clock.next()) {
        await setNow(clocked, clock.now());
        await work();
      }
      await dropMessagesOfClosed(clocked);
      return true;
    };
    return await db.transaction().execute((tx) => underGivenClock(tx, play));
  } finally {
    await db.destroy();
  }
}

const yearsAt = (instant: Date) => planYearsOn(Math.floor(instant.getTime() / dayMs));

/** Noon in UTC, so that what is dated with that day has come in every time zone of the agents. */
function beginOf(until: Date): Date {
  const day = Math.floor(until.getTime() / dayMs) - (days + 1);
  return new Date(day * dayMs + 12 * hourMs);
}

const { withoutCoursework, withoutHealthLine, withExpiredLink, withReturnedMail, withoutTerms, onHold } =
  stuckPeople;

/** The days on which agents complete their training, and who. */
const entries: readonly { day: number; people: readonly SamplePerson[] }[] = [
  { day: 0, people: [...samplePeople.onboarded, onHold] },
  { day: 9, people: [withoutTerms] },
  { day: 14, people: [withoutCoursework, withoutHealthLine] },
  { day: 21, people: [withExpiredLink, withReturnedMail] },
];

/**
 * Imports the feeds: at the beginning all but the trainings, which open the onboardings, and these as agents complete them.
 */
async function importFeeds(
  url: string,
  db: Database,
  { directory, seed, from }: PastOptions & { from: Date },
): Promise<void> {
  const asOf = from.toISOString().slice(0, 10);
  const pool = createPool(url, { poolSize: 1, name: 'sample' });
  const importFrom = (files: SampleFiles, kind: FeedKind, receivedAt: Date) =>
    importFeed({
      pool,
      db,
      kind,
      origin: 'command',
      source: createReadStream(files[kind].path),
      maxRemovedShare: 0,
      maxBadShare: 0,
      receivedAt,
    });
  const generate = (named: readonly SamplePerson[]) =>
    generateFeeds({ directory: join(directory, 'past'), seed, agents: 0, asOf, named });
  try {
    const all = await generate(entries.flatMap(({ people }) => people));
    for (const kind of ['registration-completions', 'terminations', 'licenses'] as const)
      await importFrom(all, kind, from);
    for (const [index, { day }] of entries.entries()) {
      const trained = entries.slice(0, index + 1).flatMap(({ people }) => people);
      await importFrom(
        await generate(trained),
        'training-completions',
        new Date(from.getTime() + day * dayMs),
      );
    }
  } finally {
    await pool.end();
  }
}

/** Has the channels of notices report that they have arrived. */
async function deliverAll(db: Database, notices: readonly NoticeToSend[], at: Date): Promise<void> {
  for (const { noticeId, channels } of notices)
    for (const channel of channels) {
      const { id: attemptId } = await findOrCreateDelivery(db, { noticeId, channel, at });
      await recordProgress(db, { attemptId, status: 'delivered', at });
    }
}

/** Takes messages about closed referrals out of the outbox, as the relay would: nothing follows them. */
async function dropMessagesOfClosed(db: Database): Promise<void> {
  await setNow(db, new Date());
  const others: OutboxRow[] = [];
  for (;;) {
    const rows = await leaseMessages(db, { bulk: false, limit: 1_000, leaseMs: hourMs });
    if (rows.length === 0) break;
    const ofReferrals = rows.flatMap((row) => ('referralId' in row.payload ? [row.payload] : []));
    const open = ofReferrals.length > 0 ? await filterOpenReferrals(db, ofReferrals) : new Set();
    const isOver = ({ payload }: OutboxRow) => 'referralId' in payload && !open.has(payload.referralId);
    await deleteMessages(db, rows.filter(isOver));
    others.push(...rows.filter((row) => !isOver(row)));
  }
  await releaseMessages(db, others);
}
