import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FeedHarness, openFeedHarness } from './feed-harness.ts';
import { csv, registrationCsvRow, terminationCsvRow } from './files.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

const kind = 'registration-completions';
const policy = { maxBadShare: 0.5, maxRemovedShare: 0.1 };
const rows = (count: number, fields = {}, from = 1) =>
  Array.from({ length: count }, (_, n) => registrationCsvRow({ npn: `${from + n}`, ...fields }));
const wrong = { endsOn: '31.12.2027' };
const state = async () =>
  harness.query(`select (select count(*)::int from registration_completions) as rows,
                   (select count(*)::int from feed_releases) as releases`);

describe('a release that is mostly bad is refused,', () => {
  test('as the first one too, with its most frequent reasons and where they begin, and nothing has changed', async () => {
    const file = csv(kind, ...rows(23), ...rows(75, wrong, 100), registrationCsvRow({ npn: 'x' }));
    expect(await harness.refusalOfText(kind, file)).toEqual({
      type: 'feed-mostly-bad',
      message:
        '76 of 99 rows are bad, more than the 50 % that a release may have. Most often: ' +
        'Individual Marketplace End Date is not a date as MM/DD/YYYY (75, first in line 25); ' +
        'NPN is not 1 to 10 digits (1, first in line 100).',
      details: { bad: 76, rows: 99, maxBadShare: 0.5 },
    });
    expect(await state()).toEqual([{ rows: 0, releases: 0 }]);
  });

  test('by the share of the policy: exactly that share is taken in', async () => {
    expect(await harness.put(kind, [...rows(10), ...rows(10, wrong, 100)], policy)).toMatchObject({
      added: 10,
      bad: 10,
    });
    const more = csv(kind, ...rows(10), ...rows(11, wrong, 100));
    expect((await harness.refusalOfText(kind, more)).type).toBe('feed-mostly-bad');
    expect(await harness.refusalOfText(kind, more, { maxBadShare: 0.2 })).toMatchObject({
      type: 'feed-mostly-bad',
    });
  });

  test('when most of what was good before is bad now, however much is new beside it', async () => {
    await harness.put(kind, rows(20));
    const file = csv(kind, ...rows(9), ...rows(11, wrong, 10), ...rows(100, {}, 1000));
    expect(await harness.refusalOfText(kind, file)).toMatchObject({
      type: 'feed-mostly-bad',
      message: expect.stringContaining('Of 20 rows that were good before, 11 are bad'),
      details: { spared: 11, before: 20 },
    });
    expect(await state()).toEqual([{ rows: 20, releases: 1 }]);
    expect(await harness.put(kind, [...rows(10), ...rows(10, wrong, 11)], policy)).toMatchObject({
      removed: 0,
      bad: 10,
    });
  });

  test('by its lines, however many stray quotation marks one has', async () => {
    const strays = rows(25, { completedOn: '1/2"/2026', endsOn: '12/3"1/2027' }, 1000);
    expect(await harness.put(kind, [...strays, ...rows(101)], { ...policy, maxBadShare: 0.2 })).toMatchObject(
      {
        added: 101,
        bad: 25,
      },
    );
    const file = csv(kind, ...strays, ...rows(101));
    expect(await harness.refusalOfText(kind, file, { maxBadShare: 0.1 })).toMatchObject({
      details: { bad: 25, rows: 126 },
    });
  });

  test('when most of its rows repeat a key', async () => {
    const file = csv(kind, ...Array<string>(4).fill(registrationCsvRow()));
    expect((await harness.refusalOfText(kind, file)).message).toContain(
      'has the same key as an earlier row (3, ',
    );
  });

  test('however short it is; but one bad row alone is a mistake and no format', async () => {
    const two = csv('terminations', terminationCsvRow({ datedOn: '1' }), terminationCsvRow({ npn: 'x' }));
    expect((await harness.refusalOfText('terminations', two)).type).toBe('feed-mostly-bad');
    const one = await harness.put('terminations', [terminationCsvRow({ datedOn: '1' })], policy);
    expect(one).toMatchObject({ added: 0, bad: 1 });
  });
});
