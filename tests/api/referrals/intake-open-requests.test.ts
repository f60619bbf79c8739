import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { logInAs, validHelpRequest } from '../../harness/people/people.ts';

let api: ApiHarness;
let ops: string;
beforeAll(async () => {
  api = await openApiHarness();
  ops = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

const request = async (change: object = {}) =>
  api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), ...change },
    headers: { 'Idempotency-Key': randomUUID() },
  });

const linksSentAgain = async (referralId: unknown) => {
  const rows = await api.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select('channel')
    .where('kind', '=', 'link-resent')
    .where('referralId', '=', String(referralId))
    .execute();
  return rows.map(({ channel }) => channel);
};

describe('where contact is not confirmed, a second open request of the same person', () => {
  test.each([
    ['phone', 'text'],
    ['email', 'email'],
  ] as const)('by %s is refused, and only the link of the first is sent there', async (field, channel) => {
    const first = await request();
    const { phone, email } = await validHelpRequest(api);
    const mine = { phone, email, [field]: undefined };
    const contact = field === 'phone' ? { phone: '(602) 555-0150' } : { email: 'Same.One@example.com' };
    const readStored = await request(contact);
    const second = await request({ ...mine, ...contact });
    expect([second.status, problemNameOf(second)]).toEqual([409, 'already-open']);
    expect(second.text).not.toContain(String(readStored.json['id']));
    expect(await linksSentAgain(readStored.json['id'])).toEqual([channel]);
    expect(await linksSentAgain(first.json['id'])).toEqual([]);
  });

  test('is recognized by its address in any case of its letters', async () => {
    expect((await request({ email: 'Mixed.Case@example.com' })).status).toBe(201);
    expect((await request({ email: 'mixed.case@EXAMPLE.com' })).status).toBe(409);
  });

  test('sends the link a few times an hour and no more, with the same answer', async () => {
    const email = `${randomUUID()}@example.com`;
    const { json } = await request({ email });
    for (let time = 0; time < 7; time++) expect((await request({ email })).status).toBe(409);
    expect(await linksSentAgain(json['id'])).toHaveLength(5);
  });

  test('at the same moment: one is accepted', async () => {
    const email = `${randomUUID()}@example.com`;
    const answers = await Promise.all([1, 2, 3, 4].map(() => request({ email })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
  });

  test.each([
    ['phone', 'call'],
    ['email', 'email'],
  ] as const)(
    'by a %s that an agent reported as wrong is a first one: its owner is somebody else',
    async (field, contactBy) => {
      const contact = { phone: '(602) 555-0151', email: `${randomUUID()}@example.com` };
      const { json } = await request({ ...contact, contactBy });
      await api.db
        .updateTable('referrals')
        .set({ contactWrongAt: new Date() })
        .where('id', '=', String(json['id']))
        .execute();
      const { phone, email } = await validHelpRequest(api);
      const owner = { phone, email, [field]: contact[field] };
      expect((await request(owner)).status).toBe(201);
      expect(await linksSentAgain(json['id'])).toEqual([]);
      // by the contact that was not wrong it is the same person
      const other = field === 'phone' ? 'email' : 'phone';
      const again = await request({ ...(await validHelpRequest(api)), [other]: contact[other] });
      expect(problemNameOf(again)).toBe('already-open');
      await api.db
        .updateTable('referrals')
        .set({ stage: 'withdrawn', closedAt: new Date() })
        .where('closedAt', 'is', null)
        .execute();
    },
  );

  test('is a new one after the first has ended', async () => {
    const email = `${randomUUID()}@example.com`;
    const { json } = await request({ email });
    await api.db
      .updateTable('referrals')
      .set({ stage: 'withdrawn', closedAt: new Date() })
      .where('id', '=', String(json['id']))
      .execute();
    expect((await request({ email })).status).toBe(201);
  });
});

test('a correction after the consent was withdrawn changes nothing, and not even its hash is stored', async () => {
  const { json } = await request();
  const [id, bearer] = [String(json['id']), String(json['token'])];
  // no workflow runs here: the withdrawal is recorded, and the end comes later
  await api.call(`POST /v1/referrals/${id}/consent/rescission`, { bearer, body: {} });
  const readStored = async () => ({
    counts: await api.db.selectFrom('rateLimits').select('key').orderBy('key').execute(),
    keys: await api.db.selectFrom('contactKeys').select('key').where('referralId', '=', id).execute(),
  });
  const before = await readStored();
  const body = { phone: '(602) 555-0152', email: `${randomUUID()}@example.com` };
  const corrected = await api.call(`PUT /v1/referrals/${id}/contact`, { bearer, body });
  expect([corrected.status, problemNameOf(corrected)]).toEqual([503, 'not-answered-yet']);
  expect(await readStored()).toEqual({ ...before, keys: [] });
});

test.each([
  [{ phone: undefined }, 'email'],
  [{ email: undefined }, 'call'],
  [{}, 'call'],
  [{ contactBy: 'relay' }, 'relay'],
])('a request with %j has the contact preference %s', async (change, contactBy) => {
  const { json } = await request(change);
  const page = await api.call(`GET /v1/referrals/${String(json['id'])}`, { bearer: String(json['token']) });
  expect(page.json['contactBy']).toBe(contactBy);
});

describe('a ZIP that crosses a state line', () => {
  test('requires the state, and accepts one of the two', async () => {
    const withoutState = await request({ zip: '73949' });
    expect([codesOf(withoutState), withoutState.json['states']]).toEqual([
      { '/state': 'state-needed' },
      ['OK', 'TX'],
    ]);
    const texan = await request({ zip: '73949', state: 'TX' });
    const { state, city } = await api.db
      .selectFrom('referrals')
      .select(['state', 'city'])
      .where('id', '=', String(texan.json['id']))
      .executeTakeFirstOrThrow();
    expect({ state, city }).toEqual({ state: 'TX', city: 'Texhoma' });
    expect(codesOf(await request({ zip: '73949', state: 'UT' }))).toEqual({ '/state': 'not-of-zip' });
  });

  test('is handled by the state that was chosen: the other may have its own marketplace', async () => {
    const newMexican = await request({ zip: '88063', state: 'NM' });
    expect(problemNameOf(newMexican)).toBe('state-marketplace');
    expect((await request({ zip: '88063', state: 'TX' })).status).toBe(201);
  });

  test('is the only kind that requires the state, and a wrong state is an error', async () => {
    expect((await request({ zip: '84101', state: 'UT' })).status).toBe(201);
    expect(codesOf(await request({ zip: '84101', state: 'NV' }))).toEqual({ '/state': 'not-of-zip' });
  });
});

describe('ops pause the intake of a state', () => {
  const act = (what: 'pause' | 'resume', body: object) =>
    api.call(`POST /v1/ops/intake/${what}`, { cookie: ops, body });

  test('and consumers there are informed, in their language, until it is resumed', async () => {
    const paused = await act('pause', { state: 'TX', reason: 'a storm' });
    expect([paused.status, paused.json]).toEqual([
      200,
      { paused: [{ state: 'TX', reason: 'a storm', since: expect.any(String), notice: {} }] },
    ]);
    const refused = await request({ zip: '78701' });
    expect([refused.status, problemNameOf(refused), refused.json['state']]).toEqual([
      409,
      'intake-paused',
      'TX',
    ]);
    expect(refused.json['detail']).toMatch(/1-800-318-2596/);
    expect((await request({ zip: '84101' })).status).toBe(201);

    const notice = { en: 'Back on Monday.', es: 'Volvemos el lunes.' };
    const better = { state: 'TX', reason: 'said better', notice };
    const since = (answer: typeof paused) => (answer.json['paused'] as { since: string }[])[0]?.since;
    const second = await act('pause', better);
    expect(second.json).toMatchObject({ paused: [{ reason: 'said better', notice }] });
    expect((await act('pause', better)).json).toEqual(second.json);
    expect(since(second)).toBe(since(paused));
    expect((await request({ zip: '78701' })).json['detail']).toBe('Back on Monday.');
    const spanish = await request({ zip: '78701', language: 'es' });
    expect(spanish.json['detail']).toBe('Volvemos el lunes.');
    // the page may be in another language than the request
    expect(spanish.json['notice']).toEqual(notice);

    expect((await act('resume', { state: 'TX', reason: 'it is over' })).json).toEqual({ paused: [] });
    expect((await request({ zip: '78701' })).status).toBe(201);
    const acts = await api.db
      .selectFrom('intakePauses')
      .select(['pauseReason', 'resumeReason'])
      .orderBy('resumedAt')
      .execute();
    expect(acts).toEqual([
      { pauseReason: 'a storm', resumeReason: 'said better' },
      { pauseReason: 'said better', resumeReason: 'it is over' },
    ]);
  });

  test('with a reason; a repeat of an earlier request gets its first answer', async () => {
    const refused = await act('pause', { state: 'Texas' });
    expect(codesOf(refused)).toMatchObject({ '/state': expect.any(String), '/reason': expect.any(String) });
    const [body, headers] = [await validHelpRequest(api), { 'Idempotency-Key': randomUUID() }];
    await api.call('POST /v1/referrals', { body, headers });
    await act('pause', { state: 'UT', reason: 'too many' });
    expect((await api.call('POST /v1/referrals', { body, headers })).status).toBe(201);
    await act('resume', { state: 'UT', reason: 'enough' });
  });
});
