import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { conditionsOn, licensedStatesOn } from '../../../domain/onboarding/conditions.ts';
import { readUnmappedLinesOfAuthority } from '../../../store/feeds/lines-of-authority.ts';
import { readFacts } from '../../../store/onboarding/facts.ts';
import { type FeedHarness, openFeedHarness } from './feed-harness.ts';
import { licenseCsvRow, registrationCsvRow, trainingCsvRow } from './files.ts';

const day = '2026-11-23';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

/** Reads whether the agent of the feeds is licensed, why not, and where. */
async function licensed() {
  const known = await readFacts(harness.db, { npn: '1001', planYear: 2027 });
  if (!known) throw new Error('The feeds have started no onboarding.');
  const condition = conditionsOn(day, known.facts).find(({ name }) => name === 'licensed-with-health-line');
  return { met: condition?.met, because: condition?.because, states: licensedStatesOn(day, known.facts) };
}

test('a line of authority that nobody has classified is imported and reported, and counts for nothing, even if it sounds like health', async () => {
  // this code belongs to a line of authority that counts, but codes are only informative
  const row = licenseCsvRow({ code: '10', line: 'Health Care Service Contractor' });
  expect(await harness.put('licenses', [row])).toMatchObject({ added: 1, bad: 0, badRows: [] });
  await harness.put('registration-completions', [registrationCsvRow()]);
  await harness.put('training-completions', [trainingCsvRow()]);
  await harness.db
    .insertInto('onboardings')
    .values({ npn: '1001', planYear: 2027, since: new Date(day), createdAt: new Date(day) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  expect(await readUnmappedLinesOfAuthority(harness.db)).toEqual([
    { state: 'TX', name: 'health care service contractor', licenses: 1, agents: 1 },
  ]);
  expect(await licensed()).toEqual({ met: false, because: 'line-unknown', states: [] });

  const known = licenseCsvRow({ line: 'Health' });
  expect(await harness.put('licenses', [row, known])).toMatchObject({ added: 1, unchanged: 1, bad: 0 });
  expect(await licensed()).toEqual({ met: true, because: null, states: ['TX'] });
  expect(await readUnmappedLinesOfAuthority(harness.db)).toHaveLength(1);
});
