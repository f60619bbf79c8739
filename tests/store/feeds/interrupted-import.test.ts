import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FeedHarness, openFeedHarness } from './feed-harness.ts';
import { csv, terminationCsvRow } from './files.ts';
import { pausedSource } from './paused-source.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

const rows = [terminationCsvRow({ npn: '1001' }), terminationCsvRow({ npn: '1002' })];

/** Expects the data from before, both now and in the next import. */
async function expectNothingChanged() {
  expect(await harness.put('terminations', rows)).toMatchObject({ added: 2, changed: 0, removed: 0 });
  expect(await harness.query('select count(*)::int as releases from feed_releases')).toEqual([
    { releases: 1 },
  ]);
  expect(await harness.query('select ended_as from feed_imports order by alive_at')).toEqual([
    { ended_as: 'interrupted' },
    { ended_as: 'imported' },
  ]);
}

describe('an import that is broken off leaves the data as it was', () => {
  test('while it reads', async () => {
    const stopping = new AbortController();
    const paused = pausedSource(csv('terminations', ...rows));
    const { source } = paused;
    const broken = harness.put('terminations', [], { source, signal: stopping.signal });
    await paused.reached;
    stopping.abort(new Error('somebody stopped it'));
    await expect(broken).rejects.toThrow('somebody stopped it');
    paused.resume();
    await expectNothingChanged();
  });

  test('while it writes', async () => {
    const stopping = new AbortController();
    const other = await harness.pool.connect();
    await other.query('begin; lock table terminations in share mode');
    const broken = harness.put('terminations', rows, { signal: stopping.signal });
    await harness.untilLockWait();
    stopping.abort(new Error('somebody stopped it'));
    await expect(broken).rejects.toThrow('somebody stopped it');
    await other.query('commit');
    other.release();
    await expectNothingChanged();
  });

  test('while it waits for a connection', async () => {
    const stopping = new AbortController();
    const others = await Promise.all(
      Array.from({ length: harness.pool.options.max }, () => harness.pool.connect()),
    );
    const broken = harness.put('terminations', rows, { signal: stopping.signal });
    stopping.abort(new Error('somebody stopped it'));
    await expect(broken).rejects.toThrow('somebody stopped it');
    for (const other of others) other.release();
    await expectNothingChanged();
  });

  test('before it began', async () => {
    const broken = harness.put('terminations', rows, { signal: AbortSignal.abort(new Error('too late')) });
    await expect(broken).rejects.toThrow('too late');
    await expectNothingChanged();
  });
});

test('an import that is broken off while it waits for another does not disturb that one', async () => {
  const stopping = new AbortController();
  const paused = pausedSource(csv('terminations', ...rows));
  const first = harness.put('terminations', [], { source: paused.source });
  await paused.reached;
  const second = harness.put('terminations', [], { signal: stopping.signal });
  await harness.untilLockWait();
  stopping.abort(new Error('somebody stopped it'));
  await expect(second).rejects.toThrow('somebody stopped it');
  paused.resume();
  expect(await first).toMatchObject({ added: 2 });
});
