import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { loadReferenceData } from '../../../store/database/reference/load.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, invite, logInAs, testPassword, validHelpRequest } from '../../harness/people/people.ts';

let api: ApiHarness;
let ops: string;
beforeAll(async () => {
  api = await openApiHarness();
  ops = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

const request = async (change: object) =>
  api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), ...change },
    headers: { 'Idempotency-Key': randomUUID() },
  });
const placeOfReferral = (id: unknown) =>
  api.db
    .selectFrom('referrals')
    .select(['zip', 'city', 'state', 'timeZone', 'lat'])
    .where('id', '=', String(id))
    .executeTakeFirstOrThrow();
const placeOfAgent = (npn: string) =>
  api.db
    .selectFrom('agents')
    .select(['zip', 'timeZone', 'lat', 'lon'])
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();

describe('a ZIP that is newer than the table, in a request for help', () => {
  test('requires the state, lists the possible ones, and uses the place of its neighbor there', async () => {
    const withoutState = await request({ zip: '85288' });
    expect([withoutState.status, codesOf(withoutState), withoutState.json['states']]).toEqual([
      422,
      { '/state': 'state-needed' },
      ['AZ'],
    ]);
    const accepted = await request({ zip: '85288', state: 'AZ' });
    expect(accepted.status).toBe(201);
    expect(await placeOfReferral(accepted.json['id'])).toEqual({
      zip: '85288',
      city: 'Tempe',
      state: 'AZ',
      timeZone: 'America/Phoenix',
      lat: 33.4285,
    });
  });

  test('is refused with a state that its first three digits do not belong to', async () => {
    expect(codesOf(await request({ zip: '85288', state: 'UT' }))).toEqual({ '/state': 'not-of-zip' });
  });

  test('lists both states where its first three digits lie in two; each has its own neighbors and time zone', async () => {
    const withoutState = await request({ zip: '73999' });
    expect([codesOf(withoutState), withoutState.json['states']]).toEqual([
      { '/state': 'state-needed' },
      ['OK', 'TX'],
    ]);
    for (const state of ['OK', 'TX']) {
      const { json } = await request({ zip: '73999', state });
      expect(await placeOfReferral(json['id'])).toMatchObject({ zip: '73999', state });
    }
  });

  test('refers to the marketplace of its state, as a known ZIP does', async () => {
    const withoutState = await request({ zip: '10000' });
    expect([codesOf(withoutState), withoutState.json['states']]).toEqual([
      { '/state': 'state-needed' },
      ['NY'],
    ]);
    expect(problemNameOf(await request({ zip: '10000', state: 'NY' }))).toBe('state-marketplace');
  });

  test('of a territory or the military gets the same answer as a known one: there is no state to choose', async () => {
    expect(codesOf(await request({ zip: '00999' }))).toEqual({ '/zip': 'territory' });
    expect(codesOf(await request({ zip: '09899' }))).toEqual({ '/zip': 'military' });
  });

  test.each(['00000', '21300'])('is unknown where no ZIP has these first digits: %s', async (zip) => {
    expect(codesOf(await request({ zip }))).toEqual({ '/zip': 'unknown-zip' });
    expect(codesOf(await request({ zip, state: 'AZ' }))).toEqual({ '/zip': 'unknown-zip' });
  });

  test('does not concern a known ZIP, however it is written', async () => {
    for (const zip of ['85004-1234', '85004 1234', '850041234', ' ８５００４ ', '85004\u20131234']) {
      const { status, json } = await request({ zip });
      expect(status).toBe(201);
      expect(await placeOfReferral(json['id'])).toMatchObject({ zip: '85004', city: 'Phoenix' });
    }
    expect(codesOf(await request({ zip: '8500' }))).toEqual({ '/zip': 'wrong-format' });
    expect(codesOf(await request({ zip: '85004-12' }))).toEqual({ '/zip': 'wrong-format' });
  });
});

describe('a ZIP that is newer than the table, of an agent', () => {
  test('is accepted in the profile, at the place of its neighbor', async () => {
    const npn = await addAgent(api.db, { registered: true, stage: 'active' });
    const cookie = await logInAs(api, { npn });
    const answer = await api.call('PATCH /v1/me/profile', { cookie, body: { zip: '85288-1234' } });
    expect([answer.status, answer.json['zip']]).toEqual([200, '85288']);
    expect(await placeOfAgent(npn)).toEqual({
      zip: '85288',
      timeZone: 'America/Phoenix',
      lat: 33.4285,
      lon: -111.9349,
    });
    const none = await api.call('PATCH /v1/me/profile', { cookie, body: { zip: '21300' } });
    expect(codesOf(none)).toEqual({ '/zip': 'unknown-zip' });
  });

  test('is accepted in a registration', async () => {
    const { token, id } = await invite(api, await addAgent(api.db));
    const { json: terms } = await api.call('GET /v1/terms/terms-of-use');
    const body = {
      token,
      username: `ana.${randomUUID().slice(0, 8)}`,
      password: testPassword,
      phone: '(621) 234-0130',
      contactPreference: 'email-text',
      zip: '85288',
      termsOfUseVersion: terms['version'],
    };
    // no workflow runs here, so the registration stays stored
    expect((await api.call('POST /v1/registrations', { body })).status).toBe(503);
    const saved = await api.db
      .selectFrom('registrationRequests')
      .select(['zip', 'phone'])
      .where('invitationId', '=', id)
      .execute();
    expect(saved).toEqual([{ zip: '85288', phone: '+16212340130' }]);
    const none = await api.call('POST /v1/registrations', { body: { ...body, zip: '21300' } });
    expect(codesOf(none)).toEqual({ '/zip': 'unknown-zip' });
  });
});

describe('ops and the ZIP table', () => {
  const put = (zip: string, body: object, cookie = ops) =>
    api.call(`PUT /v1/ops/zips/${zip}`, { cookie, body });
  const table = async () => (await api.call('GET /v1/ops/zips', { cookie: ops })).json;

  test('see its age', async () => {
    expect(await table()).toMatchObject({
      asOf: '2021-11-04',
      loadedAt: expect.any(String),
      zips: 42_560,
      set: [],
    });
  });

  test('nobody else sees it or sets a row', async () => {
    const cookie = await logInAs(api, { npn: await addAgent(api.db, { registered: true }) });
    const body = { city: 'Tempe', state: 'AZ', reason: 'x' };
    expect((await api.call('GET /v1/ops/zips', { cookie })).status).toBe(403);
    expect((await put('85288', body, cookie)).status).toBe(403);
    expect((await api.call('PUT /v1/ops/zips/85288', { body })).status).toBe(401);
  });

  test('set a row with a reason: consumers there are not asked for the state, agents move, and the record names the person', async () => {
    const npn = await addAgent(api.db, { registered: true, stage: 'active' });
    const cookie = await logInAs(api, { npn });
    await api.call('PATCH /v1/me/profile', { cookie, body: { zip: '85289' } });
    const body = {
      city: 'Tempe Junction',
      state: 'AZ',
      lat: 33.43,
      lon: -111.92,
      reason: 'Postal Bulletin 22,600',
    };
    const set = await put('85289', body);
    const { city, state, lat, lon, reason } = body;
    const row = { zip: '85289', city, state, lat, lon, timeZone: 'America/Phoenix', reason };
    expect([set.status, set.json]).toEqual([200, { ...row, setAt: expect.any(String) }]);
    const { json } = await request({ zip: '85289' });
    expect(await placeOfReferral(json['id'])).toMatchObject({ zip: '85289', city: 'Tempe Junction' });
    expect(await placeOfAgent(npn)).toMatchObject({ lat: 33.43, lon: -111.92 });
    expect((await table())['set']).toEqual([set.json]);

    // a repeat is not recorded again
    expect((await put('85289', body)).json).toEqual(set.json);
    const acts = await api.db
      .selectFrom('zipChanges')
      .innerJoin('accounts', 'accounts.id', 'zipChanges.accountId')
      .select(['zip', 'reason', 'role'])
      .execute();
    expect(acts).toEqual([{ zip: '85289', reason, role: 'ops' }]);

    // a correction is, and both stay recorded
    const corrected = await put('85289', { ...body, city: 'Tempe', reason: 'a typo' });
    expect(corrected.json).toMatchObject({ city: 'Tempe', reason: 'a typo' });
    expect((await table())['set']).toEqual([corrected.json]);
    expect(await api.db.selectFrom('zipChanges').select('city').execute()).toHaveLength(2);
  });

  test('get the position and time zone of the neighbor where they leave them out', async () => {
    const { json } = await put('85288', { city: 'Tempe', state: 'AZ', reason: 'new since July 2022' });
    expect(json).toMatchObject({ lat: 33.4285, lon: -111.9349, timeZone: 'America/Phoenix' });
    expect((await request({ zip: '85288' })).status).toBe(201);
    expect(codesOf(await request({ zip: '85288', state: 'UT' }))).toEqual({ '/state': 'not-of-zip' });
  });

  test('can add unknown first digits, with a complete place', async () => {
    const body = { city: 'Newtown', state: 'TX', reason: 'a new center' };
    expect(codesOf(await put('21301', body))).toEqual({
      '/lat': 'required',
      '/lon': 'required',
      '/timeZone': 'required',
    });
    const place = { lat: 30, lon: -97, timeZone: 'America/Chicago' };
    expect((await put('21301', { ...body, ...place })).status).toBe(200);
    expect((await request({ zip: '21301' })).status).toBe(201);
    // from now on a ZIP with these digits requires the state
    expect(codesOf(await request({ zip: '21302' }))).toEqual({ '/state': 'state-needed' });
  });

  test('see an error for every invalid field', async () => {
    const body = { city: '', state: 'QQ', lat: 91, timeZone: 'Mars/Olympus', reason: ' ', more: 1 };
    expect(codesOf(await put('85287', body))).toEqual({
      '/reason': 'wrong-format',
      '/lon': 'required',
      '/city': 'too-small',
      '/state': 'unknown-state',
      '/lat': 'too-big',
      '/timeZone': 'unknown-time-zone',
      '/more': 'unknown-field',
    });
    expect(codesOf(await put('85287', { city: 'Tempe', state: 'AZ', lat: 33, reason: 'x' }))).toEqual({
      '/lon': 'required',
    });
    expect((await put('852', { city: 'Tempe', state: 'AZ', reason: 'x' })).status).toBe(404);
  });

  test('keep their rows when the file is loaded again', async () => {
    const client = new Client({ connectionString: api.ownerUrl });
    await client.connect();
    await client.query(`update reference_files set sha256 = 'of an older file' where name = 'zips'`);
    await client.query('begin');
    await loadReferenceData(client);
    await client.query('commit');
    await client.end();
    expect((await request({ zip: '85288' })).status).toBe(201);
    const { json } = await request({ zip: '85289' });
    expect(await placeOfReferral(json['id'])).toMatchObject({ city: 'Tempe', lat: 33.43 });
    expect(await table()).toMatchObject({ zips: 42_562, asOf: '2021-11-04' });
  });
});
