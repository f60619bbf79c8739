import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import type { Client } from '@temporalio/client';
import { recordEvent } from '../../../store/events.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { addAgent, hour, invite, testPassword } from '../../harness/people/people.ts';

const now = new Date('2027-01-01T06:00:00Z');
let api: ApiHarness;
/** Ids of the workflows that received an update. */
let updated: string[];
beforeAll(async () => {
  api = await openApiHarness({ now: () => now, temporal: acceptingWorkflows() });
});
beforeEach(() => {
  updated = [];
});
afterAll(() => api.close());

/** A client whose workflows all accept a registration. */
function acceptingWorkflows(): Client {
  const getHandle = (workflowId: string) => ({
    executeUpdate: async () => {
      updated.push(workflowId);
      return { stage: 'awaiting-terms' };
    },
  });
  const client = { workflow: { getHandle }, withDeadline: (_at: number, call: () => unknown) => call() };
  return client as unknown as Client;
}

/** Adds an agent with a link of 2026 and an onboarding for each year; eligible for 2027. */
async function agentOfTwoYears(
  link: { expiresAt: Date; endedAs?: string },
  old: { closed?: boolean; eligible?: boolean },
): Promise<{ npn: string; token: string }> {
  const npn = await addAgent(api.db, { stage: 'invited' });
  const before = new Date(now.getTime() - 72 * hour);
  await api.db
    .insertInto('onboardings')
    .values({
      npn,
      planYear: 2026,
      stage: old.closed ? 'lapsed' : 'invited',
      since: before,
      createdAt: before,
    })
    .execute();
  if (old.closed)
    await api.db
      .updateTable('onboardings')
      .set({ closedAt: now })
      .where('npn', '=', npn)
      .where('planYear', '=', 2026)
      .execute();
  await seedEvidence(api.db, {
    npn,
    planYear: 2026,
    // 2026 is not over for an agent whose registration ends later in the new year
    registration: { endsOn: old.closed ? '2026-12-31' : '2027-06-30', npnValid: old.eligible ? 'Y' : 'N' },
  });
  await seedEvidence(api.db, { npn, planYear: 2027 });
  await api.db
    .updateTable('onboardings')
    .set({ eligibleAt: before })
    .where('npn', '=', npn)
    .where('planYear', '=', 2027)
    .execute();
  const { token } = await invite(api, npn, { ...link, planYear: 2026 });
  return { npn, token };
}

const live = { expiresAt: new Date(now.getTime() + hour) };
const dead = { expiresAt: new Date(now.getTime() - hour), endedAs: 'expired' };

async function register(token: string, username = `ana.${randomUUID().slice(0, 8)}`) {
  const { version } = (await api.call('GET /v1/terms/terms-of-use')).json;
  return api.call('POST /v1/registrations', {
    body: {
      token,
      username,
      password: testPassword,
      phone: '+18015550123',
      contactPreference: 'email-text',
      zip: '84101',
      termsOfUseVersion: version,
    },
  });
}
async function renewalsOf(npn: string) {
  const rows = await api.db
    .selectFrom('onboardings')
    .select('planYear')
    .where('npn', '=', npn)
    .where('invitationRequestedAt', 'is not', null)
    .execute();
  return rows.map(({ planYear }) => planYear);
}
const renew = (token: string) => api.call('POST /v1/invitations/renewal', { body: { token } });

test.each([
  ['is closed', { closed: true }],
  ['is not eligible any more', { eligible: false }],
])('a link whose year %s registers for the year that can use it', async (_how, old) => {
  const { npn, token } = await agentOfTwoYears(live, old);
  const { json } = await api.call('POST /v1/invitations/lookup', { body: { token } });
  expect(json['planYear']).toBe(2027);
  const answer = await register(token);
  expect([answer.status, answer.json['planYear']]).toEqual([201, 2027]);
  expect(updated).toEqual([`onboarding-${npn}-2027`]);
});

test('a link whose year is open and eligible registers for that one', async () => {
  const { npn, token } = await agentOfTwoYears(live, { eligible: true });
  expect((await register(token)).json['planYear']).toBe(2026);
  expect(updated).toEqual([`onboarding-${npn}-2026`]);
});

test('a repeat goes to the workflow that accepted the first one', async () => {
  const { npn, token } = await agentOfTwoYears(live, { eligible: true });
  const username = `ana.${npn}`;
  const [invitation] = await api.db.selectFrom('invitations').select('id').where('npn', '=', npn).execute();
  const invitationId = invitation?.id ?? '';
  await api.db
    .updateTable('agents')
    .set({ registeredAt: now, phone: '+18015550123', contactPreference: 'email-text', zip: '84101' })
    .where('npn', '=', npn)
    .execute();
  const { version, sha256 } = await api.db
    .selectFrom('termsDocuments')
    .select(['version', 'sha256'])
    .where('kind', '=', 'terms-of-use')
    .executeTakeFirstOrThrow();
  const accountId = randomUUID();
  const passwordHash = await hash(testPassword);
  await api.db
    .insertInto('accounts')
    .values({ id: accountId, username, passwordHash, role: 'agent', npn, createdAt: now })
    .execute();
  const from = { ipAddress: '192.0.2.1', userAgent: 'tests' };
  await api.db
    .insertInto('termsAcceptances')
    .values({ npn, kind: 'terms-of-use', version, sha256, acceptedAt: now, accountId, ...from })
    .execute();
  await api.db
    .updateTable('invitations')
    .set({ endedAs: 'registered', endedAt: now, registrationRequestId: randomUUID() })
    .where('npn', '=', npn)
    .execute();
  await recordEvent(api.db, {
    subject: { kind: 'onboarding', npn, planYear: 2027 },
    kind: 'registered',
    at: now,
    by: 'agent',
    data: { invitationId },
  });
  const answer = await register(token, username);
  expect([answer.status, answer.json['planYear']]).toEqual([201, 2027]);
  expect(updated).toEqual([`onboarding-${npn}-2027`]);
});

test.each([
  ['is closed', { closed: true }, [2027]],
  ['is not eligible any more', { eligible: false }, [2027]],
  ['can use it', { eligible: true }, [2026]],
])(
  'an ended link whose year %s is renewed for the years that can issue one',
  async (_how, old, planYears) => {
    const { npn, token } = await agentOfTwoYears(dead, old);
    expect((await renew(token)).status).toBe(202);
    expect(await renewalsOf(npn)).toEqual(planYears);
  },
);
