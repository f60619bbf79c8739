import { createReadStream } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createReviewActivities, type ReviewAllResult } from '../activities/onboarding/review-all.ts';
import type { FeedKind } from '../domain/onboarding/evidence.ts';
import type { OnboardingId } from '../domain/onboarding/onboarding-id.ts';
import { readSettings } from '../runtime/settings.ts';
import { generateFeeds } from '../standalone/sample/generate.ts';
import { readEvidenceOfMany } from '../store/feeds/evidence.ts';
import { importFeed } from '../store/feeds/import/import-feed.ts';
import { openOnboardingsAfter } from '../store/onboarding/onboardings.ts';
import { type Figure, type Say, secondsOf } from './figures.ts';
import { type Bench, onBench } from './postgres.ts';

const agents = 100_000;
const pageSize = 1_000;
const asOf = '2026-11-23';
const at = `${asOf}T15:00:00Z`;
const kinds: readonly FeedKind[] = [
  'registration-completions',
  'terminations',
  'training-completions',
  'licenses',
];

/**
 * Compares a review of 100,000 agents with only reading their evidence, and checks that it can be interrupted. None has
 * been reviewed before, so that all are woken: the most work that a review can have.
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
    const { policy } = readSettings({ DATABASE_URL: bench.url }, 'bench');
    await bench.pool.query('truncate outbox; analyze');

    const reading = await secondsOf(() => readEvidenceOfAll(bench));
    const { reviewAll } = createReviewActivities({ db: bench.db, policy, log: console, pageSize });
    let whole: ReviewAllResult | undefined;
    const seconds = await secondsOf(async () => {
      whole = await new MockActivityEnvironment().run(reviewAll, { at });
    });
    expectAll(whole, open);
    expectAll(await reviewInterrupted(reviewAll), open);
    say(
      `${open} onboardings: evidence read in ${reading.toFixed(1)} s, reviewed in ${seconds.toFixed(1)} s; after an interruption each was reviewed once`,
    );
    const baseline = 'reading the evidence';
    return [
      { name: `review of ${agents} agents`, baseline, value: seconds / reading, max: 4, unit: 'times' },
    ];
  });
}

type ReviewAll = (request: { at: string }) => Promise<ReviewAllResult>;

/** Cancels a review after 50 pages, then runs a second attempt from the last heartbeat. */
async function reviewInterrupted(reviewAll: ReviewAll): Promise<ReviewAllResult> {
  const first = new MockActivityEnvironment();
  let pages = 0;
  let last: unknown;
  first.on('heartbeat', (progress: unknown) => {
    last = progress;
    pages += 1;
    if (pages === 50) first.cancel();
  });
  await first.run(reviewAll, { at }).catch(() => undefined);
  return new MockActivityEnvironment({ heartbeatDetails: last }).run(reviewAll, { at });
}

function expectAll(done: ReviewAllResult | undefined, open: number): void {
  if (done?.reviewed !== open || done.woken !== open)
    throw new Error(`reviewed ${done?.reviewed} of ${open}, woke ${done?.woken}`);
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

async function readEvidenceOfAll(bench: Bench): Promise<void> {
  for await (const keys of everyPage(bench)) await readEvidenceOfMany(bench.db, keys);
}

async function* everyPage({ db }: Pick<Bench, 'db'>): AsyncGenerator<OnboardingId[]> {
  for (let after: OnboardingId | undefined; ; ) {
    const keys = await openOnboardingsAfter(db, after, pageSize);
    if (keys.length > 0) yield keys;
    if (keys.length < pageSize) return;
    after = keys.at(-1);
  }
}
