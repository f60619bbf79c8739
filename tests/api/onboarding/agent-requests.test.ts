import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentRequest } from '../../../store/onboarding/agent-requests.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { addAgent, anyNpn, hour, invite, logInAs } from '../../harness/people/people.ts';

const planYear = 2027;
let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({
    rateLimits: {
      agentRequestsByNpn: { points: 2, windowMs: 60_000 },
      agentRequestsByNetwork: { points: 100, windowMs: 60_000 },
    },
  });
});
afterAll(() => api.close());

const statusOf = (npn: string) => api.call('POST /v1/onboarding-status-requests', { body: { npn } });
const logInOf = (npn: string) => api.call('POST /v1/log-in-reminders', { body: { npn } });
const same = { status: 202, text: '{"status":"received"}' };

/** Adds an agent with training in the MLMS. */
async function trained(how: Parameters<typeof addAgent>[1] & { closedAt?: Date } = {}) {
  const { closedAt, ...about } = how;
  const npn = await addAgent(api.db, about);
  await seedEvidence(api.db, { npn, planYear });
  if (closedAt) await api.db.updateTable('onboardings').set({ closedAt }).where('npn', '=', npn).execute();
  return npn;
}

const noticesOf = (npn: string) =>
  api.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'noticeId', 'notices.id')
    .select(['notices.id', 'kind', 'data', 'channel', 'toAddress'])
    .where('npn', '=', npn)
    .execute();
const eventsOf = async (npn: string) =>
  (
    await api.db
      .selectFrom('events')
      .select('kind')
      .where('subjectId', '=', `${npn}-${planYear}`)
      .orderBy('sequence')
      .execute()
  ).map(({ kind }) => kind);
async function messagesAbout(npn: string) {
  const rows = await api.db.selectFrom('outbox').select(['type', 'payload']).orderBy('id').execute();
  const [notice] = await noticesOf(npn);
  return rows.filter(({ payload }) => {
    const of = payload as { npn?: string; noticeId?: string };
    return of.npn === npn || (of.noticeId !== undefined && of.noticeId === notice?.id);
  });
}

test('an agent who waits is sent the unmet conditions, to the MLMS address only; the onboarding does not change', async () => {
  const npn = await trained({ stage: 'awaiting-eligibility' });
  await api.db.deleteFrom('licenses').where('npn', '=', npn).execute();
  const before = await api.db.selectFrom('onboardings').selectAll().where('npn', '=', npn).execute();
  expect(await statusOf(npn)).toMatchObject(same);
  const asked = { stage: 'awaiting-eligibility', isRegistered: false, linkExpiresAt: null };
  expect(await noticesOf(npn)).toMatchObject([
    {
      kind: 'status-answer',
      channel: 'email',
      toAddress: null,
      data: { asked, unmet: [{ name: 'licensed-with-health-line' }] },
    },
  ]);
  expect(await eventsOf(npn)).toEqual(['status-requested']);
  expect(await messagesAbout(npn)).toEqual([{ type: 'wake-onboarding', payload: { npn, planYear } }]);
  expect(await api.db.selectFrom('onboardings').selectAll().where('npn', '=', npn).execute()).toEqual(before);
});

test('an NPN in another spelling is the same agent', async () => {
  const npn = await trained();
  expect(await statusOf(`0${npn}`)).toMatchObject(same);
  expect(await noticesOf(npn)).toHaveLength(1);
});

test('an invited agent is sent the end of the invitation, not the link', async () => {
  const npn = await trained();
  const { token } = await invite(api, npn);
  await statusOf(npn);
  const [notice] = await noticesOf(npn);
  expect(notice?.data).toMatchObject({ asked: { stage: 'invited', linkExpiresAt: expect.any(String) } });
  expect(JSON.stringify(notice)).not.toContain(token);
});

test('an agent whose invitation met a full mailbox is sent the time of the next one; ops see it too', async () => {
  const npn = await trained({ stage: 'invitation-undeliverable', causes: ['undeliverable'] });
  await invite(api, npn, { endedAs: 'undeliverable' });
  const retryAt = new Date(Date.now() + 4 * hour);
  await api.db.updateTable('invitations').set({ retryAt }).where('npn', '=', npn).execute();
  await statusOf(npn);
  const asked = { stage: 'invitation-undeliverable', retryAt: retryAt.toISOString() };
  expect(await noticesOf(npn)).toMatchObject([{ data: { asked } }]);
  const cookie = await logInAs(api, { role: 'ops' });
  const detailsFor = async () => {
    const { json } = await api.call(`GET /v1/ops/onboardings/${npn}`, { cookie });
    return (json as unknown as { onboardings: { details: string }[] }).onboardings[0]?.details;
  };
  expect(await detailsFor()).toMatch(/the address is good; another one goes out at .+/);
  // an address that is marked by then gets none
  const bad = { emailUndeliverableAt: new Date() };
  await api.db.updateTable('agents').set(bad).where('npn', '=', npn).execute();
  expect(await detailsFor()).toMatch(/waiting for another address/);
});

test('nothing is sent for an unknown NPN, or one without an email address from the MLMS', async () => {
  const [stranger, untrained] = [anyNpn(), await addAgent(api.db)];
  for (const npn of [stranger, untrained]) {
    expect(await statusOf(npn)).toMatchObject(same);
    expect(await logInOf(npn)).toMatchObject(same);
    expect([await noticesOf(npn), await eventsOf(npn), await messagesAbout(npn)]).toEqual([[], [], []]);
  }
});

test('nothing is sent to an agent who has died', async () => {
  const npn = await trained({ registered: true, stage: 'left' });
  await api.db
    .updateTable('agents')
    .set({ leftAt: new Date(), leftBecause: 'death', leftBy: 'ops' })
    .where('npn', '=', npn)
    .execute();
  expect(await statusOf(npn)).toMatchObject(same);
  expect([await noticesOf(npn), await messagesAbout(npn)]).toEqual([[], []]);
});

test('an agent who just came with the feed and was never reviewed gets an answer too', async () => {
  const npn = anyNpn();
  await seedEvidence(api.db, { npn, planYear });
  const at = new Date();
  await api.db.insertInto('onboardings').values({ npn, planYear, since: at, createdAt: at }).execute();
  await statusOf(npn);
  expect(await noticesOf(npn)).toMatchObject([{ kind: 'status-answer', channel: 'email' }]);
});

test('a missing NPN is a failed field', async () => {
  for (const npn of ['', '12345678901', 'abc', '0']) expect((await statusOf(npn)).status).toBe(422);
});

test('where no workflow runs any more, a notice is sent by its own workflow', async () => {
  const npn = await trained({ registered: true, stage: 'lapsed', closedAt: new Date() });
  await statusOf(npn);
  const [notice] = await noticesOf(npn);
  expect(notice?.data).toMatchObject({ asked: { stage: 'lapsed', isRegistered: true } });
  const payload = { noticeId: notice?.id, kind: 'status-answer', channels: ['email'] };
  expect(await messagesAbout(npn)).toEqual([{ type: 'send-notice', payload }]);
});

test('an agent with a log-in is reminded of it; others are sent their onboarding’s stage', async () => {
  const npn = await trained({ registered: true, stage: 'active' });
  await logInAs(api, { npn });
  await logInOf(npn);
  const [notice] = await noticesOf(npn);
  // the username is read when the mail is written
  expect(notice).toMatchObject({ kind: 'log-in-reminder', data: {} });
  expect(await eventsOf(npn)).toEqual(['log-in-reminder-requested']);

  const newcomer = await trained();
  await logInOf(newcomer);
  expect(await noticesOf(newcomer)).toMatchObject([{ kind: 'status-answer' }]);
});

describe('an invitation whose link arrived incomplete', () => {
  const invitationOf = (npn: string) => api.call('POST /v1/invitation-requests', { body: { npn } });
  const invitationsOf = (npn: string) =>
    api.db.selectFrom('invitations').selectAll().where('npn', '=', npn).execute();
  const wantedSince = (npn: string) =>
    api.db
      .selectFrom('onboardings')
      .select('invitationRequestedAt')
      .where('npn', '=', npn)
      .executeTakeFirstOrThrow();

  test('is sent again with the same link: knowing an NPN cannot invalidate a link', async () => {
    const npn = await trained();
    await invite(api, npn);
    const before = await invitationsOf(npn);
    expect(await invitationOf(`0${npn}`)).toMatchObject(same);
    expect(await noticesOf(npn)).toMatchObject([{ kind: 'invitation', channel: 'email', toAddress: null }]);
    expect(await invitationsOf(npn)).toEqual(before);
    expect(await wantedSince(npn)).toEqual({ invitationRequestedAt: null });
    expect(await messagesAbout(npn)).toEqual([{ type: 'wake-onboarding', payload: { npn, planYear } }]);
    expect(await eventsOf(npn)).toEqual(['invitation-requested']);
  });

  test('is sent by its own workflow where the plan year that issued it is over', async () => {
    const npn = await trained({ closedAt: new Date() });
    await invite(api, npn);
    await invitationOf(npn);
    expect(await messagesAbout(npn)).toMatchObject([
      { type: 'send-notice', payload: { kind: 'invitation' } },
    ]);
  });

  test('is issued again once it has expired', async () => {
    const npn = await trained({ stage: 'invitation-expired' });
    await invite(api, npn, { expiresAt: new Date(Date.now() - 60_000), endedAs: 'expired' });
    expect(await invitationOf(npn)).toMatchObject(same);
    expect(await wantedSince(npn)).toEqual({ invitationRequestedAt: expect.any(Date) });
    expect(await messagesAbout(npn)).toEqual([{ type: 'wake-onboarding', payload: { npn, planYear } }]);
  });

  test('does not exist yet, or was used: the agent is sent the onboarding’s stage', async () => {
    const [early, registered] = [
      await trained({ stage: 'awaiting-eligibility' }),
      await trained({ registered: true, stage: 'active' }),
    ];
    for (const npn of [early, registered]) {
      expect(await invitationOf(npn)).toMatchObject(same);
      expect(await noticesOf(npn)).toMatchObject([{ kind: 'status-answer' }]);
    }
  });

  test('gets the same answer for an unknown NPN', async () => {
    const npn = anyNpn();
    expect(await invitationOf(npn)).toMatchObject(same);
    expect([await noticesOf(npn), await messagesAbout(npn)]).toEqual([[], []]);
  });
});

describe('limits', () => {
  test('for one NPN count both routes together, and reaching them is not shown', async () => {
    const npn = await trained({ registered: true });
    const sentKinds: AgentRequest[] = [];
    for (const send of [statusOf, logInOf, statusOf, logInOf]) expect(await send(npn)).toMatchObject(same);
    for (const { kind } of await noticesOf(npn)) sentKinds.push(kind as AgentRequest);
    expect(sentKinds).toEqual(['status-answer', 'status-answer']);
    const limits = await api.db.selectFrom('rateLimits').select('key').execute();
    expect(JSON.stringify(limits)).not.toContain(npn);
  });

  test('for one network are shown', async () => {
    const strict = await openApiHarness({
      rateLimits: { agentRequestsByNetwork: { points: 1, windowMs: 60_000 } },
    });
    try {
      const body = { npn: anyNpn() };
      expect((await strict.call('POST /v1/log-in-reminders', { body })).status).toBe(202);
      const refused = await strict.call('POST /v1/onboarding-status-requests', { body });
      expect([refused.status, problemNameOf(refused)]).toEqual([429, 'too-many-requests']);
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    } finally {
      await strict.close();
    }
  });
});
