import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FeedHarness, openFeedHarness, sourceOf } from './feed-harness.ts';
import { csv, licenseCsvRow, registrationCsvRow, terminationCsvRow, trainingCsvRow } from './files.ts';
import { pausedSource } from './paused-source.ts';

let harness: FeedHarness;
beforeEach(async () => {
  harness = await openFeedHarness();
});
afterEach(() => harness.close());

describe('a feed is a full snapshot', () => {
  test('a file counts what it adds, changes, removes and leaves as it was', async () => {
    const first = await harness.put('registration-completions', [
      registrationCsvRow({ npn: '1001' }),
      registrationCsvRow({ npn: '1002' }),
      registrationCsvRow({ npn: '1003' }),
    ]);
    expect(first).toMatchObject({ added: 3, changed: 0, removed: 0, unchanged: 0, badRows: [] });

    const second = await harness.put('registration-completions', [
      registrationCsvRow({ npn: '1001' }),
      registrationCsvRow({ npn: '1002', endsOn: '09/30/2027' }),
      registrationCsvRow({ npn: '1004' }),
    ]);
    expect(second).toMatchObject({ added: 1, changed: 1, removed: 1, unchanged: 1, badRows: [] });
    expect(
      await harness.query('select npn, ends_on::text from registration_completions order by npn'),
    ).toEqual([
      { npn: '1001', ends_on: '2027-12-31' },
      { npn: '1002', ends_on: '2027-09-30' },
      { npn: '1004', ends_on: '2027-12-31' },
    ]);
  });

  test('the same file again changes nothing and wakes nobody', async () => {
    const rows = [trainingCsvRow({ npn: '1001' }), trainingCsvRow({ npn: '1002', email: 'bo@example.org' })];
    await harness.put('training-completions', rows);
    await harness.drainOutbox();
    const again = await harness.put('training-completions', rows);
    expect(again).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 2 });
    expect(await harness.drainOutbox()).toEqual([]);
  });

  test('a row names the release that last changed it, and a release is kept with its hash and figures', async () => {
    const first = await harness.put('licenses', [
      licenseCsvRow({ npn: '1001' }),
      licenseCsvRow({ npn: '1002' }),
    ]);
    const second = await harness.put('licenses', [
      licenseCsvRow({ npn: '1001' }),
      licenseCsvRow({ npn: '1002', status: 'Inactive' }),
    ]);
    expect(await harness.query('select npn, release_id from licenses order by npn')).toEqual([
      { npn: '1001', release_id: first.releaseId },
      { npn: '1002', release_id: second.releaseId },
    ]);
    const [release] = await harness.query('select * from feed_releases where id = $1', [second.releaseId]);
    expect(release).toMatchObject({
      kind: 'licenses',
      added: 0,
      changed: 1,
      removed: 0,
      unchanged: 1,
      bad: 0,
    });
    expect(release).toMatchObject({ received_at: new Date('2026-11-23T15:00:00Z') });
    expect(release?.['sha256']).toMatch(/^[0-9a-f]{64}$/);
  });

  test('keys separate rows: one plan year, one line of authority, one date each', async () => {
    const registrations = await harness.put('registration-completions', [
      registrationCsvRow({ planYear: '2026' }),
      registrationCsvRow({ planYear: '2027' }),
    ]);
    const lines = await harness.put('licenses', [
      licenseCsvRow({ line: 'Health' }),
      licenseCsvRow({ line: 'Life' }),
    ]);
    const dates = await harness.put('terminations', [
      terminationCsvRow({ status: 'T2', datedOn: '10/05/2026' }),
      terminationCsvRow({ status: 'R2', datedOn: '10/26/2026' }),
      terminationCsvRow({ status: 'T2', datedOn: '10/26/2026', marketplaces: 'SHOP' }),
    ]);
    expect([registrations.added, lines.added, dates.added]).toEqual([2, 2, 3]);
  });

  test('leading zeros of an NPN are not significant: it is the same agent', async () => {
    await harness.put('registration-completions', [registrationCsvRow({ npn: '0000001001' })]);
    const again = await harness.put('registration-completions', [registrationCsvRow({ npn: '1001' })]);
    expect(again).toMatchObject({ unchanged: 1, added: 0 });
    expect(await harness.query('select npn from registration_completions')).toEqual([{ npn: '1001' }]);
  });

  test('quoted fields keep their commas, quotation marks and line breaks, and CRLF ends a line too', async () => {
    const text = csv(
      'training-completions',
      trainingCsvRow({ firstName: '"Ada ""Addie"""', lastName: '"Alder, Jr."' }),
      trainingCsvRow({ npn: '1002', lastName: 'Núñez' }),
    ).replaceAll('\n', '\r\n');
    const report = await harness.put('training-completions', [], { source: sourceOf(`\ufeff${text}`) });
    expect(report).toMatchObject({ added: 2, badRows: [] });
    const rows = await harness.query(
      'select first_name, last_name, languages from training_completions order by npn',
    );
    expect(rows).toEqual([
      { first_name: 'Ada "Addie"', last_name: 'Alder, Jr.', languages: ['en', 'es'] },
      { first_name: 'Ada', last_name: 'Núñez', languages: ['en', 'es'] },
    ]);
  });

  test('a license without an expiration date never expires; an entity stays known by its license class', async () => {
    await harness.put('licenses', [
      licenseCsvRow({ npn: '1001', expiresOn: '' }),
      licenseCsvRow({ npn: '1002', licenseClass: 'Business Entity' }),
    ]);
    expect(
      await harness.query('select npn, expires_on, license_class from licenses order by npn'),
    ).toMatchObject([
      { npn: '1001', expires_on: null, license_class: 'Producer' },
      { npn: '1002', license_class: 'Business Entity' },
    ]);
  });

  test('"-" means not stated: the last Y or N stays known', async () => {
    for (const npnValid of ['Y', '-'])
      await harness.put('registration-completions', [registrationCsvRow({ npnValid })]);
    const kept = 'select npn_valid, npn_valid_kept from registration_completions';
    expect(await harness.query(kept)).toEqual([{ npn_valid: '-', npn_valid_kept: 'Y' }]);
    for (const npnValid of ['N', '-'])
      await harness.put('registration-completions', [registrationCsvRow({ npnValid })]);
    expect(await harness.query(kept)).toEqual([{ npn_valid: '-', npn_valid_kept: 'N' }]);
  });

  test('"-" from the first is nothing known', async () => {
    await harness.put('registration-completions', [registrationCsvRow({ npnValid: '-' })]);
    expect(await harness.query('select npn_valid_kept from registration_completions')).toEqual([
      { npn_valid_kept: null },
    ]);
  });

  test('a large file reports its progress', async () => {
    const rows = Array.from({ length: 5000 }, (_, n) => registrationCsvRow({ npn: String(n + 1) }));
    const text = csv('registration-completions', ...rows);
    const seen: { bytes: number; rows: number }[] = [];
    await harness.put('registration-completions', [], {
      source: Readable.from([Buffer.from(text)]),
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual({ bytes: text.length, rows: 5000 });
  });

  test('two imports of one kind wait for each other, in the order they came', async () => {
    const slow = pausedSource(
      csv('terminations', terminationCsvRow({ npn: '1001' }), terminationCsvRow({ npn: '1002' })),
    );
    const first = harness.put('terminations', [], { source: slow.source });
    await slow.reached;
    const second = harness.put('terminations', [
      terminationCsvRow({ npn: '1002' }),
      terminationCsvRow({ npn: '1003' }),
    ]);
    await harness.untilLockWait();
    slow.resume();
    expect(await first).toMatchObject({ added: 2, removed: 0 });
    expect(await second).toMatchObject({ added: 1, removed: 1, unchanged: 1 });
    expect(await harness.query('select npn from terminations order by npn')).toEqual([
      { npn: '1002' },
      { npn: '1003' },
    ]);
  });

  test('imports of different kinds do not wait for each other', async () => {
    const slow = pausedSource(csv('terminations', terminationCsvRow()));
    const first = harness.put('terminations', [], { source: slow.source });
    await slow.reached;
    expect(await harness.put('licenses', [licenseCsvRow()])).toMatchObject({ added: 1 });
    slow.resume();
    await first;
  });
});
