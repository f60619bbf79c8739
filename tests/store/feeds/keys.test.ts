import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { asOwner } from '../../harness/servers/postgres.ts';
import { type FeedHarness, openFeedHarness } from './feed-harness.ts';
import { registrationCsvRow, trainingCsvRow } from './files.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

const kind = 'registration-completions';
const kept = () =>
  harness.query<{ npn: string; on: string }>(
    'select npn, completed_on::text as on from registration_completions order by npn',
  );
const on = (npn: string, completedOn: string) => registrationCsvRow({ npn, completedOn });
const repeated = (line: number) => ({ line, reason: 'has the same key as an earlier row' });

describe('of several rows with one key the first counts, and the later ones are bad:', () => {
  const file = [
    on('1001', '09/01/2026'),
    on('1002', '09/02/2026'),
    on('1001', '09/03/2026'),
    on('001001', '09/04/2026'),
  ];
  const first = [
    { npn: '1001', on: '2026-09-01' },
    { npn: '1002', on: '2026-09-02' },
  ];

  test('in a first file, and again in the same one', async () => {
    const report = await harness.put(kind, file);
    expect(report).toMatchObject({ added: 2, bad: 2, badRows: [repeated(4), repeated(5)] });
    expect(await kept()).toEqual(first);
    const again = await harness.put(kind, file);
    expect(again).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 2, bad: 2 });
    expect(again.badRows).toEqual(report.badRows);
    expect(await kept()).toEqual(first);
  });

  test('where the table has the key, and the file has as many rows as the table', async () => {
    await harness.put(kind, [on('1001', '09/01/2026'), on('1002', '09/02/2026')]);
    const report = await harness.put(kind, [on('1001', '09/01/2026'), on('1001', '09/09/2026')]);
    expect(report).toMatchObject({ changed: 0, removed: 1, unchanged: 1, bad: 1, badRows: [repeated(3)] });
    expect(await kept()).toEqual([{ npn: '1001', on: '2026-09-01' }]);
  });

  test('where the table does not have the key, but others', async () => {
    await harness.put(kind, [on('1001', '09/01/2026')]);
    const report = await harness.put(kind, [
      on('1001', '09/01/2026'),
      on('1002', '09/02/2026'),
      on('1002', '09/05/2026'),
    ]);
    expect(report).toMatchObject({ added: 1, unchanged: 1, bad: 1, badRows: [repeated(4)] });
    expect(await kept()).toEqual(first);
  });

  test('also where the first one is what changes, and the later is what there was', async () => {
    await harness.put(kind, [on('1001', '09/01/2026')]);
    const report = await harness.put(kind, [on('1001', '09/08/2026'), on('1001', '09/01/2026')]);
    expect(report).toMatchObject({ changed: 1, unchanged: 0, bad: 1, badRows: [repeated(3)] });
    expect(await kept()).toEqual([{ npn: '1001', on: '2026-09-08' }]);
  });
});

describe('rows that say the same after their NPN', () => {
  test('are each their own agent’s, and each is bad on its own account', async () => {
    const same = (npn: string) => registrationCsvRow({ npn });
    const report = await harness.put(kind, [
      same('1001'),
      same('0001002'),
      same('x'),
      same('12345678901'),
      same(' 1003 '),
      same(''),
      registrationCsvRow({ npn: '1004', endsOn: '12/32/2027' }),
      registrationCsvRow({ npn: '1005', endsOn: '12/32/2027' }),
    ]);
    const notNpn = 'NPN is not 1 to 10 digits';
    const noDay = 'Individual Marketplace End Date is not a day that exists';
    expect(report.badRows).toEqual([
      { line: 4, reason: notNpn },
      { line: 5, reason: notNpn },
      { line: 7, reason: notNpn },
      { line: 8, reason: noDay },
      { line: 9, reason: noDay },
    ]);
    expect((await kept()).map(({ npn }) => npn)).toEqual(['1001', '1002', '1003']);
  });

  test('are read the same however many different ones came before', async () => {
    const days = Array.from({ length: 12_000 }, (_, n) =>
      registrationCsvRow({ npn: String(n + 1), completedOn: dayOf(n), endsOn: dayOf(n * 7) }),
    );
    expect(
      await harness.put(kind, [
        ...days,
        registrationCsvRow({ npn: '90001' }),
        registrationCsvRow({ npn: '90002' }),
      ]),
    ).toMatchObject({ added: 12_002, bad: 0 });
    expect(
      await harness.query(
        `select ends_on::text as on from registration_completions where npn in ('90001', '12000')`,
      ),
    ).toEqual(expect.arrayContaining([{ on: '2027-12-31' }, { on: isoDayOf(11_999 * 7) }]));
  });
});

const isoDayOf = (n: number) => new Date(Date.UTC(1990, 0, 1 + (n % 12_000))).toISOString().slice(0, 10);
const dayOf = (n: number) => isoDayOf(n).replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1');

describe('a release', () => {
  test('is named by every row, also by one that is written past the import', async () => {
    await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001' }),
      trainingCsvRow({ npn: '1002' }),
    ]);
    const change = harness.query(
      `update training_completions set release_id = gen_random_uuid() where npn = '1001'`,
    );
    await expect(change).rejects.toThrow('names a release that is not kept');
    const copy = `insert into training_completions
      select (jsonb_populate_record(t, '{"npn": "1003", "release_id": "00000000-0000-4000-8000-000000000000"}')).*
        from training_completions t limit 1`;
    await expect(harness.query(copy)).rejects.toThrow('names a release that is not kept');
  });

  test('is never removed and keeps its id', async () => {
    await harness.put('training-completions', [trainingCsvRow()]);
    for (const statement of [
      'delete from feed_releases',
      'truncate feed_releases cascade',
      'update feed_releases set id = gen_random_uuid()',
    ])
      await expect(asOwner(harness, statement)).rejects.toThrow('is never removed and keeps its id');
  });
});

test('an NPN has one form wherever it is written', async () => {
  const known = await Promise.all(
    ['1', '9999999999'].map((npn) => harness.query('select $1::npn as npn', [npn])),
  );
  expect(known.flat()).toEqual([{ npn: '1' }, { npn: '9999999999' }]);
  for (const npn of ['', '0', '01', '12345678901', '12a', ' 12', '12\n', '١٢'])
    await expect(harness.query('select $1::npn', [npn])).rejects.toThrow('npn_form');
});
