import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordDeparture } from '../../../store/agents/departures.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, hour, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const rowOf = (npn: string) =>
  api.db
    .selectFrom('agents')
    .select(['leftAt', 'leftBecause', 'leftBy'])
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
const departuresOf = (npn: string) =>
  api.db
    .selectFrom('events')
    .select(['by', 'data'])
    .where('subjectId', 'like', `${npn}-%`)
    .where('kind', '=', 'departed')
    .execute();

test('an agent leaves at once and only once, and can still read', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const cookie = await logInAs(api, { npn });
  const leave = (body: object) => api.call('POST /v1/me/departure', { cookie, body });
  const first = await leave({ reason: 'no-longer-selling' });
  expect(first).toMatchObject({ status: 200, json: { npn, planYear: 2027, stage: 'left' } });
  const row = await rowOf(npn);
  expect(row).toMatchObject({ leftBecause: 'agent', leftBy: 'agent', leftAt: expect.any(Date) });

  expect(await leave({})).toMatchObject({ status: 200, json: { stage: 'left' } });
  expect(await rowOf(npn)).toEqual(row);
  expect(await departuresOf(npn)).toEqual([
    { by: 'agent', data: { because: 'agent', reason: 'no-longer-selling' } },
  ]);
  const messages = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
  expect(messages.filter(({ payload }) => (payload as { npn?: string }).npn === npn)).toEqual([
    { type: 'wake-onboarding', payload: { npn, planYear: 2027 } },
  ]);
  expect((await api.call('GET /v1/me/profile', { cookie })).status).toBe(200);
  expect((await api.call('GET /v1/me/referrals', { cookie })).status).toBe(200);
});

test('a reason is one from the list, or none', async () => {
  const npn = await addAgent(api.db, { registered: true });
  const cookie = await logInAs(api, { npn });
  const body = { reason: 'because I said so' };
  expect((await api.call('POST /v1/me/departure', { cookie, body })).status).toBe(422);
  expect((await rowOf(npn)).leftAt).toBeNull();
});

test('the first record of a departure stays; an agent who came back can leave again', async () => {
  const npn = await addAgent(api.db, { registered: true });
  const at = new Date();
  const record = (because: 'agent' | 'departure', when: Date) =>
    api.db
      .transaction()
      .execute((tx) =>
        recordDeparture(tx, { npn, because, by: because === 'agent' ? 'agent' : 'ops', at: when }),
      );
  expect(await record('departure', at)).toBe(true);
  expect(await record('agent', new Date(at.getTime() + hour))).toBe(false);
  expect(await rowOf(npn)).toMatchObject({ leftAt: at, leftBecause: 'departure', leftBy: 'ops' });

  // the workflow has closed it, and training for another year has opened the next
  await api.db.updateTable('onboardings').set({ closedAt: at }).where('npn', '=', npn).execute();
  const createdAt = new Date(at.getTime() + 2 * hour);
  await api.db
    .insertInto('onboardings')
    .values({ npn, planYear: 2028, since: createdAt, createdAt })
    .execute();
  expect(await record('agent', new Date(at.getTime() + 3 * hour))).toBe(true);
  expect(await rowOf(npn)).toMatchObject({ leftBecause: 'agent' });
  expect(await departuresOf(npn)).toHaveLength(2);
  expect(
    await api.db
      .transaction()
      .execute((tx) => recordDeparture(tx, { npn: '1', because: 'agent', by: 'agent', at })),
  ).toBe(undefined);
});
