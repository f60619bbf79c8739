import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FeedHarness, openFeedHarness, sourceOf } from './feed-harness.ts';
import { csv, headers, licenseCsvRow, registrationCsvRow, trainingCsvRow } from './files.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
  await harness.put('registration-completions', before);
});
afterEach(() => harness.close());

const before = Array.from({ length: 20 }, (_, n) => registrationCsvRow({ npn: String(2001 + n) }));
const kind = 'registration-completions';

/** Expects what every refusal leaves: the rows, one release, an empty outbox, and a pool that still works. */
async function expectNothingChanged() {
  const [state] = await harness.query(
    `select (select count(*)::int from registration_completions) as rows,
            (select count(*)::int from feed_releases) as releases, (select count(*)::int from outbox) as outbox`,
  );
  expect(state).toEqual({ rows: 20, releases: 1, outbox: 0 });
  expect(await harness.put(kind, before)).toMatchObject({ unchanged: 20 });
}

describe('a file is refused, and nothing changes,', () => {
  const headersThatDiffer = {
    'a column is missing': [
      headers[kind].replace('Shop End Date,', ''),
      'Columns are missing: Shop End Date. The',
    ],
    'two are missing and two come twice': [
      `${headers[kind].replace('Shop End Date,', '').replace('Applicable Plan Year,', '')},npn,NPN Valid (Current Plan Year Only)`,
      'Columns are missing: Applicable Plan Year, Shop End Date. Columns come twice: NPN, NPN Valid (Current Plan Year Only).',
    ],
    'a column comes in both its spellings': [
      `${headers[kind]},shop_end_date`,
      'Columns come twice: Shop End Date.',
    ],
    'it is another feed': [headers.terminations, 'Columns are missing: Applicable Plan Year,'],
    'there is none': [before[0] as string, 'Columns are missing: NPN,'],
    'it has semicolons': [headers[kind].replaceAll(',', ';'), 'The file has semicolons between its columns'],
    'it has tabs': [headers[kind].replaceAll(',', '\t'), 'The file has tabs between its columns'],
    'its lines end with CR alone': [`${headers[kind]}\r${before.join('\r')}`, 'end with CR alone'],
  } as const;
  test.each(Object.entries(headersThatDiffer))(
    'when its header differs: %s',
    async (_, [header, message]) => {
      const refusal = await harness.refusalOfText(kind, `${header}\n${before.join('\n')}\n`);
      expect(refusal.type).toBe('feed-header-differs');
      expect(refusal.message).toContain(message);
      expect(refusal.message).toContain(`needs: ${headers[kind]}`);
      expect(refusal.message).not.toContain('2001');
      await expectNothingChanged();
    },
  );

  test('when it is in UTF-16, as spreadsheets write “Unicode text”', async () => {
    const bytes = Buffer.from(`\ufeff${csv(kind, ...before).replaceAll(',', '\t')}`, 'utf16le');
    const refusal = await harness.refusalOfText(kind, '', { source: Readable.from([bytes]) });
    expect(refusal).toMatchObject({ type: 'feed-header-differs' });
    expect(refusal.message).toContain('not in UTF-8');
    await expectNothingChanged();
  });

  test('when it is long and its lines end with CR alone', async () => {
    const text = csv(
      kind,
      ...Array.from({ length: 3000 }, (_, n) => registrationCsvRow({ npn: `${n + 1}` })),
    );
    const refusal = await harness.refusalOfText(kind, text.replaceAll('\n', '\r'));
    expect(refusal.message).toContain('end with CR alone');
    await expectNothingChanged();
  });

  test('when it is empty', async () => {
    expect((await harness.refusalOfText(kind, '')).type).toBe('feed-header-differs');
    await expectNothingChanged();
  });

  test('when its last line has no newline', async () => {
    expect((await harness.refusalOfText(kind, csv(kind, ...before).trimEnd())).type).toBe('feed-truncated');
    await expectNothingChanged();
  });

  test('when fewer bytes came than announced', async () => {
    const text = csv(kind, ...before);
    const refusal = await harness.refusalOfText(kind, text, { announcedBytes: text.length + 50 });
    expect(refusal).toMatchObject({ type: 'feed-truncated', details: { bytes: text.length } });
    await expectNothingChanged();
    expect(await harness.put(kind, before, { announcedBytes: text.length })).toMatchObject({ unchanged: 20 });
  });

  test('when a quotation mark is never closed, so that the rows after it cannot be separated', async () => {
    const quotedRow = `"2002",${registrationCsvRow().split(',').slice(1).join(',')}`;
    for (const [open, ...others] of [
      ['"2001'],
      ['"20""01'],
      ['"2001', quotedRow],
      ['"2001', registrationCsvRow({ planYear: '"2027"' })],
    ]) {
      const refusal = await harness.refusalOfText(
        kind,
        csv(kind, registrationCsvRow({ npn: open as string }), ...others, ...before),
      );
      expect(refusal.type).toBe('feed-truncated');
    }
    const long = csv(
      kind,
      registrationCsvRow({ npn: '"2001' }),
      ...Array<string>(5000).fill(before[0] as string),
    );
    expect((await harness.refusalOfText(kind, long)).type).toBe('feed-truncated');
    await expectNothingChanged();
  });

  test('when it would remove more than the share that may go; exactly that share may', async () => {
    const refusal = await harness.refusalOfText(kind, csv(kind, ...before.slice(3)));
    expect(refusal).toMatchObject({
      type: 'feed-removes-too-much',
      message: 'The file would remove 3 of 20 rows, more than the 10 % that one release may.',
      details: { removed: 3, before: 20, maxRemovedShare: 0.1 },
    });
    await expectNothingChanged();
    expect(await harness.put(kind, before.slice(2), { maxRemovedShare: 0.1 })).toMatchObject({ removed: 2 });
  });

  test('when it has no rows at all while there are some', async () => {
    expect((await harness.refusalOfText(kind, csv(kind))).type).toBe('feed-removes-too-much');
    await expectNothingChanged();
  });

  const ssnColumns = [
    'SSN',
    'Social Security Number',
    'agentSsn',
    'ssn_last4',
    'Taxpayer ID',
    'Soc. Sec. No.',
    'SocialSecurity',
    'SS#Num',
    'ITIN',
  ];
  test.each(ssnColumns)('when a column is named %s, which is not repeated', async (column) => {
    const refusal = await harness.refusalOfText(
      kind,
      `${headers[kind]},${column}\n${before.map((row) => `${row},1`).join('\n')}\n`,
    );
    expect(refusal).toEqual({
      type: 'feed-holds-ssn',
      message: 'The file has a column that looks like Social Security Numbers. Nothing of it was kept.',
      details: {},
    });
    await expectNothingChanged();
  });

  test('when a field looks like a Social Security Number, whatever its column is called', async () => {
    for (const ssn of ['078-05-1120', '078 05 1120', ' 078‑05‑1120', '"078-05-1120"']) {
      const known = csv('licenses', licenseCsvRow(), licenseCsvRow({ number: ssn }));
      const refusal = await harness.refusalOfText('licenses', known);
      expect(refusal.type).toBe('feed-holds-ssn');
      expect(JSON.stringify(refusal)).not.toContain('1120');
      const [header = '', row = ''] = csv('licenses', licenseCsvRow()).split('\n');
      const additional = `${header},Reference\n${row},${ssn}\n`;
      expect((await harness.refusalOfText('licenses', additional)).type).toBe('feed-holds-ssn');
    }
    expect(await harness.query('select * from licenses')).toEqual([]);
    const records = await harness.query(`select * from feed_imports where kind = 'licenses'`);
    expect(JSON.stringify(records)).not.toContain('1120');
    await expectNothingChanged();
  });

  test('when the connection that brings it breaks', async () => {
    const source = Readable.from(
      (async function* () {
        yield Buffer.from(csv(kind, ...before.slice(0, 5)));
        throw new Error('the sender is gone');
      })(),
    );
    await expect(harness.put(kind, [], { source })).rejects.toThrow('the sender is gone');
    await expectNothingChanged();
  });
});

describe('a refusal', () => {
  test('before the end of the file leaves the source open, so that the sender can be answered', async () => {
    const source = sourceOf(`SSN\n${'1\n'.repeat(50_000)}`);
    await harness.refusalOfText(kind, '', { source });
    expect(source.destroyed).toBe(false);
    source.destroy();
  });

  test('of a training file opens no onboarding', async () => {
    const cut = csv(
      'training-completions',
      trainingCsvRow({ npn: '3001' }),
      trainingCsvRow({ npn: '3002' }),
    ).slice(0, -1);
    await harness.refusalOfText('training-completions', cut);
    expect(await harness.query('select * from onboardings')).toEqual([]);
    await expectNothingChanged();
  });
});
