import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness } from '../../harness/api-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { addAgent, hour, invite, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({ lineTypeLookup: async () => 'mobile' });
});
afterAll(() => api.close());

/** Adds an agent who wants Utah and is licensed in these states; the first is the resident one. */
async function licensed(states: string[]) {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  await seedEvidence(api.db, { npn, planYear: 2027, states });
  return { npn, cookie: await logInAs(api, { npn }) };
}
const patch = (cookie: string, body: object) => api.call('PATCH /v1/me/profile', { cookie, body });

test('the profile names the source of its locked fields, and the states that can be chosen', async () => {
  const { cookie } = await licensed(['TX', 'FL']);
  const { json } = await api.call('GET /v1/me/profile', { cookie });
  expect(json).toMatchObject({
    source: 'MLMS',
    syncedAt: expect.any(String),
    changeAt: 'https://portal.cms.gov',
    states: ['UT'],
  });
  const available = json['availableStates'] as { state: string; canChoose: boolean; because?: string }[];
  expect(available).toHaveLength(29);
  expect(available.filter(({ canChoose }) => canChoose).map(({ state }) => state)).toEqual(['FL', 'TX']);
  // in the feed, but not served
  expect(available).toContainEqual({ state: 'UT', canChoose: false, because: 'no-license' });
});

test('name and email address have the date of the feed’s last release with the same values', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const cookie = await logInAs(api, { npn });
  const { token } = await invite(api, npn);
  const { syncedAt: takenOverAt } = await api.db
    .selectFrom('agents')
    .select('syncedAt')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const syncs = async () => {
    const own = await api.call('GET /v1/me/profile', { cookie });
    const invited = await api.call('POST /v1/invitations/lookup', { body: { token } });
    return [own.json['syncedAt'], invited.json['syncedAt']];
  };
  const releasedAt = (feed: 'training-completions' | 'licenses', days: number) => {
    const receivedAt = new Date(takenOverAt.getTime() + days * 24 * hour);
    const figures = { added: 0, changed: 0, removed: 0, unchanged: 1, bad: 0, bytes: 1, sha256: '' };
    return api.db
      .insertInto('feedReleases')
      .values({ kind: feed, receivedAt, ...figures })
      .execute();
  };
  const day = (days: number) => new Date(takenOverAt.getTime() + days * 24 * hour).toISOString();
  const same = { firstName: 'Marisol', lastName: 'Okafor', email: `${npn}@example.com` };
  await seedEvidence(api.db, { npn, planYear: 2026, training: { ...same, firstName: 'Mari' } });
  await seedEvidence(api.db, { npn, planYear: 2027, training: same });
  await releasedAt('training-completions', 2);
  await releasedAt('training-completions', 1);
  await releasedAt('licenses', 3);
  expect(await syncs()).toEqual([day(2), day(2)]);
  // the next release has another name, which the agent's workflow has not taken over yet
  await seedEvidence(api.db, { npn, planYear: 2027, training: { ...same, lastName: 'Okafor-Reyes' } });
  await releasedAt('training-completions', 4);
  expect(await syncs()).toEqual([day(0), day(0)]);
});

test('a state that cannot be chosen fails with its reason; one that is already chosen may stay', async () => {
  const { cookie } = await licensed(['TX']);
  const answer = await patch(cookie, { states: ['UT', 'TX', 'FL', 'CA', 'ZZ'] });
  expect(codesOf(answer)).toEqual({
    '/states/2': 'no-license',
    '/states/3': 'own-marketplace',
    '/states/4': 'unknown-state',
  });
  expect(answer.text).toContain('We have no license of yours for this state on record.');
  expect((await patch(cookie, { states: ['UT', 'TX'] })).json).toMatchObject({ states: ['UT', 'TX'] });
  // once removed it is treated as any other state
  await patch(cookie, { states: ['TX'] });
  expect(codesOf(await patch(cookie, { states: ['TX', 'UT'] }))).toEqual({ '/states/1': 'no-license' });
});

test('choosing no language and no state is allowed', async () => {
  const { cookie } = await licensed(['TX']);
  expect(await patch(cookie, { languages: [], states: [] })).toMatchObject({
    status: 200,
    json: { languages: [], states: [] },
  });
});

test('a new phone has to be confirmed; the same phone is no change', async () => {
  const { npn, cookie } = await licensed(['TX']);
  const phoneOf = () =>
    api.db
      .selectFrom('agents')
      .select(['phone', 'phoneLineType', 'phoneConfirmedAt'])
      .where('npn', '=', npn)
      .executeTakeFirstOrThrow();
  await api.db.updateTable('agents').set({ phoneConfirmedAt: new Date() }).where('npn', '=', npn).execute();
  await patch(cookie, { phone: '(801) 555-0123' });
  expect((await phoneOf()).phoneConfirmedAt).not.toBeNull();
  const events = () =>
    api.db.selectFrom('events').select('kind').where('subjectId', '=', `${npn}-2027`).execute();
  expect(await events()).toEqual([]);

  await patch(cookie, { phone: '(801) 555-0188' });
  expect(await phoneOf()).toEqual({ phone: '+18015550188', phoneLineType: 'mobile', phoneConfirmedAt: null });
  expect(await events()).toEqual([{ kind: 'phone-code-sent' }, { kind: 'profile-changed' }]);
});
