import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { opsOnboardingRoutes } from '../../../api/routes/ops/ops-onboardings.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, addOffer, hour, invite, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

interface Board {
  items: Record<string, unknown>[];
  nextPage: string | null;
}
const readBoard = async (path: string) =>
  (await api.call(`GET /v1/ops/${path}`, { cookie })).json as unknown as Board;

test('the board filters onboardings by stage, cause and age', async () => {
  const old = await addAgent(api.db, {
    stage: 'suspended',
    causes: ['npn-valid'],
    since: new Date(Date.now() - 30 * hour),
  });
  const young = await addAgent(api.db, { stage: 'suspended', causes: ['not-terminated'] });
  const npns = async (query: string) =>
    (await readBoard(`onboardings?${query}`)).items.map((item) => item['npn']);
  expect(await npns('stage=suspended')).toEqual([old, young]);
  expect(await npns('stage=suspended&cause=not-terminated')).toEqual([young]);
  expect(await npns('stage=suspended&olderThan=1%20day')).toEqual([old]);
  expect(await npns('stage=suspended&olderThan=31h')).toEqual([]);
  expect(await npns('stage=suspended&planYear=2026')).toEqual([]);
  const [item] = (await readBoard('onboardings?stage=suspended')).items;
  expect(item).toMatchObject({
    ageHours: 30,
    details: expect.stringMatching(/^Suspended: the NPN is not listed as valid/),
    canDo: ['hold', 'deactivate', 'note'],
  });
  expect(item).toHaveProperty('conditions.length', 9);
});

test('the summary counts onboardings by plan year and stage, and by cause, with the oldest of each', async () => {
  const since = new Date(Date.now() - 50 * hour);
  await addAgent(api.db, { stage: 'awaiting-eligibility', causes: ['npn-valid', 'late'], since });
  await addAgent(api.db, { stage: 'awaiting-eligibility', causes: ['late'] });
  await addAgent(api.db, { stage: 'awaiting-eligibility' });
  const { json } = await api.call('GET /v1/ops/onboardings/summary', { cookie });
  const summary = json as unknown as Record<'stages' | 'causes', Record<string, unknown>[]>;
  const here = { planYear: 2027, stage: 'awaiting-eligibility' };
  const oldestSince = since.toISOString();
  expect(summary.stages).toContainEqual({ ...here, count: 3, oldestSince });
  expect(summary.causes.filter(({ stage }) => stage === here.stage)).toEqual([
    { ...here, cause: 'late', count: 2, oldestSince },
    { ...here, cause: 'npn-valid', count: 1, oldestSince },
  ]);
});

test('the next automatic change is shown with its time', async () => {
  const npn = await addAgent(api.db, { stage: 'awaiting-terms', causes: ['terms-of-use'] });
  const { items } = await readBoard('onboardings?stage=awaiting-terms&cause=terms-of-use');
  const item = items.find((one) => one['npn'] === npn);
  // the agent has no evidence, so the only automatic change is the end of the plan year
  expect(item).toMatchObject({
    nextAction: 'Goes on to “Lapsed”',
    nextActionAt: '2028-01-01T05:00:00.000Z',
    details: 'Waiting for the agent to accept the Help On Demand Terms of Use',
  });
});

test('a page of the board needs as many queries as one row', async () => {
  let queries = 0;
  const counting = api.db.withPlugin({
    transformQuery: ({ node }) => {
      queries += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const [board] = opsOnboardingRoutes({ ...api.deps, db: counting });
  const rowsAndQueries = async (stage: string) => {
    queries = 0;
    const request = undefined as never;
    const boardRequest = {
      query: { stage },
      params: {},
      caller: {},
      body: undefined,
      known: undefined,
      request,
    };
    const reply = (await board?.handle(boardRequest)) as { body: Board };
    return [reply.body.items.length, queries];
  };
  await addAgent(api.db, { stage: 'active', registered: true });
  const [one, queriesOfOne] = await rowsAndQueries('active');
  for (let i = 0; i < 20; i += 1) await addAgent(api.db, { stage: 'invitation-expired' });
  expect(one).toBe(1);
  expect(await rowsAndQueries('invitation-expired')).toEqual([20, queriesOfOne]);
});

test('a long board comes in pages that omit nobody and repeat nobody', async () => {
  const since = new Date('2026-11-01T00:00:00Z');
  const added = new Set<unknown>();
  for (let i = 0; i < 120; i += 1) added.add(await addAgent(api.db, { stage: 'lapsed', since }));
  const seen: unknown[] = [];
  let page: string | null = '';
  do {
    const board: Board = await readBoard(`onboardings?stage=lapsed${page ? `&page=${page}` : ''}`);
    seen.push(...board.items.map((item) => item['npn']));
    page = board.nextPage;
  } while (page !== null);
  expect(seen.length).toBe(120);
  expect(new Set(seen)).toEqual(added);
  expect((await api.call('GET /v1/ops/onboardings?page=bm9uc2Vuc2U', { cookie })).status).toBe(422);
});

test('the referral board shows the agent of the current offer, and never the consumer', async () => {
  const { id } = await requestReferral(api);
  const npn = await addAgent(api.db, { registered: true });
  await addOffer(api.db, { referralId: id, npn, endedAs: 'expired' });
  await addOffer(api.db, { referralId: id, npn, number: 2 });
  const answer = await api.call('GET /v1/ops/referrals?stage=queued&state=UT', { cookie });
  const { items } = answer.json as unknown as Board;
  expect(items.find((item) => item['id'] === id)).toMatchObject({ npn, offers: 2, need: 'new-coverage' });
  expect(answer.text).not.toMatch(/Reyes|@|5550142|"zip"/);
});

test('ops invite an agent again, with the reason on record', async () => {
  const npn = await addAgent(api.db);
  await invite(api, npn);
  const body = { reason: 'The mail went to an old mailbox' };
  // leading zeros of an NPN are not significant
  const invited = await api.call(`POST /v1/ops/onboardings/0${npn}/invitation`, { cookie, body });
  expect(invited).toMatchObject({ status: 202, json: { npn, planYear: 2027, stage: 'invited' } });
  const events = await api.db
    .selectFrom('events')
    .selectAll()
    .where('subjectId', '=', `${npn}-2027`)
    .execute();
  // the reason stays with the action and is not in the agent's history
  expect(events).toMatchObject([{ kind: 'invitation-requested', by: 'ops', data: {} }]);
  expect(JSON.stringify(events)).not.toContain('mailbox');
  const repeated = await api.call(`POST /v1/ops/onboardings/${npn}/invitation`, { cookie, body });
  expect([repeated.status, repeated.json]).toEqual([202, invited.json]);
  const acts = await api.db.selectFrom('opsActions').selectAll().where('npn', '=', npn).execute();
  expect(acts).toMatchObject([{ action: 'invite', planYear: 2027, reason: body.reason }]);
});

test('an agent who is registered, or was never eligible, cannot be invited', async () => {
  const body = { reason: 'asked on the phone' };
  const invited = async (npn: string) =>
    problemNameOf(await api.call(`POST /v1/ops/onboardings/${npn}/invitation`, { cookie, body }));
  expect(await invited(await addAgent(api.db, { registered: true }))).toBe('already-registered');
  expect(await invited(await addAgent(api.db, { stage: 'awaiting-eligibility' }))).toBe('not-eligible');
  expect(await invited('4711')).toBe('not-found');
});

test('the filter for stuck onboardings lists those in progress and active ones with a cause', async () => {
  const stuck = [
    await addAgent(api.db, { stage: 'active', registered: true, causes: ['no-channel'] }),
    await addAgent(api.db, { stage: 'invitation-undeliverable', causes: ['undeliverable'] }),
  ];
  const well = [
    await addAgent(api.db, { stage: 'active', registered: true }),
    await addAgent(api.db, { stage: 'lapsed' }),
    await addAgent(api.db, { stage: 'left' }),
  ];
  const shown = (await readBoard('onboardings?stuck=yes')).items.map((item) => item['npn']);
  expect(shown).toEqual(expect.arrayContaining(stuck));
  expect(shown.filter((npn) => well.includes(npn as string))).toEqual([]);
  expect((await readBoard('onboardings?stuck=yes&cause=no-channel')).items).toHaveLength(1);
});
