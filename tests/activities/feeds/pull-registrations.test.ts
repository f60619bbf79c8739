import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { sql } from 'kysely';
import { Client, type Pool } from 'pg';
import { createPullActivities } from '../../../activities/feeds/pull-registrations.ts';
import { createDataCatalog } from '../../../activities/feeds/registries/data-catalog.ts';
import { createPool } from '../../../runtime/database.ts';
import { createMailbox, type Mailbox } from '../../../standalone/fakes/mailbox/mailbox.ts';
import { endPull, readLastPullOfEach } from '../../../store/feeds/feed-pulls.ts';
import {
  type ActivityHarness,
  after,
  hours,
  openActivityHarness,
  textAfter,
} from '../../harness/activity-harness.ts';

let harness: ActivityHarness;
let pool: Pool;
let mailbox: Mailbox;
let address: string;
let folder: string;
let file: string;
beforeEach(async () => {
  harness = await openActivityHarness();
  pool = createPool(harness.url, { poolSize: 1 });
  folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  file = join(folder, 'list.csv');
  mailbox = createMailbox({ stepMs: 300, maxMessages: 100, twilioAuthToken: 'unused', completionList: file });
  address = await mailbox.listen(0);
});
afterEach(async () => {
  await mailbox.close();
  await pool.end();
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

const header =
  'NPN,Applicable Plan Year,Individual Registration Completion Date,Individual Marketplace End Date,Shop Registration Completion Date,Shop End Date,NPN Valid (Current Plan Year Only)';
const row = (npn: number) => `${npn},2027,09/14/2026,12/31/2027,,,Y`;

/** Publishes a list of agents in the catalog, with its own instant of release. */
function publish(count: number, { hour = 1, first = 1_000, head = header } = {}): void {
  const rows = Array.from({ length: count }, (_, index) => row(first + index));
  writeFileSync(file, `${[head, ...rows].join('\n')}\n`);
  const at = new Date(`2026-11-20T0${hour}:00:00Z`);
  utimesSync(file, at, at);
}

const fault = (body: object) =>
  fetch(`${address}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'catalog', ...body }),
  });

let pullCount = 0;

/** Pulls the list as a worker does, in pages of 20 rows; `untilPage` ends it after that many pages. */
async function pull({
  untilPage,
  onPage,
  onPulled,
  onHeartbeat,
  isEmpty = () => false,
}: {
  untilPage?: number;
  onPage?: (page: number) => void;
  /** Called once every page is pulled, before the import. */
  onPulled?: () => Promise<unknown>;
  /** Called at every heartbeat of the import; `cancel` requests its cancellation. */
  onHeartbeat?: (cancel: () => void) => void;
  /** True if the catalog, while being rebuilt, returns an empty page at this offset. */
  isEmpty?: (offset: number) => boolean;
} = {}) {
  // some of these tests cause outages, which would be logged
  const worker = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  let pages = 0;
  worker.on('heartbeat', (progress: { rows: number; of?: number }) => {
    if (progress.of === undefined) return onHeartbeat?.(() => worker.cancel());
    pages += 1;
    onPage?.(pages);
    if (pages === untilPage) worker.cancel();
  });
  const catalog = createDataCatalog({ url: address, dataset: 'wb6u-x2ny' });
  const pageOf: typeof catalog.page = async (asked) => {
    const page = await catalog.page(asked);
    return isEmpty(asked.offset) ? { ...page, rows: [] } : page;
  };
  const currentRelease: typeof catalog.currentRelease = async (etag) => {
    const release = await catalog.currentRelease(etag);
    if (etag === null && pages > 0) await onPulled?.();
    return release;
  };
  const { pullRegistrations } = createPullActivities({
    db: harness.db,
    policy: { maxRemovedShare: 0.5, maxBadShare: 0.5 },
    listSource: {
      catalog: { ...catalog, page: pageOf, currentRelease },
      pool,
      pageSize: 20,
      heartbeatEveryMs: 20,
    },
  });
  const end = await worker
    .run(pullRegistrations, { at: textAfter((pullCount += 1)) })
    .catch((error: unknown) => ({ failed: error as Error & { nextRetryDelay?: number } }));
  return { end, pages };
}

/** Holds the lock of another import of the list until the connection ends. */
async function lockImport(): Promise<Client> {
  const other = new Client({ connectionString: harness.url });
  await other.connect();
  await other.query(`begin; select pg_advisory_xact_lock(hashtext('feed registration-completions'))`);
  return other;
}

const registered = async () =>
  (await harness.db.selectFrom('registrationCompletions').select('npn').execute()).length;
const pagesLeft = async () => (await harness.db.selectFrom('feedPullPages').select('rows').execute()).length;

describe('the Registration Completion List', () => {
  test('is pulled page by page and imported like a file', async () => {
    publish(50);
    expect(await pull()).toEqual({
      end: { endedAs: 'imported', rows: 50, added: 50, changed: 0, removed: 0 },
      pages: 3,
    });
    expect(await registered()).toBe(50);
    expect(await pagesLeft()).toBe(0);
    const imports = await harness.db
      .selectFrom('feedImports')
      .select(['origin', 'sourceName', 'endedAs'])
      .execute();
    expect(imports).toEqual([
      { origin: 'pulled', sourceName: 'wb6u-x2ny, changed 2026-11-20T01:00:00+00:00', endedAs: 'imported' },
    ]);
  });

  test('is not pulled again while the catalog has no newer release', async () => {
    publish(50);
    const checkedAt = async () =>
      (await readLastPullOfEach(harness.db)).map((one) => one.lookedAt.toISOString());
    await pull();
    const first = await checkedAt();
    expect(await pull()).toEqual({ end: { endedAs: 'unchanged' }, pages: 0 });
    expect(await checkedAt()).not.toEqual(first);
    // nor from a catalog without ETags that shows the same release
    await harness.db.updateTable('feedPulls').set({ etag: null }).execute();
    expect(await pull()).toEqual({ end: { endedAs: 'unchanged' }, pages: 0 });
    publish(51, { hour: 2 });
    expect(await pull()).toMatchObject({ end: { endedAs: 'imported', added: 1 }, pages: 3 });
  });

  test('is requested with the ETag of the last release: “not modified” is an answer, and no release', async () => {
    publish(50);
    const catalog = createDataCatalog({ url: address, dataset: 'wb6u-x2ny' });
    const known = await catalog.currentRelease(null);
    expect(known).toMatchObject({ rows: 50, etag: expect.any(String) });
    expect(await catalog.currentRelease(known?.etag ?? null)).toBeUndefined();
    publish(51, { hour: 2 });
    expect(await catalog.currentRelease(known?.etag ?? null)).toMatchObject({ rows: 51 });
  });

  test('goes on with the next page when another worker takes over', async () => {
    publish(100);
    const first = await pull({ untilPage: 2 });
    expect(first.end).toHaveProperty('failed');
    expect(await registered()).toBe(0);
    const second = await pull();
    expect(second).toMatchObject({ end: { endedAs: 'imported', rows: 100, added: 100 }, pages: 3 });
  });

  test('that seems to end before its last row is not imported, and is pulled again', async () => {
    publish(100);
    const { end } = await pull({ isEmpty: (offset) => offset === 60 });
    expect(end).toMatchObject({ failed: { type: 'catalog-outage' } });
    expect(await registered()).toBe(0);
    expect(await pull()).toMatchObject({ end: { endedAs: 'imported', rows: 100, added: 100 }, pages: 2 });
  });

  test('that is replaced while it is pulled is pulled anew, and never mixed', async () => {
    publish(60);
    const { end, pages } = await pull({
      onPage: (page) => {
        if (page === 2) publish(60, { hour: 3, first: 5_000 });
      },
    });
    expect(end).toMatchObject({ endedAs: 'imported', rows: 60, added: 60 });
    expect(pages).toBe(6);
    const npns = await harness.db.selectFrom('registrationCompletions').select('npn').execute();
    expect(npns.every(({ npn }) => Number(npn) >= 5_000)).toBe(true);
  });

  test('that turns out to be another list is refused, leaves the data as it was, and is not pulled again', async () => {
    publish(50);
    await pull();
    publish(50, { hour: 4, head: 'a,b,c,d,e,f,g' });
    expect((await pull()).end).toEqual({ endedAs: 'refused', code: 'feed-header-differs' });
    expect(await registered()).toBe(50);
    expect((await pull()).end).toEqual({ endedAs: 'unchanged' });
    publish(10, { hour: 5 });
    expect((await pull()).end).toEqual({ endedAs: 'refused', code: 'feed-removes-too-much' });
    expect(await registered()).toBe(50);
  });

  test('is recognized by the machine names of its columns, whatever their titles and order', async () => {
    const head =
      'Agency Name, shop end date,NPN ,Applicable Plan Year,Individual Registration Completion Date,' +
      'Individual Marketplace End Date,SHOP Registration Completion Date,NPN Valid (Current Plan Year Only)';
    const rows = ['Ada & Co,,1000,2027,9/4/2026,2027-12-31T00:00:00,,y', 'Bo,,1001.0,2027,09/04/2026,,,-'];
    writeFileSync(file, `\ufeff${[head, ...rows].join('\r\n')}\r\n`);
    expect((await pull()).end).toMatchObject({ endedAs: 'imported', added: 2 });
    const { rows: kept } = await sql`
      select npn, completed_on::text, ends_on::text, npn_valid from registration_completions order by npn`.execute(
      harness.db,
    );
    expect(kept).toEqual([
      { npn: '1000', completedOn: '2026-09-04', endsOn: '2027-12-31', npnValid: 'Y' },
      { npn: '1001', completedOn: '2026-09-04', endsOn: null, npnValid: '-' },
    ]);
    const imports = await harness.db.selectFrom('feedImports').select('additionalColumns').execute();
    expect(imports).toEqual([{ additionalColumns: ['agency_name'] }]);
  });

  test('whose rows are mostly bad is refused, and the next release is checked on its own', async () => {
    publish(50);
    await pull();
    writeFileSync(
      file,
      [header, ...Array.from({ length: 50 }, (_, n) => `${1000 + n},2027,4.9.2026,,,,Y`), ''].join('\n'),
    );
    expect((await pull()).end).toEqual({ endedAs: 'refused', code: 'feed-mostly-bad' });
    expect(await registered()).toBe(50);
    publish(51, { hour: 6 });
    expect((await pull()).end).toMatchObject({ endedAs: 'imported', added: 1 });
  });

  test('that was refused while headers had to match exactly is pulled once more', async () => {
    publish(50, { head: 'a,b,c,d,e,f,g' });
    await pull();
    const folderOfMigrations = new URL('../../../store/database/migrations/', import.meta.url);
    const migration = readFileSync(new URL('0055_feed_columns.sql', folderOfMigrations), 'utf8');
    const [, again = ''] = /^(update feed_pulls .*;)$/m.exec(migration) ?? [];
    expect((await pull()).end).toEqual({ endedAs: 'unchanged' });
    await sql.raw(again).execute(harness.db);
    expect((await pull()).end).toEqual({ endedAs: 'refused', code: 'feed-header-differs' });
  });

  test('waits as long as a busy catalog asks for, and goes on where it was', async () => {
    publish(50);
    await pull({ untilPage: 1 });
    await fault({ kind: 'outage', retryAfterSeconds: 7, times: 1 });
    const { end } = await pull();
    expect(end).toMatchObject({ failed: { message: 'registry: http-429', nextRetryDelay: 7_000 } });
    expect(await pull()).toMatchObject({ end: { endedAs: 'imported', added: 50 }, pages: 2 });
  });

  test('sends heartbeats while it waits for another import, and can be canceled meanwhile; the next pull imports it', async () => {
    publish(50);
    const other = await lockImport();
    let signs = 0;
    const { end } = await pull({
      onHeartbeat: (cancel) => {
        signs += 1;
        if (signs === 3) cancel();
      },
    });
    expect(end).toMatchObject({ failed: { name: 'CancelledFailure' } });
    // another heartbeat can come while the cancellation is on its way
    expect(signs).toBeGreaterThanOrEqual(3);
    expect(await pagesLeft()).toBe(3);
    await other.end();
    expect(await pull()).toMatchObject({ end: { endedAs: 'imported', rows: 50, added: 50 }, pages: 0 });
  });

  test('that another worker has imported meanwhile is not imported again, and its recorded result stays', async () => {
    publish(50);
    const late = await pull({ onPulled: () => pull() });
    expect(late.end).toMatchObject({ failed: { message: 'The pull was ended meanwhile.' } });
    expect(await registered()).toBe(50);
    const pulls = () => harness.db.selectFrom('feedPulls').select(['id', 'endedAs', 'endedAt']).execute();
    const [ended] = await pulls();
    expect(ended).toMatchObject({ endedAs: 'imported' });
    await endPull(harness.db, { id: ended?.id ?? '', endedAs: 'replaced', at: after(hours(1)) });
    expect(await pulls()).toEqual([ended]);
  });

  test('a truncated answer or an unreachable catalog is an outage and never a list', async () => {
    publish(50);
    await fault({ kind: 'refuse', times: 1 });
    expect((await pull()).end).toMatchObject({ failed: { message: 'registry: unreadable' } });
    await fault({ kind: 'outage', times: 1 });
    expect((await pull()).end).toMatchObject({ failed: { message: 'registry: http-503' } });
    expect(await registered()).toBe(0);
  });
});

test('without a catalog nothing is pulled', async () => {
  const { pullRegistrations } = createPullActivities({
    db: harness.db,
    policy: { maxRemovedShare: 0.5, maxBadShare: 0.5 },
  });
  const worker = new MockActivityEnvironment();
  expect(await worker.run(pullRegistrations, { at: textAfter(0) })).toEqual({ endedAs: 'no-catalog' });
});
