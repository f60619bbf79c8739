import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
let npn: string;
let cookie: string;
// a Monday at ten in the morning in Utah
let clock = new Date('2026-11-23T17:00:00Z');
beforeAll(async () => {
  api = await openApiHarness({ now: () => clock });
});
beforeEach(async () => {
  clock = new Date('2026-11-23T17:00:00Z');
  [npn, cookie] = await anAgent();
});
afterAll(() => api.close());

async function anAgent(): Promise<[npn: string, cookie: string]> {
  const own = await addAgent(api.db, { registered: true, stage: 'active' });
  await api.db.updateTable('agents').set({ timeZone: 'America/Denver' }).where('npn', '=', own).execute();
  return [own, await logInAs(api, { npn: own })];
}

const view = async () => (await api.call('GET /v1/me/availability', { cookie })).json;
const put = (path: '' | '/hours' | '/override', body: unknown) =>
  api.call(`PUT /v1/me/availability${path}`, { cookie, body });
const enter = (from: string, until: string) =>
  api.call('POST /v1/me/availability/absences', { cookie, body: { from, until } });
const nineToFive = { monday: [{ from: '09:00', until: '17:00' }] };
const none = { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] };

test('an agent without settings is always available', async () => {
  expect(await view()).toEqual({
    timeZone: 'America/Denver',
    hours: none,
    override: null,
    absences: [],
    isAvailable: true,
    because: 'always',
    changesAt: null,
    resting: null,
  });
});

test('the answer has each part, the strongest one decides, and a repeat changes nothing', async () => {
  const five = '2026-11-24T00:00:00.000Z';
  for (const _time of [1, 2])
    expect(await put('/hours', nineToFive)).toMatchObject({
      status: 200,
      json: { hours: { ...none, ...nineToFive }, isAvailable: true, because: 'hours', changesAt: five },
    });
  const noon = '2026-11-23T19:00:00.000Z';
  for (const _time of [1, 2])
    expect((await put('/override', { state: 'off', until: noon })).json).toMatchObject({
      override: { state: 'off', until: noon },
      isAvailable: false,
      because: 'override',
      changesAt: noon,
    });
  const first = await enter('2026-11-23', '2026-11-24');
  expect(first.status).toBe(201);
  expect((await enter('2026-11-23', '2026-11-24')).json).toEqual(first.json);
  expect(await view()).toMatchObject({
    absences: [first.json],
    because: 'absent',
    // it ends on a Wednesday, and the hours are on Mondays
    changesAt: '2026-11-30T16:00:00.000Z',
  });
  const path = `/v1/me/availability/absences/${String(first.json['id'])}`;
  for (const _time of [1, 2]) expect((await api.call(`DELETE ${path}`, { cookie })).status).toBe(204);
  expect((await put('/override', { state: null })).json).toMatchObject({ override: null, because: 'hours' });

  const events = await api.db
    .selectFrom('events')
    .select('kind')
    .where('subjectId', '=', `${npn}-2027`)
    .execute();
  expect(events.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'availability-changed'));
});

test('an override that has expired is gone from the answer', async () => {
  await put('/override', { state: 'off', until: '2026-11-23T17:30:00Z' });
  clock = new Date('2026-11-23T17:30:00Z');
  expect(await view()).toMatchObject({ override: null, isAvailable: true, because: 'always' });
});

test('several parts are replaced at once, and what is left out stays', async () => {
  await put('/hours', nineToFive);
  const absences = [{ from: '2026-12-24', until: '2026-12-31' }];
  expect((await put('', { override: { state: 'on' }, absences })).json).toMatchObject({
    hours: nineToFive,
    override: { state: 'on', until: null },
    absences: [{ id: expect.any(String), ...absences[0] }],
  });
  expect((await put('', { override: null, absences: [], hours: {} })).json).toMatchObject({
    hours: none,
    override: null,
    absences: [],
  });
});

describe('every error is reported at once', () => {
  test('in hours', async () => {
    const wrong = await put('/hours', {
      monday: [
        { from: '9:00', until: '17:00' },
        { from: '18:00', until: '24:30' },
      ],
      tuesday: [
        { from: '09:00', until: '12:00' },
        { from: '11:00', until: '13:00' },
      ],
      thursday: [{ from: '10:00', until: '10:00' }],
      sunday: [{ from: '22:00' }],
      someday: [],
    });
    expect(wrong.status).toBe(422);
    expect(codesOf(wrong)).toEqual({
      '/monday/0/from': 'wrong-format',
      '/monday/1/until': 'wrong-format',
      '/tuesday/1': 'overlapping',
      '/thursday/0': 'empty',
      '/sunday/0/until': 'required',
      '/someday': 'unknown-field',
    });
  });

  test('in an override', async () => {
    expect(codesOf(await put('/override', { state: 'maybe', until: '2026-11-23T16:59:59Z' }))).toEqual({
      '/state': 'not-one-of',
      '/until': 'past',
    });
  });

  test('in absences', async () => {
    await enter('2026-12-01', '2026-12-05');
    expect(codesOf(await enter('2026-12-05', '2026-12-06'))).toEqual({ '/from': 'overlapping' });
    expect(codesOf(await enter('2026-11-19', '2026-11-20'))).toEqual({ '/until': 'past' });
    expect(codesOf(await enter('2026-11-21', '2026-02-30'))).toEqual({ '/until': 'wrong-format' });
    expect(codesOf(await enter('2026-12-21', '2026-12-20'))).toEqual({ '/until': 'before-from' });
    // the agent's time zone decides which day is today
    clock = new Date('2026-11-24T04:30:00Z');
    expect((await enter('2026-11-23', '2026-11-23')).status).toBe(201);
  });

  test('in all of them', async () => {
    const wrong = await put('', {
      hours: { monday: [{ from: '10:00', until: '10:00' }] },
      override: { state: 'on', until: '2020-01-01T00:00:00Z' },
      absences: [
        { from: '2026-12-01', until: '2026-12-05' },
        { from: '2026-12-05', until: '2026-12-04' },
        { from: '2026-12-04', until: '2026-12-04' },
      ],
    });
    expect(codesOf(wrong)).toEqual({
      '/hours/monday/0': 'empty',
      '/override/until': 'past',
      '/absences/1/until': 'before-from',
      '/absences/2/from': 'overlapping',
    });
    expect(await view()).toMatchObject({ because: 'always' });
  });
});

test('the number of future absences is limited', async () => {
  const day = (number: number) => new Date(Date.UTC(2027, 0, 1 + number * 2)).toISOString().slice(0, 10);
  const absences = Array.from({ length: 50 }, (_, index) => ({ from: day(index), until: day(index) }));
  expect((await put('', { absences })).status).toBe(200);
  expect(codesOf(await enter(day(60), day(60)))).toEqual({ '/from': 'too-many' });
  expect((await enter(day(3), day(3))).status).toBe(201);
});

test('another agent’s absence is unknown', async () => {
  const { json } = await enter('2026-12-01', '2026-12-05');
  const [, other] = await anAgent();
  for (const id of [String(json['id']), randomUUID(), 'x'])
    expect((await api.call(`DELETE /v1/me/availability/absences/${id}`, { cookie: other })).status).toBe(404);
  expect((await view())['absences']).toHaveLength(1);
});
