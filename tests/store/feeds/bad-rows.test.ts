import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import { type FeedHarness, openFeedHarness } from './feed-harness.ts';
import { csv, licenseCsvRow, registrationCsvRow, terminationCsvRow, trainingCsvRow } from './files.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

describe('a bad row', () => {
  test('is in none of the four figures, is reported with its line, and its older good row stays', async () => {
    await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001' }),
      trainingCsvRow({ npn: '1002' }),
    ]);
    const report = await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001', agreedOn: '09/13/2026', courseworkOn: '09/12/2026' }),
      trainingCsvRow({ npn: '1002', isNew: 'Y' }),
    ]);
    expect(report).toMatchObject({ added: 0, changed: 1, removed: 0, unchanged: 0, bad: 1 });
    expect(report.badRows).toEqual([
      { line: 2, reason: 'Help On Demand Coursework Date is before CMS Agreements Signed Date' },
    ]);
    const agreed = `select cms_agreements_signed_on::text as "on" from training_completions where npn = '1001'`;
    expect(await harness.query(agreed)).toEqual([{ on: '2026-09-11' }]);
  });

  test('is one whose name would become a link, or cannot be seen, in a message to a consumer', async () => {
    const report = await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001', firstName: 'https://prize.example/win' }),
      trainingCsvRow({ npn: '1002', lastName: 'prize.com' }),
      trainingCsvRow({ npn: '1003', lastName: 'Al\u202eder' }),
      trainingCsvRow({ npn: '1004', firstName: 'Call 1-800-555-0199' }),
      trainingCsvRow({ npn: '1005', firstName: 'J.P.', lastName: 'ST.JOHN' }),
      trainingCsvRow({ npn: '1006', firstName: 'María José', lastName: "O'Brien-Smith" }),
    ]);
    expect(report.badRows).toEqual([
      { line: 2, reason: 'First Name holds a web or email address' },
      { line: 3, reason: 'Last Name holds a web or email address' },
      { line: 4, reason: 'Last Name holds characters that nobody can see' },
      { line: 5, reason: 'First Name holds a number' },
    ]);
    expect(await harness.query(`select last_name as name from training_completions order by npn`)).toEqual([
      { name: 'ST. JOHN' },
      { name: "O'Brien-Smith" },
    ]);
  });

  test('is one whose license number would become a link', async () => {
    const report = await harness.put('licenses', [
      licenseCsvRow({ npn: '1001', number: 'www.prize.example' }),
      licenseCsvRow({ npn: '1002', number: 'AA-0.1234/B' }),
    ]);
    expect(report.badRows).toEqual([{ line: 2, reason: 'License Number holds a web or email address' }]);
  });

  test('wakes nobody', async () => {
    await harness.put('training-completions', [trainingCsvRow()]);
    await harness.drainOutbox();
    await harness.put('training-completions', [trainingCsvRow({ email: 'nowhere' })]);
    expect(await harness.drainOutbox()).toEqual([]);
  });

  test('whose key is readable in part keeps every older row that it may be meant for, and no other', async () => {
    await harness.put('licenses', [
      licenseCsvRow({ npn: '1001', state: 'TX' }),
      licenseCsvRow({ npn: '1001', state: 'FL' }),
      licenseCsvRow({ npn: '1001', state: 'FL', number: '77' }),
      licenseCsvRow({ npn: '1002' }),
    ]);
    const report = await harness.put('licenses', [licenseCsvRow({ npn: '1001', state: 'Taxes' })]);
    expect(report).toMatchObject({ removed: 2, bad: 1 });
    expect(
      await harness.query('select npn, state, license_number as number from licenses order by state'),
    ).toEqual([
      { npn: '1001', state: 'FL', number: '0012345' },
      { npn: '1001', state: 'TX', number: '0012345' },
    ]);
  });

  test('that repeats a key of the file is the later one', async () => {
    const report = await harness.put('terminations', [
      terminationCsvRow({ status: 'T1' }),
      terminationCsvRow({ status: 'R1', npn: '0001001' }),
      terminationCsvRow({ npn: '1002' }),
    ]);
    expect(report).toMatchObject({
      added: 2,
      badRows: [{ line: 3, reason: 'has the same key as an earlier row' }],
    });
    expect(await harness.query(`select status from terminations where npn = '1001'`)).toEqual([
      { status: 'T1' },
    ]);
  });

  test('is reported by the line it begins on, also after a field of two lines', async () => {
    const report = await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001', lastName: '"Al\nder"' }),
      trainingCsvRow({ npn: '1002', lastName: '"Bar""low"', isNew: 'perhaps' }),
      trainingCsvRow({ npn: '1003' }),
    ]);
    expect(report.badRows).toEqual([
      { line: 2, reason: 'Last Name holds characters that are not text' },
      { line: 4, reason: 'New To Marketplace is not one of Y, N' },
    ]);
  });

  test('is reported by its line wherever quoted fields and line breaks lie in a file of many blocks', async () => {
    const rows = Array.from({ length: 3000 }, (_, n) =>
      trainingCsvRow({
        npn: String(n + 1),
        lastName: '"Alder, Jr."',
        ...(n % 1000 === 999 && { isNew: 'perhaps' }),
      }),
    );
    const quoted = await harness.put('training-completions', rows);
    expect(quoted).toMatchObject({ added: 2997, bad: 3 });
    expect(quoted.badRows.map(({ line }) => line)).toEqual([1001, 2001, 3001]);

    const broken = rows.map((row) => row.replace('Alder, Jr.', 'Al\nder'));
    const everyRow = await harness.put('training-completions', broken);
    expect(everyRow).toMatchObject({ added: 0, removed: 0, unchanged: 0, bad: 3000 });
    expect(everyRow.badRows.map(({ line }) => line)).toEqual(
      Array.from({ length: 1000 }, (_, n) => 2 + 2 * n),
    );
  });

  test('with a stray quotation mark costs itself alone', async () => {
    await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001' }),
      trainingCsvRow({ npn: '1002' }),
    ]);
    const report = await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001', firstName: 'Ada"Addie' }),
      trainingCsvRow({ npn: '1002' }),
      trainingCsvRow({ npn: '1003' }),
    ]);
    expect(report).toMatchObject({ added: 1, removed: 0, unchanged: 1 });
    expect(report.badRows).toEqual([{ line: 2, reason: 'has a quotation mark inside a field' }]);
  });

  test.each([
    'Robert "Bob"',
    '"Bob" Robert',
    '"Bob"x',
    '"Robert "Bob" Alder"',
    '1/2"/2026',
    'a" b" c" d" e"',
    '="Ada" x',
  ])('with any number of stray quotation marks is one of its line: %j', async (firstName) => {
    await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001' }),
      trainingCsvRow({ npn: '1002' }),
    ]);
    const report = await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001', firstName, lastName: firstName }),
      trainingCsvRow({ npn: '1002', lastName: '"Alder, Jr.\nof Texas"' }),
      trainingCsvRow({ npn: '1003', firstName }),
      trainingCsvRow({ npn: '1004' }),
    ]);
    expect(report).toMatchObject({ added: 1, removed: 0, bad: 3 });
    expect(report.badRows).toEqual([
      { line: 2, reason: 'has a quotation mark inside a field' },
      { line: 3, reason: 'Last Name holds characters that are not text' },
      { line: 5, reason: 'has a quotation mark inside a field' },
    ]);
    const kept = await harness.query(`select line from feed_bad_rows where release_id = $1 order by line`, [
      report.releaseId,
    ]);
    expect(kept.map(({ line }) => line)).toEqual([2, 3, 5]);
  });

  test('with stray quotation marks does not hide a Social Security Number behind them', async () => {
    const row = trainingCsvRow({ firstName: 'Robert "Bob"', lastName: '"078-05-1120"' });
    expect(
      await harness.refusalOfText('training-completions', csv('training-completions', row)),
    ).toMatchObject({
      type: 'feed-holds-ssn',
    });
  });

  describe('without a readable NPN may be meant for any row that is gone:', () => {
    const kind = 'registration-completions';
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => registrationCsvRow({ npn: `${from + n}` }));
    const nameless = (count: number) =>
      Array.from({ length: count }, (_, n) => registrationCsvRow({ npn: `O${3000 + n}` }));
    const policy = { maxRemovedShare: 0.1, maxBadShare: 0.5 };

    test('all of them stay, and its reason says so, until a release without such a row', async () => {
      await harness.put(kind, rows(3000, 126));
      const report = await harness.put(kind, [...nameless(5), ...rows(3006, 120)], policy);
      expect(report).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 120, bad: 5 });
      const reason = 'NPN is not 1 to 10 digits; older rows that it may be meant for stay: 6';
      expect(report.badRows).toEqual(Array.from({ length: 5 }, (_, n) => ({ line: n + 2, reason })));
      expect(await harness.put(kind, rows(3006, 120), policy)).toMatchObject({ removed: 6, unchanged: 120 });
    });

    test('but not for one whose plan year is another', async () => {
      await harness.put(kind, [registrationCsvRow({ npn: '1', planYear: '2026' }), ...rows(3000, 20)]);
      const report = await harness.put(kind, [...nameless(1), ...rows(3001, 19)], policy);
      expect(report).toMatchObject({ removed: 1, unchanged: 19, bad: 1 });
      expect(report.badRows[0]?.reason).toContain('it may be meant for stay: 1');
    });

    test('as many count as bad as there are such rows, and what else is gone counts as removed', async () => {
      await harness.put(kind, rows(3000, 20));
      expect(
        await harness.put(kind, [...nameless(10), ...rows(3012, 8)], { ...policy, maxBadShare: 0.6 }),
      ).toMatchObject({
        removed: 0,
        bad: 10,
      });
      const gone = csv(kind, ...nameless(1), ...rows(3004, 16));
      expect(await harness.refusalOfText(kind, gone)).toMatchObject({
        type: 'feed-removes-too-much',
        details: { removed: 3, before: 20 },
      });
      const most = csv(kind, ...nameless(11), ...rows(3011, 9), ...rows(9000, 20));
      expect(await harness.refusalOfText(kind, most)).toMatchObject({
        type: 'feed-mostly-bad',
        details: { spared: 11, before: 20 },
      });
    });
  });

  test('with a comma too many keeps all older rows of its NPN', async () => {
    await harness.put('registration-completions', [
      registrationCsvRow({ planYear: '2026' }),
      registrationCsvRow(),
    ]);
    const report = await harness.put('registration-completions', [`${registrationCsvRow()},`]);
    expect(report).toMatchObject({ removed: 0, badRows: [{ line: 2, reason: 'has 8 fields instead of 7' }] });
  });

  test('names every column that cannot be read, and repeats none of the values', async () => {
    const report = await harness.put('training-completions', [
      trainingCsvRow({
        npn: 'A1',
        email: 'ada at example',
        languages: 'English;Klingonese',
        agreedOn: '02/30/2026',
      }),
    ]);
    expect(report.badRows[0]?.reason).toBe(
      'NPN is not 1 to 10 digits; Email is not an email address; Languages names a language that is not known; ' +
        'CMS Agreements Signed Date is not a day that exists',
    );
  });

  test('has an address that mail cannot go to; one whose domain is of another script is good, as it was typed', async () => {
    const report = await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001', email: 'hána@example.com' }),
      trainingCsvRow({ npn: '1002', email: 'Hana <hana@example.com>' }),
      trainingCsvRow({ npn: '1003', email: 'hana@BÜCHER.example' }),
    ]);
    expect(report.badRows).toEqual([
      { line: 2, reason: 'Email has characters before the @ that mail cannot go to' },
      { line: 3, reason: 'Email is not an email address' },
    ]);
    expect(await harness.query('select email from training_completions')).toEqual([
      { email: 'hana@bücher.example' },
    ]);
  });

  test('is listed up to the thousandth, and counted beyond', async () => {
    const rows = Array.from({ length: 1200 }, () => registrationCsvRow({ npn: '0' }));
    const report = await harness.put('registration-completions', rows);
    expect(report.bad).toBe(1200);
    expect(report.badRows).toHaveLength(1000);
  });

  const bad: [FeedKind, string, string][] = [
    ['registration-completions', registrationCsvRow({ npn: '12345678901' }), 'NPN is not 1 to 10 digits'],
    ['registration-completions', registrationCsvRow({ npn: '000' }), 'NPN is not 1 to 10 digits'],
    [
      'registration-completions',
      registrationCsvRow({ planYear: '27' }),
      'Applicable Plan Year is not a year',
    ],
    [
      'registration-completions',
      registrationCsvRow({ endsOn: '31.12.2027' }),
      'Individual Marketplace End Date is not a date as MM/DD/YYYY',
    ],
    [
      'registration-completions',
      registrationCsvRow({ npnValid: 'perhaps' }),
      'NPN Valid (Current Plan Year Only) is not one of Y, N, -',
    ],
    [
      'terminations',
      terminationCsvRow({ status: 'T5' }),
      'Status is not one of T1, T2, T3, T4, R1, R2, R3, R4',
    ],
    [
      'terminations',
      terminationCsvRow({ datedOn: '' }),
      'Termination or Suspension Date is not a date as MM/DD/YYYY',
    ],
    [
      'terminations',
      terminationCsvRow({ marketplaces: 'ALL' }),
      'Marketplaces is not one of BOTH, INDIVIDUAL, SHOP',
    ],
    [
      'training-completions',
      trainingCsvRow({ firstName: '', lastName: '' }),
      'First Name and Last Name are empty',
    ],
    [
      'training-completions',
      trainingCsvRow({ firstName: 'A\u0000da' }),
      'First Name holds characters that are not text',
    ],
    [
      'training-completions',
      trainingCsvRow({ states: 'TX;Florence' }),
      'States Wanted names a state that is not two letters',
    ],
    ['licenses', licenseCsvRow({ state: 'ZZ' }), 'State is not a state as two letters'],
    [
      'licenses',
      licenseCsvRow({ licenseClass: 'Agency' }),
      'License Class is not one of Producer, Business Entity',
    ],
    ['licenses', licenseCsvRow({ status: 'Y' }), 'License Status is not one of Active, Inactive'],
    ['licenses', '1001', 'has 1 fields instead of 11'],
  ];
  test.each(bad)('of %s: %j', async (kind, row, reason) => {
    expect(await harness.put(kind, [row])).toMatchObject({
      added: 0,
      bad: 1,
      badRows: [{ line: 2, reason }],
    });
  });

  test('is none where something is not done yet: agreements, coursework, languages and dates may be missing', async () => {
    const nothing = { registeredOn: '', trainedOn: '', agreedOn: '', courseworkOn: '', validatedOn: '' };
    const report = await harness.put('training-completions', [
      trainingCsvRow({ npn: '1001', ...nothing, languages: '' }),
      trainingCsvRow({ npn: '1002', agreedOn: '' }),
      trainingCsvRow({ npn: '1003', agreedOn: '09/12/2026', courseworkOn: '09/12/2026' }),
    ]);
    expect(report).toMatchObject({ added: 3, badRows: [] });
  });
});
