import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ApiAnswer,
  type ApiHarness,
  codesOf,
  openApiHarness,
  problemNameOf,
} from '../../harness/api-harness.ts';
import { addAgent, hour, invite, logInAgain, logInAs, testPassword } from '../../harness/people/people.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

const reason = 'A complaint that Zelda took on the phone';
const post = (path: string, body: object = { reason }, as = cookie): Promise<ApiAnswer> =>
  api.call(`POST /v1/ops/${path}`, { cookie: as, body });
const detailsOf = async (npn: string) =>
  (await api.call(`GET /v1/ops/onboardings/${npn}`, { cookie })).json as unknown as Details;

interface Details {
  heldAt: string | null;
  leftAt: string | null;
  canDo: string[];
  onboardings: { planYear: number; canDo: string[]; events: { kind: string; by: string; text: string }[] }[];
  actions: { action: string; because: string | null; planYear: number | null; reason: string; by: string }[];
  notices: { kind: string; channels: { channel: string; status: string }[] }[];
}

/** Removes and returns the outbox messages about an agent. */
async function drainOutbox(npn: string): Promise<string[]> {
  const rows = await api.db.deleteFrom('outbox').returning(['type', 'payload']).execute();
  return rows.filter(({ payload }) => (payload as { npn?: string }).npn === npn).map(({ type }) => type);
}

describe('a hold', () => {
  test('is recorded with the person and the reason, wakes the onboarding without the reason, and is done once', async () => {
    const npn = await addAgent(api.db, { stage: 'active', registered: true });
    const first = await post(`agents/0${npn}/hold`);
    expect(first).toMatchObject({ status: 200, json: { npn, action: 'hold', leftAt: null } });
    expect(first.json['heldAt']).toBe(first.json['at']);
    expect(first.json['canDo']).toEqual(['release', 'deactivate', 'note']);
    expect(await drainOutbox(npn)).toEqual(['wake-onboarding']);

    const repeated = await post(`agents/${npn}/hold`, { reason: 'once more' });
    expect([repeated.status, repeated.json]).toEqual([200, first.json]);
    expect(await drainOutbox(npn)).toEqual([]);
    const { actions, onboardings } = await detailsOf(npn);
    expect(actions).toMatchObject([{ action: 'hold', reason, by: expect.stringMatching(/^user-/) }]);
    expect(onboardings[0]?.events).toMatchObject([
      { kind: 'held', by: 'ops', text: 'The operations team put the agent on hold' },
    ]);
    expect(JSON.stringify(onboardings)).not.toContain('Zelda');
    expect(api.logged()).not.toContain('Zelda');
  });

  test('ends by a release, which is done once; after it there can be another hold', async () => {
    const npn = await addAgent(api.db, { stage: 'active', registered: true });
    await post(`agents/${npn}/hold`);
    const released = await post(`agents/${npn}/release`);
    expect(released).toMatchObject({ status: 200, json: { heldAt: null } });
    expect(released.json['canDo']).toEqual(['hold', 'deactivate', 'note']);
    expect((await post(`agents/${npn}/release`)).json).toEqual(released.json);
    expect((await post(`agents/${npn}/hold`)).json['heldAt']).not.toBeNull();
    const { actions } = await detailsOf(npn);
    expect(actions.map(({ action }) => action)).toEqual(['hold', 'release', 'hold']);
  });

  test('cannot be released where there is none, and an agent who left cannot be put on hold', async () => {
    const npn = await addAgent(api.db, { stage: 'active', registered: true });
    const refused = await post(`agents/${npn}/release`);
    expect([refused.status, problemNameOf(refused)]).toEqual([409, 'not-allowed-now']);
    expect(refused.json).toMatchObject({ obstacle: 'not-held', detail: 'The agent is not on hold.' });
    await post(`agents/${npn}/deactivation`, { reason, because: 'departure' });
    for (const act of ['hold', 'release'])
      expect((await post(`agents/${npn}/${act}`)).json).toMatchObject({ status: 409, obstacle: 'left' });
    expect((await detailsOf(npn)).actions).toHaveLength(1);
  });

  test('keeps an agent from being invited again', async () => {
    const npn = await addAgent(api.db);
    await invite(api, npn, { endedAs: 'expired', expiresAt: new Date(Date.now() - hour) });
    expect((await detailsOf(npn)).canDo).toEqual(['invite', 'hold', 'deactivate', 'note']);
    await post(`agents/${npn}/hold`);
    expect((await detailsOf(npn)).canDo).toEqual(['release', 'deactivate', 'note']);
    expect((await post(`onboardings/${npn}/invitation`)).json).toMatchObject({
      status: 409,
      obstacle: 'held',
    });
  });
});

describe('another invitation', () => {
  test('is refused for an undeliverable address, with the time since when, and nothing is recorded', async () => {
    const npn = await addAgent(api.db, { stage: 'invitation-undeliverable' });
    await invite(api, npn, { endedAs: 'undeliverable' });
    const emailUndeliverableAt = new Date('2026-11-02T15:04:00Z');
    const mark = (value: { emailUndeliverableAt: Date | null }) =>
      api.db.updateTable('agents').set(value).where('npn', '=', npn).execute();
    await mark({ emailUndeliverableAt });
    await drainOutbox(npn);
    const refused = await post(`onboardings/${npn}/invitation`);
    expect([refused.status, problemNameOf(refused)]).toEqual([409, 'not-allowed-now']);
    expect(refused.json).toMatchObject({
      obstacle: 'address-undeliverable',
      at: emailUndeliverableAt.toISOString(),
      detail: expect.stringMatching(/undeliverable since Nov 2, .*10:04 AM.*The feed/),
    });
    expect(await drainOutbox(npn)).toEqual([]);
    const { actions, canDo, onboardings } = await detailsOf(npn);
    expect([actions, canDo, onboardings[0]?.events]).toEqual([[], ['hold', 'deactivate', 'note'], []]);

    // with another address
    await mark({ emailUndeliverableAt: null });
    expect((await post(`onboardings/${npn}/invitation`)).status).toBe(202);
    expect(await drainOutbox(npn)).toEqual(['wake-onboarding']);
  });
});

test('every action that the page offers is accepted, and every other is refused', async () => {
  const never = await addAgent(api.db, { stage: 'awaiting-eligibility' });
  const invited = await addAgent(api.db);
  await invite(api, invited);
  const active = await addAgent(api.db, { stage: 'active', registered: true });
  const onHold = await addAgent(api.db, { stage: 'suspended', registered: true });
  await post(`agents/${onHold}/hold`);
  const left = await addAgent(api.db, { stage: 'left', registered: true });
  await post(`agents/${left}/deactivation`, { reason, because: 'other' });
  const bad = await addAgent(api.db, { stage: 'invitation-undeliverable' });
  await invite(api, bad, { endedAs: 'undeliverable' });
  await api.db
    .updateTable('agents')
    .set({ emailUndeliverableAt: new Date() })
    .where('npn', '=', bad)
    .execute();
  const paths = {
    invite: 'onboardings/NPN/invitation',
    hold: 'agents/NPN/hold',
    release: 'agents/NPN/release',
    note: 'onboardings/NPN/notes',
    deactivate: 'agents/NPN/deactivation',
  };
  for (const npn of [never, invited, active, onHold, left, bad])
    for (const [act, path] of Object.entries(paths)) {
      const { canDo, actions } = await detailsOf(npn);
      const body = act === 'deactivate' ? { reason, because: 'departure' } : { reason: `${act} it` };
      const { status } = await post(path.replace('NPN', npn), body);
      // an action done before is not possible again, and answered as the first time
      const before = actions.find((one) => one.action === 'hold' || one.action === 'release')?.action === act;
      expect({ npn, act, ok: status < 300 }).toEqual({ npn, act, ok: before || canDo.includes(act) });
    }
});

describe('a deactivation', () => {
  test('has its kind, and is final', async () => {
    const npn = await addAgent(api.db, { stage: 'active', registered: true });
    const refused = await post(`agents/${npn}/deactivation`);
    expect([refused.status, Object.keys(codesOf(refused))]).toEqual([422, ['/because']]);
    const died = await post(`agents/${npn}/deactivation`, { reason, because: 'death' });
    expect(died).toMatchObject({ status: 200, json: { action: 'deactivate', canDo: ['note'] } });
    expect(died.json['leftAt']).toBe(died.json['at']);
    expect((await post(`agents/${npn}/deactivation`, { reason, because: 'death' })).json).toEqual(died.json);
    const other = await post(`agents/${npn}/deactivation`, { reason, because: 'departure' });
    expect(other.json).toMatchObject({ status: 409, obstacle: 'left' });
    const { actions, onboardings } = await detailsOf(npn);
    expect(actions).toMatchObject([{ action: 'deactivate', because: 'death', reason }]);
    expect(onboardings[0]?.events).toMatchObject([{ kind: 'departed', by: 'ops' }]);
  });
});

test('a death is also recorded for an agent who had left, once, and no other departure is', async () => {
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  await post(`agents/${npn}/deactivation`, { reason, because: 'departure' });
  const died = await post(`agents/${npn}/deactivation`, { reason, because: 'death' });
  expect(died).toMatchObject({ status: 200, json: { action: 'deactivate', canDo: ['note'] } });
  expect((await post(`agents/${npn}/deactivation`, { reason, because: 'death' })).json).toEqual(died.json);
  expect((await post(`agents/${npn}/deactivation`, { reason, because: 'other' })).status).toBe(409);
  const { leftBecause } = await api.db
    .selectFrom('agents')
    .select('leftBecause')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  expect(leftBecause).toBe('death');
});

test('the account of an agent who has died is closed; an agent who departed still sees the onboarding', async () => {
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  const gone = await addAgent(api.db, { stage: 'active', registered: true });
  const [own, other] = [await logInAs(api, { npn }), await logInAs(api, { npn: gone })];
  await post(`agents/${npn}/deactivation`, { reason, because: 'death' });
  await post(`agents/${gone}/deactivation`, { reason, because: 'departure' });
  expect((await api.call('GET /v1/session', { cookie: own })).status).toBe(204);
  expect((await api.call('GET /v1/me/onboarding', { cookie: other })).status).toBe(401);
  const again = await logInAgain(api, gone);
  expect((await api.call('GET /v1/me/onboarding', { cookie: again })).json).toMatchObject({ stage: 'left' });
  const { username } = await api.db
    .selectFrom('accounts')
    .select('username')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  expect((await api.call('POST /v1/session', { body: { username, password: testPassword } })).status).toBe(
    401,
  );
});

describe('a note', () => {
  test('is visible to ops only, about the agent or one plan year, also after the end', async () => {
    const npn = await addAgent(api.db, { stage: 'active', registered: true });
    const note = { reason: 'Called; wants to come back in spring' };
    const first = await post(`onboardings/${npn}/notes`, note);
    expect(first).toMatchObject({ status: 200, json: { action: 'note' } });
    // sent twice it is one note; the same words of another person are another
    expect((await post(`onboardings/${npn}/notes`, note)).json).toEqual(first.json);
    // the same words about one plan year are another note
    const ofYear = await post(`onboardings/${npn}/notes`, { ...note, planYear: 2027 });
    expect(ofYear.json['id']).not.toBe(first.json['id']);
    const colleague = await logInAs(api, { role: 'ops' });
    await post(`onboardings/${npn}/notes`, note, colleague);
    await post(`onboardings/${npn}/notes`, { reason: 'Sent the form', planYear: 2027 });
    expect(await drainOutbox(npn)).toEqual([]);
    const { actions, onboardings } = await detailsOf(npn);
    expect(actions.map((one) => [one.action, one.planYear, one.reason])).toEqual([
      ['note', 2027, 'Sent the form'],
      ['note', null, note.reason],
      ['note', 2027, note.reason],
      ['note', null, note.reason],
    ]);
    expect(new Set(actions.map(({ by }) => by)).size).toBe(2);
    expect(JSON.stringify(onboardings)).not.toContain('spring');
    expect((await post(`onboardings/${npn}/notes`, { reason: 'x', planYear: 2031 })).status).toBe(404);
  });
});

test('an action needs a reason of limited length and a known agent', async () => {
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  for (const body of [{}, { reason: '' }, { reason: '  ' }, { reason: 'x'.repeat(501) }])
    expect(Object.keys(codesOf(await post(`agents/${npn}/hold`, body)))).toEqual(['/reason']);
  for (const path of [
    'agents/4711/hold',
    'agents/4711/release',
    'onboardings/4711/notes',
    'onboardings/none/notes',
  ])
    expect(problemNameOf(await post(path))).toBe('not-found');
  expect(problemNameOf(await post('agents/4711/deactivation', { reason, because: 'other' }))).toBe(
    'not-found',
  );
  expect((await api.call('GET /v1/ops/onboardings/4711', { cookie })).status).toBe(404);
});

test('an agent cannot read what ops wrote about them', async () => {
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  const own = await logInAs(api, { npn });
  await post(`onboardings/${npn}/notes`, { reason: 'Sounded upset' });
  expect((await api.call(`GET /v1/ops/onboardings/${npn}`, { cookie: own })).status).toBe(403);
  const view = await api.call('GET /v1/me/onboarding', { cookie: own });
  expect([view.status, view.text.includes('upset')]).toEqual([200, false]);
});
