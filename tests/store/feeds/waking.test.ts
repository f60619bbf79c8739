import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FeedHarness, openFeedHarness } from './feed-harness.ts';
import { licenseCsvRow, registrationCsvRow, terminationCsvRow, trainingCsvRow } from './files.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

describe('a training completion', () => {
  test('that is new opens an onboarding and starts its workflow, one a plan year', async () => {
    await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001', planYear: '2026' }),
      trainingCsvRow({ npn: '1001', planYear: '2027' }),
      trainingCsvRow({ npn: '0001002' }),
    ]);
    expect(await harness.drainOutbox()).toEqual([
      'start-onboarding 1001 2026',
      'start-onboarding 1001 2027',
      'start-onboarding 1002 2027',
    ]);
    expect(
      await harness.query('select npn, plan_year, stage, since from onboardings order by npn, plan_year'),
    ).toEqual([
      {
        npn: '1001',
        plan_year: 2026,
        stage: 'awaiting-eligibility',
        since: new Date('2026-11-23T15:00:00Z'),
      },
      {
        npn: '1001',
        plan_year: 2027,
        stage: 'awaiting-eligibility',
        since: new Date('2026-11-23T15:00:00Z'),
      },
      {
        npn: '1002',
        plan_year: 2027,
        stage: 'awaiting-eligibility',
        since: new Date('2026-11-23T15:00:00Z'),
      },
    ]);
  });

  test('that changes, goes or comes back wakes the onboarding that is open, and starts none twice', async () => {
    await harness.put('training-completions', [trainingCsvRow()]);
    await harness.drainOutbox();
    await harness.put('training-completions', [trainingCsvRow({ courseworkOn: '09/20/2026' })]);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1001 2027']);
    await harness.put('training-completions', []);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1001 2027']);
    await harness.put('training-completions', [trainingCsvRow()]);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1001 2027']);
  });

  test('of an onboarding that is closed neither starts nor wakes it', async () => {
    await harness.put('training-completions', [trainingCsvRow()]);
    await harness.pool.query(`update onboardings set stage = 'lapsed', closed_at = now()`);
    await harness.drainOutbox();
    await harness.put('training-completions', []);
    await harness.put('training-completions', [trainingCsvRow()]);
    expect(await harness.drainOutbox()).toEqual([]);
  });
});

describe('a registration that had ended and is in force again', () => {
  const lapse = () =>
    harness.pool.query(
      `update onboardings set stage = 'lapsed', closed_at = now(), eligible_at = now() where npn = '1001'`,
    );
  const rows = () => harness.query('select stage, causes, closed_at from onboardings order by npn');

  test('reopens its onboarding, and starts its workflow again', async () => {
    await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001' }),
      trainingCsvRow({ npn: '1002' }),
    ]);
    const ended = registrationCsvRow({ npn: '1001', endsOn: '11/20/2026' });
    await harness.put('registration-completions', [ended]);
    await lapse();
    await harness.drainOutbox();
    // another end date in the past changes nothing
    await harness.put('registration-completions', [
      registrationCsvRow({ npn: '1001', endsOn: '11/22/2026' }),
    ]);
    expect(await harness.drainOutbox()).toEqual([]);
    await harness.put('registration-completions', [
      registrationCsvRow({ npn: '1001', endsOn: '12/31/2027' }),
    ]);
    expect(await harness.drainOutbox()).toEqual(['start-onboarding 1001 2027 again']);
    expect(await rows()).toMatchObject([
      { stage: 'awaiting-eligibility', causes: ['marketplace-registration'], closed_at: null },
      { stage: 'awaiting-eligibility', causes: [], closed_at: null },
    ]);
  });

  test('changes nothing for an agent who has left', async () => {
    await harness.put('training-completions', [trainingCsvRow()]);
    await harness.put('registration-completions', [registrationCsvRow({ endsOn: '11/20/2026' })]);
    await harness.pool.query(`update onboardings set stage = 'left', closed_at = now()`);
    await harness.drainOutbox();
    await harness.put('registration-completions', [registrationCsvRow({ endsOn: '12/31/2027' })]);
    expect(await harness.drainOutbox()).toEqual([]);
  });
});

describe('every other feed', () => {
  beforeEach(async () => {
    await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001' }),
      trainingCsvRow({ npn: '1002' }),
      trainingCsvRow({ npn: '1003' }),
    ]);
    await harness.drainOutbox();
  });

  test('wakes exactly those whose rows changed and who have an open onboarding', async () => {
    await harness.pool.query(`update onboardings set stage = 'left', closed_at = now() where npn = '1003'`);
    await harness.put('registration-completions', [
      registrationCsvRow({ npn: '1001' }),
      registrationCsvRow({ npn: '1003' }),
      registrationCsvRow({ npn: '1009' }),
    ]);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1001 2027']);

    await harness.put('registration-completions', [
      registrationCsvRow({ npn: '1001' }),
      registrationCsvRow({ npn: '1002' }),
      registrationCsvRow({ npn: '1003', npnValid: 'N' }),
    ]);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1002 2027']);
  });

  test('wakes only the plan year that a registration is for; a license concerns them all', async () => {
    await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001' }),
      trainingCsvRow({ npn: '1001', planYear: '2026' }),
    ]);
    await harness.drainOutbox();
    await harness.put('registration-completions', [registrationCsvRow({ npn: '1001' })]);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1001 2027']);
    await harness.put('licenses', [licenseCsvRow({ npn: '1001' })]);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1001 2026', 'wake-onboarding 1001 2027']);
  });

  test('wakes once, however many rows of one agent changed', async () => {
    await harness.put('licenses', [
      licenseCsvRow({ state: 'TX' }),
      licenseCsvRow({ state: 'FL' }),
      licenseCsvRow({ state: 'FL', line: 'Life' }),
    ]);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1001 2027']);
  });

  test('wakes agents who lost a row', async () => {
    await harness.put('terminations', [
      terminationCsvRow({ npn: '1001' }),
      terminationCsvRow({ npn: '1002' }),
    ]);
    await harness.drainOutbox();
    await harness.put('terminations', [terminationCsvRow({ npn: '1001' })]);
    expect(await harness.drainOutbox()).toEqual(['wake-onboarding 1002 2027']);
  });

  test('never starts an onboarding', async () => {
    await harness.put('licenses', [licenseCsvRow({ npn: '5005' })]);
    await harness.put('registration-completions', [registrationCsvRow({ npn: '5005' })]);
    await harness.put('terminations', [terminationCsvRow({ npn: '5005' })]);
    expect(await harness.drainOutbox()).toEqual([]);
    expect(await harness.query(`select * from onboardings where npn = '5005'`)).toEqual([]);
  });
});
