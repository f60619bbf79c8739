import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type ActivityHarness,
  minutes,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';
import { seedAgent, seedReferral, setDeliveryStatus } from '../../harness/people/fixtures.ts';
import { countStatements } from '../../harness/statements.ts';

let harness: ActivityHarness;
beforeEach(async () => {
  harness = await openActivityHarness();
});
afterEach(() => harness.close());

/** Counts the statements of steps that follow each other, by the name of each step. */
async function countedSteps(steps: readonly (readonly [string, () => Promise<unknown>])[]) {
  const counted: Record<string, number> = {};
  for (const [name, step] of steps) counted[name] = await countStatements(step);
  return counted;
}

/** Matches a referral a number of minutes after the first instant. @returns the offer, for the activities on it */
async function match(referralId: string, after: number) {
  const found = await harness.activities.matchReferral({
    referralId,
    at: textAfter(minutes(after)),
    woken: false,
  });
  if (found.found !== 'offer') throw new Error('An agent is free');
  return { referralId, offerId: found.offer.offerId };
}

test('a referral costs so many statements, begin and commit among them, from the first match to its close', async () => {
  const { activities } = harness;
  for (let count = 0; count < 2; count += 1) await seedAgent(harness.db);
  const referralId = await seedReferral(harness.db);
  let offer = { referralId, offerId: '' };
  const at = (after: number) => ({ ...offer, at: textAfter(minutes(after)) });
  const ask = async (after: number) => {
    offer = await match(referralId, after);
  };
  const counted = await countedSteps([
    ['match: an offer', () => ask(0)],
    ['nudge', () => activities.nudgeAgent(at(5))],
    [
      'end: declined',
      () => activities.endOffer({ ...at(6), end: 'declined', by: 'agent', reason: 'too-busy' }),
    ],
    ['match: another offer', () => ask(6)],
    ['accept', () => activities.acceptOffer(at(7))],
    ['remind', () => activities.remindOfContact(at(37))],
    ['outcome: contacted', () => activities.recordOutcome({ ...at(40), outcome: 'contacted' })],
    ['outcome: enrolled', () => activities.recordOutcome({ ...at(50), outcome: 'enrolled' })],
    ['end: closed', () => activities.endOffer({ ...at(50), end: 'closed', by: 'agent' })],
    ['close', () => activities.closeReferral({ ...at(50), stage: 'closed', outcome: 'enrolled' })],
  ]);
  expect(counted).toEqual({
    'match: an offer': 9,
    nudge: 7,
    'end: declined': 6,
    'match: another offer': 9,
    accept: 7,
    remind: 7,
    'outcome: contacted': 7,
    'outcome: enrolled': 6,
    'end: closed': 6,
    close: 6,
  });
});

test('so do a search that finds nobody, an offer that expires and one that its agent loses after acceptance', async () => {
  const { activities } = harness;
  const referralId = await seedReferral(harness.db);
  const look = { referralId, at: textAfter(0), woken: false };
  const searched = await countedSteps([
    ['match: nobody, twice', () => activities.matchReferral(look)],
    ['match: nobody, again', () => activities.matchReferral({ ...look, at: textAfter(1) })],
  ]);
  for (let count = 0; count < 2; count += 1) await seedAgent(harness.db);
  let offer = await match(referralId, 1);
  await setDeliveryStatus(harness.db, offer.offerId, 'delivered');
  const at = (after: number) => ({ ...offer, at: textAfter(minutes(after)) });
  const expired = await countedSteps([
    ['end: expired', () => activities.endOffer({ ...at(16), end: 'expired', by: 'clock' })],
  ]);
  offer = await match(referralId, 16);
  await activities.acceptOffer(at(17));
  const lost = await countedSteps([
    ['report: not called', () => activities.recordContact({ ...at(30), called: false })],
    ['end: silent', () => activities.endOffer({ ...at(77), end: 'silent', by: 'clock' })],
  ]);
  expect({ ...searched, ...expired, ...lost }).toEqual({
    'match: nobody, twice': 20,
    'match: nobody, again': 10,
    'end: expired': 9,
    'report: not called': 8,
    'end: silent': 10,
  });
});
