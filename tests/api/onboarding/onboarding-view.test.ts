import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { seedAcceptedTerms } from '../../harness/people/fixtures.ts';
import { addAgent, hour, logInAs } from '../../harness/people/people.ts';

const now = new Date('2027-01-15T15:00:00Z');
const day = 24 * hour;
let api: ApiHarness;
let ops: string;
beforeAll(async () => {
  api = await openApiHarness({
    now: () => now,
    policy: { endWarningBeforeMs: [60, 30, 7].map((n) => n * day) },
  });
  ops = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

/** Seeds a registered agent who meets every condition. */
async function fulfilled(stage: string) {
  const npn = await addAgent(api.db, { registered: true, stage });
  await seedEvidence(api.db, { npn, planYear: 2027, states: ['UT'] });
  const cookie = await logInAs(api, { npn });
  await seedAcceptedTerms(api.db, npn, now);
  return { npn, cookie };
}

test('a closed onboarding stays as it was closed, whatever the feeds bring afterwards', async () => {
  const { npn, cookie } = await fulfilled('lapsed');
  const closedAt = new Date(now.getTime() - 5 * day);
  await api.db
    .updateTable('onboardings')
    .set({ closedAt, since: closedAt, causes: [] })
    .where('npn', '=', npn)
    .execute();
  const own = await api.call('GET /v1/me/onboarding', { cookie });
  expect(own.json).toMatchObject({
    stage: 'lapsed',
    since: closedAt.toISOString(),
    waitingFor: [],
    nextActionAt: null,
    nextAction: null,
  });
  const board = await api.call('GET /v1/ops/onboardings?stage=lapsed', { cookie: ops });
  const [item] = board.json['items'] as Record<string, unknown>[];
  expect(item).toMatchObject({
    npn,
    stage: 'lapsed',
    nextAction: expect.stringMatching(/^Nothing by itself/),
    nextActionAt: null,
  });
});

test('the next step of an active agent is the first expiration warning', async () => {
  const { cookie } = await fulfilled('active');
  const endsAt = new Date('2028-01-01T05:00:00Z');
  const { json } = await api.call('GET /v1/me/onboarding', { cookie });
  expect(json).toMatchObject({
    stage: 'active',
    nextActionAt: new Date(endsAt.getTime() - 60 * day).toISOString(),
    nextAction: 'warn-of-expiration',
    nextStage: null,
  });
});
