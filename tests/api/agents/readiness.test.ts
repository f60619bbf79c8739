import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { seedDelivery } from '../../harness/people/fixtures.ts';
import { addAgent, hour, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const nothing = { arrivedAt: null, failures: 0, failedAt: null };

/** Adds an active agent who serves a state; `addAgent` has them want UT. */
async function addServingAgent(state: string): Promise<string> {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const serving = { npn, state, planYear: 2027, fromAt: new Date(), untilAt: null };
  await api.db.insertInto('serving').values(serving).execute();
  return npn;
}

test('an agent reads what keeps offers from reaching them, and ops read the same', async () => {
  const npn = await addServingAgent('UT');
  const cookie = await logInAs(api, { npn });
  await api.db
    .updateTable('agents')
    .set({ contactPreference: 'email', emailUndeliverableAt: new Date(), restingSince: new Date() })
    .where('npn', '=', npn)
    .execute();
  const { status, json } = await api.call('GET /v1/me/readiness', { cookie });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    isReady: false,
    channels: expect.arrayContaining([
      { channel: 'email', isChosen: true, works: false, because: 'mail-returned', lately: nothing },
      { channel: 'push', isChosen: false, works: false, because: 'app-not-installed', lately: nothing },
    ]),
    obstacles: ['resting'],
  });
  const ops = await logInAs(api, { role: 'ops' });
  const agent = await api.call(`GET /v1/ops/onboardings/${npn}`, { cookie: ops });
  expect(agent.json['readiness']).toEqual(json);
});

describe('an agent who is offered nothing, whatever their channels and hours, reads why:', () => {
  const past = new Date('2026-11-01T05:00:00Z');
  test.each<[string, string, object, string[]]>([
    ['no state that they want is served', 'TX', {}, ['not-serving']],
    ['they have left', 'UT', { leftAt: past }, ['not-serving']],
    ['they are on hold', 'UT', { heldAt: past }, ['on-hold']],
  ])('%s', async (_, state, change, obstacles) => {
    const npn = await addServingAgent(state);
    const cookie = await logInAs(api, { npn });
    const reachable = { contactPreference: 'email', ...change };
    await api.db.updateTable('agents').set(reachable).where('npn', '=', npn).execute();
    const { json } = await api.call('GET /v1/me/readiness', { cookie });
    expect(json).toMatchObject({ isReady: false, obstacles });
  });

  test('and one who serves a state that they want is ready', async () => {
    const cookie = await logInAs(api, { npn: await addServingAgent('UT') });
    const { json } = await api.call('GET /v1/me/readiness', { cookie });
    expect(json).toMatchObject({ isReady: true, obstacles: [] });
  });
});

test('an agent reads what came of the messages of the last 30 days, by channel, to the phone and address they have now', async () => {
  const npn = await addServingAgent('UT');
  const cookie = await logInAs(api, { npn });
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * hour);
  const sent = [
    { channel: 'text', status: 'delivered', at: daysAgo(9) },
    { channel: 'text', status: 'refused', at: daysAgo(3) },
    { channel: 'text', status: 'refused', at: daysAgo(2) },
    { channel: 'text', status: 'refused', at: daysAgo(1), toAddress: '+18015550199' },
    { channel: 'text', status: 'refused', at: daysAgo(31) },
    // of mail the provider reports the delivery; a push that is accepted has arrived
    { channel: 'email', status: 'sent', at: daysAgo(4) },
    { channel: 'push', status: 'sent', at: daysAgo(5) },
  ] as const;
  for (const message of sent) await seedDelivery(api.db, { npn, ...message });
  const { json } = await api.call('GET /v1/me/readiness', { cookie });
  const lately = (json['channels'] as { channel: string; lately: unknown }[]).map((channel) => [
    channel.channel,
    channel.lately,
  ]);
  expect(Object.fromEntries(lately)).toEqual({
    text: { arrivedAt: sent[0].at.toISOString(), failures: 2, failedAt: sent[2].at.toISOString() },
    email: nothing,
    push: { arrivedAt: sent[6].at.toISOString(), failures: 0, failedAt: null },
  });
});
