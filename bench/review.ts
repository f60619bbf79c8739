import { createReadStream } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createReviewActivities, type ReviewAllResult } from '../activities/onboarding/review-all.ts';
import type { FeedKind } from '../domain/onboarding/evidence.ts';
import type { OnboardingId } from '../domain/onboarding/onboarding-id.ts';
import { readSettings } from '../runtime/settings.ts';
import { generateFeeds } from '../standalone/sample/generate.ts';
import { readEvidenceOfMany } from '../store/feeds/evidence.ts';
import { importFeed } from '../store/feeds/import/import-feed.ts';
import { countQueries } from './count-queries.ts';
import { withEventLoopDelay } from './event-loop.ts';
import { type Figure, type Say, secondsOf } from './figures.ts';
import { type Bench, onBench } from './postgres.ts';

const agents = 170_000;
const pageSize = 200;
const asOf = '2026-11-23';
const at = `${asOf}T15:00:00Z`;
const hourSeconds = 3_600;
const kinds: readonly FeedKind[] = [
  'registration-completions',
  'terminations',
  'training-completions',
  'licenses',
];

/**
 * Measures the scheduled review at 170,000 agents: the run after a release, which compares everyone, against only reading
 * their evidence, and the run of every other hour. None has been reviewed before, so that all that are compared are
 * woken: the most work that a review can have.
 */
export async function measureReview(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onBench(signal, async (bench) => {
    say(`generating the feeds of ${agents} agents`);
    const files = await generateFeeds({ directory: bench.folder, seed: 1, agents, asOf });
    for (const kind of kinds) await importSampleFeed(bench, kind, files[kind].path);
    const { rows } = await bench.pool.query<{ open: number }>(
      'select count(*)::integer as open from onboardings where closed_at is null',
    );
    const open = rows[0]?.open ?? 0;
    await bench.pool.query('truncate outbox; analyze');

    const reading = 10 * (await secondsOf(() => readEvidenceOfTenth(bench)));
    const all = await review(bench);
    if (all.done.reviewed !== open || all.done.woken !== open)
      throw new Error(`reviewed ${all.done.reviewed} of ${open}, woke ${all.done.woken}`);
    // the agents of one run in twenty are overdue for nothing but their turn
    await bench.pool.query(`truncate outbox; update onboardings set reviewed_at = '${at}'; analyze`);
    const hourly = await review(bench);
    say(
      `${open} onboardings: evidence read in ${reading.toFixed(1)} s, all reviewed in ${all.seconds.toFixed(1)} s in ${all.queries} queries; ` +
        `an hourly run reviews ${hourly.done.reviewed} in ${hourly.seconds.toFixed(1)} s; ` +
        `event loop late by ${all.delay.p999.toFixed(0)} ms (99.9 %), ${all.delay.max.toFixed(0)} ms at most`,
    );
    const share = (seconds: number) => (100 * seconds) / hourSeconds;
    const pages = Math.ceil(open / pageSize);
    return [
      {
        name: `review of ${agents} agents`,
        baseline: 'reading the evidence',
        value: all.seconds / reading,
        // a page reads four more tables, asks the outbox, and computes
        max: 6,
        unit: 'times',
      },
      {
        name: 'review after a release',
        baseline: 'of the hour between two runs',
        value: share(all.seconds),
        max: 20,
        unit: '%',
      },
      {
        name: 'review of any other hour',
        baseline: 'of the hour between two runs',
        value: share(hourly.seconds),
        max: 2,
        unit: '%',
      },
      {
        name: 'event loop during a review',
        baseline: 'held at a time (99.9 %)',
        value: all.delay.heldMs,
        max: 50,
        unit: 'ms of CPU',
      },
      {
        name: 'queries of a review',
        baseline: `a page of ${pageSize}`,
        value: all.queries / pages,
        max: 8,
        unit: 'queries',
      },
    ];
  });
}

/** Runs the review once, counting its queries. */
async function review({ db, url }: Bench) {
  const { policy } = readSettings({ DATABASE_URL: url }, 'bench');
  const counter = countQueries(db);
  const { reviewAll } = createReviewActivities({
    db: counter.db,
    policy,
    log: console,
    rules: 'bench',
    pageSize,
  });
  let done: ReviewAllResult = { reviewed: 0, woken: 0 };
  const { result: seconds, delay } = await withEventLoopDelay(() =>
    secondsOf(async () => {
      done = await new MockActivityEnvironment().run(reviewAll, { at });
    }),
  );
  return { done, seconds, delay, queries: counter.queries() };
}

async function importSampleFeed({ pool, db }: Bench, kind: FeedKind, path: string): Promise<void> {
  const source = createReadStream(path);
  const receivedAt = new Date(`${asOf}T10:00:00Z`);
  await importFeed({
    pool,
    db,
    kind,
    origin: 'command',
    source,
    maxRemovedShare: 1,
    maxBadShare: 0,
    receivedAt,
  });
}

/** Reads the evidence of a tenth of the agents, by the last digit of their NPNs. */
async function readEvidenceOfTenth(bench: Bench): Promise<void> {
  for await (const keys of pagesOfTenth(bench)) await readEvidenceOfMany(bench.db, keys);
}

async function* pagesOfTenth({ pool }: Pick<Bench, 'pool'>): AsyncGenerator<OnboardingId[]> {
  for (let after: OnboardingId = { npn: '', planYear: 0 }; ; ) {
    const { rows } = await pool.query<OnboardingId>(
      `select npn, plan_year as "planYear" from onboardings
       where closed_at is null and right(npn, 1) = '7' and (npn, plan_year) > ($1, $2)
       order by npn, plan_year limit ${pageSize}`,
      [after.npn, after.planYear],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last;
  }
}
