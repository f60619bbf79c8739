import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BadRows, FeedBoard } from '../../../api/schemas/feeds/feeds.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { eventually } from '../../harness/eventually.ts';
import { logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

const readBoard = async () => (await api.call('GET /v1/ops/feeds', { cookie })).json as unknown as FeedBoard;
const csv = { 'Content-Type': 'text/csv' };
const put = (body: string) =>
  api.call('PUT /v1/feeds/terminations', { body, bearer: api.feedsKey, headers: csv });

const header =
  'NPN,Status,Marketplaces,Effective Plan Year,Registration Completion Date,Termination or Suspension Date\n';
const row = (npn: string) => `${npn},T1,BOTH,2027,10/01/2026,11/02/2026\n`;

test('an imported upload is shown with its figures, and its release with its age', async () => {
  const file = `${header}${row('17593264')}${row('x')}`;
  await put(file);
  const { imports, releases } = await readBoard();
  const figures = { added: 1, changed: 0, removed: 0, unchanged: 0, bad: 1 };
  const [{ startedAt, endedAt, ...newest } = { startedAt: '', endedAt: '' }] = imports;
  expect(newest).toEqual({
    id: expect.any(String),
    kind: 'terminations',
    origin: 'upload',
    sourceName: null,
    bytes: file.length,
    announcedBytes: file.length,
    rows: 2,
    additionalColumns: [],
    state: 'imported',
    figures,
    refusal: null,
  });
  expect(Date.parse(endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(startedAt));
  expect(releases).toEqual([
    {
      id: expect.any(String),
      kind: 'terminations',
      receivedAt: startedAt,
      sha256: createHash('sha256').update(file).digest('hex'),
      ...figures,
    },
  ]);
});

test('a pulled list is shown with the last check of its catalog', async () => {
  const [startedAt, endedAt, checkedAt] = ['2026-11-02', '2026-11-03', '2026-11-20'].map(
    (day) => new Date(day),
  );
  const about = { kind: 'registration-completions', dataset: 'wb6u-x2ny', distribution: 'd', rows: 1 };
  const ends = [
    { modified: '2026-11-01', endedAs: 'imported', endedAt: startedAt },
    { modified: '2026-11-02', endedAs: 'refused', endedAt, checkedAt },
    { modified: '2026-11-03' },
  ];
  for (const end of ends)
    await api.db
      .insertInto('feedPulls')
      .values({ id: randomUUID(), startedAt: startedAt as Date, ...about, ...end })
      .execute();
  expect((await readBoard()).pulls).toEqual([
    {
      dataset: 'wb6u-x2ny',
      kind: 'registration-completions',
      modified: '2026-11-02',
      endedAs: 'refused',
      lookedAt: '2026-11-20T00:00:00.000Z',
    },
  ]);
});

test('every bad row of the newest release can be read with its line and reason, in pages', async () => {
  const good = Array.from({ length: 1_300 }, (_, index) => row(`${17593264 + index}`)).join('');
  const bad = Array.from({ length: 1_203 }, () => row('x')).join('');
  await put(`${header}${bad}${good}`);
  const badRowsOf = (releaseId = '', page = '') =>
    api.call(`GET /v1/ops/feeds/${releaseId}/bad-rows${page && `?page=${page}`}`, { cookie });
  const release = (await readBoard()).releases[0]?.id;
  const lines: number[] = [];
  for (let page: string | null | undefined = ''; page !== null; ) {
    const { items, nextPage } = (await badRowsOf(release, page)).json as unknown as BadRows;
    expect(items[0]?.reason).toBe('NPN is not 1 to 10 digits');
    lines.push(...items.map(({ line }) => line));
    page = nextPage;
  }
  expect(lines).toEqual(Array.from({ length: 1_203 }, (_, index) => index + 2));

  await put(`${header}${good}`);
  expect((await badRowsOf(release)).json).toEqual({ items: [], nextPage: null });
  expect((await badRowsOf(randomUUID())).status).toBe(404);
});

test('additional columns are shown by their names, without any of their values', async () => {
  await api.db.deleteFrom('terminations').execute();
  const wider = `Agency,${header.trimEnd()},Note\nAda & Co,${row('17593264').trimEnd()},hush\n`;
  const answer = await put(wider);
  expect(answer.json).toMatchObject({ added: 1, additionalColumns: ['Agency', 'Note'] });
  const [newest] = (await readBoard()).imports;
  expect(newest).toMatchObject({ state: 'imported', additionalColumns: ['Agency', 'Note'] });
  expect(JSON.stringify(newest)).not.toMatch(/hush|Ada/);

  await put(`${header.trimEnd()},Social Security Number\n${row('17593264').trimEnd()},1\n`);
  const [refused] = (await readBoard()).imports;
  expect(refused).toMatchObject({
    state: 'refused',
    refusal: { type: 'feed-holds-ssn' },
    additionalColumns: [],
  });
});

test('a release that is mostly bad is shown as refused, with its most frequent reason', async () => {
  await api.db.deleteFrom('terminations').execute();
  const answer = await put(`${header}${row('17593264')}${row('x')}${row('y')}`);
  expect([answer.status, problemNameOf(answer)]).toEqual([422, 'feed-mostly-bad']);
  expect((await readBoard()).imports[0]).toMatchObject({
    state: 'refused',
    refusal: {
      type: 'feed-mostly-bad',
      sentence: 'Too many rows of the file cannot be read: its format seems to have changed.',
      detail:
        '2 of 3 rows are bad, more than the 50 % that a release may have. ' +
        'Most often: NPN is not 1 to 10 digits (2, first in line 3).',
    },
  });
});

test('a refused release is shown with its reason, and the release before it stays the newest', async () => {
  await put(`${header}${row('17593264')}`);
  const { releases } = await readBoard();
  await put(header);
  const after = await readBoard();
  expect(after.imports.slice(0, 2)).toMatchObject([
    {
      state: 'refused',
      figures: null,
      refusal: {
        type: 'feed-removes-too-much',
        sentence: 'The file would remove more rows than one release may.',
        detail: 'The file would remove 1 of 1 rows, more than the 10 % that one release may.',
      },
    },
    { state: 'imported' },
  ]);
  expect(after.releases).toEqual(releases);
});

test('an import that is under way is shown with its progress, and one whose sender disconnects as interrupted', async () => {
  const upload = beginUpload(`${header}${row('1')}${row('2')}`, 1000);
  const underWay = await eventually(async () => {
    const [newest] = (await readBoard()).imports;
    expect(newest).toMatchObject({ state: 'under-way', rows: 2, announcedBytes: 1000, endedAt: null });
    return newest;
  });
  expect(underWay?.bytes).toBe(header.length + row('1').length * 2);
  upload.destroy();
  await eventually(async () =>
    expect((await readBoard()).imports[0]).toMatchObject({
      id: underWay?.id,
      state: 'interrupted',
      refusal: null,
    }),
  );
});

test('an import whose sender disconnects while it waits for another is ended', async () => {
  const first = beginUpload(`${header}${row('1')}`, 1000);
  await eventually(async () =>
    expect((await readBoard()).imports[0]).toMatchObject({ rows: 1, state: 'under-way' }),
  );
  const before = (await readBoard()).imports.length;
  const second = beginUpload(`${header}${row('1')}`, header.length + row('1').length);
  await eventually(async () => expect((await readBoard()).imports).toHaveLength(before + 1));
  second.destroy();
  await eventually(async () => {
    const [newest, older] = (await readBoard()).imports;
    expect([newest?.state, older?.state]).toEqual(['interrupted', 'under-way']);
  });
  first.destroy();
});

test('an import whose process died is interrupted since its last sign of life', async () => {
  const id = randomUUID();
  const startedAt = new Date(Date.now() + 60_000);
  const aliveAt = new Date(Date.now() - 31_000);
  const died = { id, kind: 'licenses', origin: 'pulled', sourceName: 'nipr', startedAt, aliveAt, bytes: 70 };
  await api.db.insertInto('feedImports').values(died).execute();
  expect((await readBoard()).imports[0]).toMatchObject({
    id,
    origin: 'pulled',
    sourceName: 'nipr',
    bytes: 70,
    state: 'interrupted',
    endedAt: aliveAt.toISOString(),
  });
});

/** Starts an upload that announces more bytes than it has sent. */
function beginUpload(text: string, announcedBytes: number): ClientRequest {
  const upload = request(`${api.url}/v1/feeds/terminations`, {
    method: 'PUT',
    headers: { ...csv, 'Content-Length': announcedBytes, Authorization: `Bearer ${api.feedsKey}` },
  });
  // the test itself destroys the connection
  upload.on('error', () => undefined);
  void once(upload, 'socket').then(() => upload.write(text));
  return upload;
}
