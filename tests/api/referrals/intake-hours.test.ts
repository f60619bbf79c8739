import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Policy } from '../../../domain/policy.ts';
import { contactCode } from '../../../store/tokens.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { validHelpRequest } from '../../harness/people/people.ts';

// nine to five, every day, by the local time
const nineToFive: Policy['serviceCalendar'] = {
  hours: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 9 * 60, untilMinute: 17 * 60 }],
  closedSeasons: [],
};
const [evening, noon] = ['2026-11-24T02:00:00Z', '2026-11-24T19:00:00Z'];
const opening = '2026-11-24T16:00:00.000Z';

let api: ApiHarness;
let clock = new Date(noon);
beforeAll(async () => {
  const policy = { serviceCalendar: nineToFive, confirmConsumerContact: true, unconfirmedTtlMs: 86_400_000 };
  api = await openApiHarness({ policy, now: () => clock });
});
afterAll(() => api.close());

async function requestHelp() {
  const { status, json } = await api.call('POST /v1/referrals', {
    body: await validHelpRequest(api),
    headers: { 'Idempotency-Key': randomUUID() },
  });
  expect(status).toBe(201);
  return json as { id: string; token: string; opensAt: string | null };
}

async function confirm({ id: referralId, token }: { id: string; token: string }) {
  const { id } = await api.db
    .selectFrom('contactCodes')
    .select('id')
    .where('referralId', '=', referralId)
    .executeTakeFirstOrThrow();
  const code = contactCode(api.linkSecret, { id, channel: 'email' });
  const { json } = await api.call(`POST /v1/referrals/${referralId}/verification`, {
    bearer: token,
    body: { code },
  });
  return json;
}

test('a request outside the hours is answered with the opening time, also when it is confirmed', async () => {
  clock = new Date(evening);
  const created = await requestHelp();
  expect(created.opensAt).toBe(opening);
  expect(await confirm(created)).toMatchObject({ stage: 'queued', opensAt: opening });
});

test('a request within the hours has no opening time', async () => {
  clock = new Date(noon);
  const created = await requestHelp();
  expect(created.opensAt).toBeNull();
  expect(await confirm(created)).toMatchObject({ stage: 'queued', opensAt: null });
});

test('a request sent at noon and confirmed in the evening waits for the next morning, and the answer has that time', async () => {
  clock = new Date('2026-11-23T23:55:00Z');
  const created = await requestHelp();
  expect(created.opensAt).toBeNull();
  clock = new Date('2026-11-24T00:03:00Z');
  expect(await confirm(created)).toMatchObject({ stage: 'queued', opensAt: opening });
});

test('with a calendar that never opens every request is refused, with other places to find help', async () => {
  const closedSeasons = [{ firstOn: '2026-01-01', lastOn: '2099-12-31' }];
  const closed = await openApiHarness({
    policy: { serviceCalendar: { hours: [], closedSeasons } },
    now: () => clock,
  });
  try {
    const refused = await closed.call('POST /v1/referrals', {
      body: await validHelpRequest(closed),
      headers: { 'Idempotency-Key': randomUUID() },
    });
    expect([refused.status, problemNameOf(refused)]).toEqual([409, 'intake-paused']);
    expect(refused.json['detail']).toContain('1-800-318-2596');
    expect(await closed.db.selectFrom('referrals').select('id').execute()).toEqual([]);
  } finally {
    await closed.close();
  }
});
