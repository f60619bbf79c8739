import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FeedKind, feedKinds } from '../../../domain/onboarding/evidence.ts';
import { type FeedHarness, openFeedHarness, sourceOf } from './feed-harness.ts';
import {
  csv,
  headers,
  licenseCsvRow,
  registrationCsvRow,
  terminationCsvRow,
  trainingCsvRow,
} from './files.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

const rowOf: Record<FeedKind, string> = {
  'registration-completions': registrationCsvRow({ shopCompletedOn: '09/15/2026', shopEndsOn: '12/30/2027' }),
  terminations: terminationCsvRow(),
  'training-completions': trainingCsvRow(),
  licenses: licenseCsvRow(),
};
const tables: Record<FeedKind, string> = {
  'registration-completions': 'registration_completions',
  terminations: 'terminations',
  'training-completions': 'training_completions',
  licenses: 'licenses',
};

async function taken(kind: FeedKind, text: string) {
  const report = await harness.put(kind, [], { source: sourceOf(text) });
  expect(report).toMatchObject({ added: 1, badRows: [] });
  const [row] = await harness.query(`select * from ${tables[kind]}`);
  await harness.query(`delete from ${tables[kind]}`);
  const { release_id: _id, changed_at: _at, ...values } = row ?? {};
  return { values, left: report.additionalColumns };
}

describe.each(feedKinds)('the header of %s', (kind) => {
  const header = headers[kind];
  const row = rowOf[kind];
  const turned = (line: string) => line.split(',').toReversed().join(',');
  const machine = header.toLowerCase().replaceAll(' ', '_').replaceAll(/[()]/g, '');

  test.each([
    ['in capitals', `${header.toUpperCase()}\n${row}\n`],
    ['in small letters', `${header.toLowerCase()}\n${row}\n`],
    ['by the machine names of a catalog', `${machine}\n${row}\n`],
    ['with spaces around names', ` ${header.replaceAll(',', ' ,  ')} \n${row}\n`],
    ['with spaces that do not break', `${header.replaceAll(' ', '\u00a0')}\n${row}\n`],
    ['with two byte order marks and CRLF', `\ufeff\ufeff${header}\r\n${row}\r\n`],
    ['behind the line that tells Excel the separator', `\ufeffsep=,\n${header}\n${row}\n`],
    ['behind that line in quotation marks', `"SEP=,"\r\n${header}\r\n${row}\r\n`],
    ['in quotation marks, behind spaces too', `"${header.replaceAll(',', '", "')}"\n${row}\n`],
    ['in the opposite order', `${turned(header)}\n${turned(row)}\n`],
    ['with a comma at the end of each line', `${header},\n${row},\n`],
    ['with a comma at its end alone', `${header},,\n${row}\n`],
    ['behind an empty line, with empty ones at the end', `\n${header}\n${row}\n\n,,,\n \r\n`],
  ])('%s is the same', async (_, text) => {
    const usual = await taken(kind, `${header}\n${row}\n`);
    expect(await taken(kind, text)).toEqual(usual);
    expect(usual.left).toEqual([]);
  });

  test('may have more columns, which are named and left wherever they stand', async () => {
    const usual = await taken(kind, `${header}\n${row}\n`);
    const more = await taken(kind, `Agency Name,${header},Comment\r\nAda & Co,${row},hush\r\n`);
    expect(more).toEqual({ values: usual.values, left: ['Agency Name', 'Comment'] });
    const shown = await harness.query(
      'select additional_columns as names from feed_imports order by started_at',
    );
    expect(shown).toEqual([{ names: [] }, { names: ['Agency Name', 'Comment'] }]);
    expect(JSON.stringify(await harness.query('select * from feed_imports'))).not.toContain('hush');
  });
});

test('the public list is known by the titles of its data dictionary too', async () => {
  const titles =
    'NPN,Applicable Plan Year,Individual Market Registration Completion Date,Individual Market Registration End Date,' +
    'SHOP Registration Completion Date,SHOP Registration End Date,NPN Valid [Current Plan Year]';
  const kind = 'registration-completions';
  const usual = await taken(kind, csv(kind, rowOf[kind]));
  expect(await taken(kind, `${titles}\n${rowOf[kind]}\n`)).toEqual(usual);
});

test('the termination list is known with the columns that it has been seen with', async () => {
  const seen =
    'NPN,Effective Plan Year,Marketplaces,Registration Completion Date,Individual Registration Date,' +
    'SHOP Registration Date,Termination or Suspension Date,Termination Reconsidered or Suspension Lifted,Status';
  const usual = await taken('terminations', csv('terminations', rowOf.terminations));
  const row = '1001,2027,BOTH,09/14/2026,09/14/2026,,10/05/2026,,T1';
  expect(await taken('terminations', `${seen}\n${row}\n`)).toEqual({
    values: usual.values,
    left: [
      'Individual Registration Date',
      'SHOP Registration Date',
      'Termination Reconsidered or Suspension Lifted',
    ],
  });
});

test('names of additional columns are reported without line breaks, and only so many of them', async () => {
  const names = Array.from({ length: 60 }, (_, n) => `"More\n${n} ${'x'.repeat(200)}"`).join(',');
  const text = `${headers.licenses},${names}\n${licenseCsvRow()}${','.repeat(60)}\n`;
  const { left } = await taken('licenses', text);
  expect(left).toHaveLength(50);
  expect(left[0]).toBe(`More 0 ${'x'.repeat(93)}`);
});

test('a row that has a comma too many keeps the older rows of its NPN, wherever the NPN stands', async () => {
  await harness.put('licenses', [licenseCsvRow(), licenseCsvRow({ npn: '1002' })]);
  const turned = (line: string) => line.split(',').toReversed().join(',');
  const text = [headers.licenses, `${licenseCsvRow()},`, licenseCsvRow({ npn: '1002' })]
    .map(turned)
    .join('\n');
  const report = await harness.put('licenses', [], { source: sourceOf(`${text}\n`) });
  expect(report).toMatchObject({
    removed: 0,
    unchanged: 1,
    bad: 1,
    badRows: [
      { line: 2, reason: 'has 12 fields instead of 11; older rows that it may be meant for stay: 1' },
    ],
  });
});
