import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FeedKind } from '../../../domain/onboarding/evidence.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { type FeedHarness, openFeedHarness } from './feed-harness.ts';
import { csv, licenseCsvRow, registrationCsvRow, terminationCsvRow, trainingCsvRow } from './files.ts';

let harness: FeedHarness;
beforeAll(async () => {
  harness = await openFeedHarness();
});
afterAll(() => harness.close());
beforeEach(() =>
  asOwner(harness, 'truncate registration_completions, terminations, training_completions, licenses'),
);

/** Reads the columns of the only row after an import. */
async function readAs(kind: FeedKind, row: string, columns: string): Promise<unknown[]> {
  const report = await harness.put(kind, [row]);
  expect(report.badRows).toEqual([]);
  const [found = {}] = await harness.query(`select ${columns} from ${kind.replace('-', '_')}`);
  return Object.values(found);
}

const isBad = async (kind: FeedKind, row: string) => (await harness.put(kind, [row])).bad === 1;

describe('a date', () => {
  test.each([
    '09/04/2026',
    '9/4/2026',
    ' 9/04/2026 ',
    '2026-09-04',
    '2026-9-4',
    '2026/09/04',
    '20260904',
    '09/04/2026 00:00:00',
    '9/4/2026 0:00',
    '9/4/2026 12:00:00 AM',
    '9/4/2026 3:45 PM',
    '2026-09-04T00:00:00',
    '2026-09-04 00:00:00.000',
    '2026-09-04T00:00:00Z',
    '2026-09-04T00:00:00.000+00:00',
    '"09/04/2026"',
    '2026-09-04 00:00:00+00',
    '2026-09-04 00:00:00 UTC',
    '\u200e09/04/2026\u200e',
    '\u200b 9/4/2026\u2060 ',
  ])('is read as %j', async (completedOn) => {
    const row = registrationCsvRow({ completedOn });
    expect(await readAs('registration-completions', row, 'completed_on::text')).toEqual(['2026-09-04']);
  });

  test.each([
    '9/4/26',
    '04-09-2026',
    '04.09.2026',
    '4 Sep 2026',
    '13/12/2026',
    '02/30/2026',
    '2026-09-04T04:00:00Z',
    '2026-09-04T00:00:00-05:00',
    '46269',
    '2026-09-04 04:00:00+00',
    '2026-09-04 00:00:00+01',
    '09/\u200b04/2026',
    '09/2026',
    '0000-00-00',
  ])('is not guessed from %j', async (completedOn) => {
    expect(await isBad('registration-completions', registrationCsvRow({ completedOn }))).toBe(true);
  });

  test.each(['', '-', 'NULL', 'null', 'N/A', 'none', 'NaN', 'nan', 'NaT', '—', '–', '\u200b'])(
    'that is %j is none',
    async (expiresOn) => {
      expect(await readAs('licenses', licenseCsvRow({ expiresOn }), 'expires_on')).toEqual([null]);
      expect(await isBad('terminations', terminationCsvRow({ datedOn: expiresOn }))).toBe(true);
    },
  );
});

describe('a field that Excel keeps as text', () => {
  test.each(['="0001001"', ' ="0001001" ', '"=""0001001"""'])('%s is what it holds', async (npn) => {
    const row = registrationCsvRow({ npn, planYear: '="2027"', completedOn: '="09/04/2026"' });
    const columns = 'npn, plan_year, completed_on::text';
    expect(await readAs('registration-completions', row, columns)).toEqual(['1001', 2027, '2026-09-04']);
  });

  test.each(['="1001', '=1001"', '="1001"x', '==""1001""'])('%s is not guessed', async (npn) => {
    const report = await harness.put('registration-completions', [
      registrationCsvRow({ npn }),
      registrationCsvRow(),
    ]);
    expect(report).toMatchObject({ added: 1, bad: 1 });
  });
});

describe('an NPN and a plan year', () => {
  test.each([
    '1001',
    '0000001001',
    '000000000000001001',
    ' 1001 ',
    '1001.0',
    '"1001"',
    '\u200e1001',
    '\ufeff1001\u200b ',
  ])('%j is the NPN 1001', async (npn) => {
    expect(await readAs('registration-completions', registrationCsvRow({ npn }), 'npn')).toEqual(['1001']);
  });
  test.each(['10 01', '10\u200b01', '1001.5', '1.001E3', 'NPN 1001', '', '-1001', '0.0'])(
    '%j is none',
    async (npn) => {
      expect(await isBad('registration-completions', registrationCsvRow({ npn }))).toBe(true);
    },
  );

  test.each(['2027', '2027.0', 'PY2027', 'py 2027', 'Plan Year 2027'])('%j is 2027', async (planYear) => {
    const row = registrationCsvRow({ planYear });
    expect(await readAs('registration-completions', row, 'plan_year')).toEqual([2027]);
  });
  test.each(['27', '2027-2028', '1927', '2027.5'])('%j is no plan year', async (planYear) => {
    expect(await isBad('registration-completions', registrationCsvRow({ planYear }))).toBe(true);
  });
});

describe('words that stand for a value', () => {
  test.each([
    ['Y', 'Y'],
    ['y', 'Y'],
    ['Yes', 'Y'],
    ['NO', 'N'],
    [' n ', 'N'],
    ['-', '-'],
    ['- ', '-'],
    ['–', '-'],
    ['', '-'],
  ])('“NPN valid” %j is %j', async (npnValid, value) => {
    const row = registrationCsvRow({ npnValid });
    expect(await readAs('registration-completions', row, 'npn_valid')).toEqual([value]);
  });

  test('are the same in any case and spacing', async () => {
    expect(
      await readAs(
        'licenses',
        licenseCsvRow({
          state: 'tx',
          licenseClass: 'BUSINESS  entity',
          resident: 'yes',
          status: 'ACTIVE',
          lineStatus: 'inactive',
        }),
        'state, license_class, resident, active, line_active',
      ),
    ).toEqual(['TX', 'Business Entity', true, true, false]);
    expect(
      await readAs(
        'terminations',
        terminationCsvRow({ status: 't1', marketplaces: 'Individual', planYear: 'PY2027' }),
        'status, marketplaces, effective_plan_year',
      ),
    ).toEqual(['T1', 'INDIVIDUAL', 2027]);
    expect(
      await readAs('training-completions', trainingCsvRow({ isNew: 'True' }), 'new_to_marketplace'),
    ).toEqual([true]);
  });

  test.each(['T 1', 'T1 - Terminated for cause', 't1: suspended', 'T1 – see the letter'])(
    'the status %j is T1',
    async (status) => {
      expect(await readAs('terminations', terminationCsvRow({ status }), 'status')).toEqual(['T1']);
    },
  );
  test.each(['T1 - R2', 'T1 R1', 'T1 lifted', 'T 9', 'T11'])(
    'the status %j is not guessed',
    async (status) => {
      expect(await isBad('terminations', terminationCsvRow({ status }))).toBe(true);
    },
  );

  test.each(['Texas', 'TEXAS', 'tX'])('the state %j is TX', async (state) => {
    expect(await readAs('licenses', licenseCsvRow({ state }), 'state')).toEqual(['TX']);
  });

  test('lists of states and languages know names and codes, in any case, and usual separators', async () => {
    const row = trainingCsvRow({
      states: '"new  york, fl|TX;FL"',
      languages: 'ENGLISH;es-MX;haitian creole;zh_Hans;ASE; Spanish',
    });
    const [states, languages] = await readAs('training-completions', row, 'states_wanted, languages');
    expect(states).toEqual(['NY', 'FL', 'TX']);
    expect(languages).toEqual(['en', 'es', 'ht', 'zh', 'ase']);
  });

  test.each(['English;No', 'English;Klingonese', 'English;xx', 'English and Spanish'])(
    'languages %j are not guessed',
    async (languages) => {
      expect(await isBad('training-completions', trainingCsvRow({ languages }))).toBe(true);
    },
  );

  test.each([
    ['licenses', licenseCsvRow({ status: 'A' })],
    ['licenses', licenseCsvRow({ resident: 'R' })],
    ['licenses', licenseCsvRow({ licenseClass: 'Insurance Producer' })],
    ['licenses', licenseCsvRow({ state: 'Tex' })],
    ['terminations', terminationCsvRow({ status: 'T5' })],
    ['terminations', terminationCsvRow({ status: '' })],
    ['terminations', terminationCsvRow({ marketplaces: 'FFM' })],
    ['terminations', terminationCsvRow({ marketplaces: '' })],
  ] as const)('others are not guessed: of %s %j', async (kind, row) => {
    expect(await isBad(kind, row)).toBe(true);
  });
});

describe('text', () => {
  test('is kept composed and with single spaces; a line of authority also spaced alike around its signs', async () => {
    const row = trainingCsvRow({ firstName: 'Mari\u0301a  Jose\u0301', lastName: 'de\u00a0la O' });
    expect(await readAs('training-completions', row, 'first_name, last_name')).toEqual([
      'María José',
      'de la O',
    ]);
    const line = '"Life ,Accident&Health"';
    expect(await readAs('licenses', licenseCsvRow({ line }), 'line_of_authority')).toEqual([
      'Life, Accident & Health',
    ]);
  });

  test('in Windows-1252 is a bad row with the reason, and costs no other row', async () => {
    const text = csv(
      'training-completions',
      trainingCsvRow({ lastName: 'Núñez' }),
      trainingCsvRow({ npn: '1002' }),
    );
    const report = await harness.put('training-completions', [], {
      source: Readable.from([Buffer.from(text, 'latin1')]),
    });
    expect(report).toMatchObject({ added: 1, badRows: [{ line: 2, reason: 'Last Name is not in UTF-8' }] });
  });

  test('in quotation marks may have spaces before and behind them', async () => {
    const row = trainingCsvRow({ lastName: ' "Alder, Jr." ', email: ' "ada@example.com"' });
    expect(await readAs('training-completions', row, 'last_name, email')).toEqual([
      'Alder, Jr.',
      'ada@example.com',
    ]);
  });
});

describe('an agent with one name', () => {
  test.each([
    [{ firstName: 'Suharto', lastName: '' }, ['Suharto', '']],
    [{ firstName: '', lastName: 'Suharto' }, ['', 'Suharto']],
    [{ firstName: 'FNU', lastName: 'Suharto' }, ['', 'Suharto']],
    [{ firstName: 'Suharto', lastName: 'lnu' }, ['Suharto', '']],
    [{ firstName: 'Suharto', lastName: '.' }, ['Suharto', '']],
    [{ firstName: 'Suharto', lastName: '-' }, ['Suharto', '']],
    [{ firstName: 'NMN', lastName: 'Suharto' }, ['', 'Suharto']],
    [{ firstName: 'Suharto', lastName: 'Unknown' }, ['Suharto', '']],
    [{ firstName: 'Suharto', lastName: 'No  Last Name' }, ['Suharto', '']],
    [{ firstName: 'Suharto', lastName: 'last name unknown' }, ['Suharto', '']],
    [{ firstName: 'Null', lastName: 'Na' }, ['Null', 'Na']],
  ])('is imported: %j', async (names, kept) => {
    expect(await readAs('training-completions', trainingCsvRow(names), 'first_name, last_name')).toEqual(
      kept,
    );
  });

  test.each([
    { firstName: '', lastName: '' },
    { firstName: 'FNU', lastName: 'LNU' },
    { firstName: ' ', lastName: '.' },
    { firstName: 'Unknown', lastName: 'No Name' },
  ])('has one at least: %j is nobody', async (names) => {
    expect(await isBad('training-completions', trainingCsvRow(names))).toBe(true);
  });
});
