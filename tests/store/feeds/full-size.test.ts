import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FeedHarness, openFeedHarness } from './feed-harness.ts';
import { csv, registrationCsvRow } from './files.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

/** Number of rows of the public list. */
const rows = 170_000;
const npns = Array.from({ length: rows }, (_, n) => String(1_000_001 + n));
const isChanged = (npn: string) => Number(npn) % 340 === 0;

function put(npnValidOf: (npn: string) => string) {
  const text = npns.map((npn) => `${registrationCsvRow({ npn, npnValid: npnValidOf(npn) })}\n`).join('');
  const source = Readable.from([Buffer.from(`${csv('registration-completions')}${text}`)]);
  return harness.put('registration-completions', [], { source });
}

test('of 170,000 rows 500 differ: 500 are woken, and every one of those rows names the new release', async () => {
  expect(await put(() => 'Y')).toMatchObject({ added: rows, bad: 0 });
  await harness.query(`insert into onboardings (npn, plan_year, since, created_at)
                  select npn, plan_year, changed_at, changed_at from registration_completions`);

  const report = await put((npn) => (isChanged(npn) ? 'N' : 'Y'));

  expect(report).toMatchObject({ added: 0, changed: 500, removed: 0, unchanged: rows - 500, bad: 0 });
  const changed = npns.filter(isChanged);
  expect(await harness.drainOutbox()).toEqual(changed.map((npn) => `wake-onboarding ${npn} 2027`));
  const named = 'select npn from registration_completions where release_id = $1 order by npn';
  expect(await harness.query(named, [report.releaseId])).toEqual(changed.map((npn) => ({ npn })));

  expect(await put((npn) => (isChanged(npn) ? 'N' : 'Y'))).toMatchObject({ changed: 0, unchanged: rows });
  expect(await harness.drainOutbox()).toEqual([]);
});
