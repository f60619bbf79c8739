import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, hour, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

/** A morning long before the present, so that it has no other data. */
const morning = new Date('2026-06-01T14:00:00Z');
const minutesLater = (minutes: number) => new Date(morning.getTime() + minutes * 60_000);
const span = `from=${morning.toISOString()}&until=${minutesLater(240).toISOString()}`;
const read = async (query: string) => (await api.call(`GET /v1/ops/metrics?${query}`, { cookie })).json;

const available = (npn: string, from: number, until: number | null) =>
  api.db
    .insertInto('candidatePeriods')
    .values({
      npn,
      state: 'UT',
      fromAt: minutesLater(from),
      untilAt: until === null ? null : minutesLater(until),
    })
    .execute();

/** Adds an offer of a new referral, `at` minutes into the morning. */
async function offered(
  npn: string,
  at: number,
  answer: { acceptedAfter: number } | { endedAs: string; after: number },
): Promise<void> {
  const { id: referralId } = await requestReferral(api);
  const after = (minutes: number) => minutesLater(at + minutes);
  const ended =
    'acceptedAfter' in answer
      ? { acceptedAt: after(answer.acceptedAfter) }
      : { endedAs: answer.endedAs, endedAt: after(answer.after), endedBy: 'clock' };
  await api.db
    .insertInto('offers')
    .values({
      id: randomUUID(),
      referralId,
      npn,
      number: 1,
      shortCode: '4821',
      offeredAt: minutesLater(at),
      expiresAt: after(15),
      policyVersion: 'test',
      ...ended,
    })
    .execute();
}

test('offers an hour, their answers and response times, by state and agent', async () => {
  const [busy, idle] = [await addAgent(api.db), await addAgent(api.db)];
  // two hours, one of them before the span
  await available(busy, -60, 60);
  // not ended: counted to the end of the span
  await available(idle, 0, null);
  await offered(busy, 0, { acceptedAfter: 2 });
  await offered(busy, 20, { endedAs: 'declined', after: 4 });
  await offered(busy, 40, { endedAs: 'expired', after: 15 });
  await offered(busy, 55, { endedAs: 'unreachable', after: 1 });
  await offered(idle, 10, { acceptedAfter: 9 });
  // after the span
  await offered(idle, 300, { acceptedAfter: 1 });

  const all = await read(span);
  expect(all['states']).toEqual([
    {
      state: 'UT',
      availableHours: 5,
      offers: 5,
      offersPerAvailableHour: 1,
      acceptRate: 0.4,
      declineRate: 0.2,
      expireRate: 0.2,
      unreachableRate: 0.2,
      medianAnswerSeconds: 240,
    },
  ]);
  expect(all['agents']).toEqual([]);

  const ofState = await read(`${span}&state=UT`);
  expect(ofState['agents']).toMatchObject([
    { npn: idle, availableHours: 4, offers: 1, offersPerAvailableHour: 0.25, medianAnswerSeconds: 540 },
    { npn: busy, availableHours: 1, offers: 4, offersPerAvailableHour: 4, medianAnswerSeconds: 180 },
  ]);
  expect((await read(`${span}&npn=${idle}`))['agents']).toHaveLength(1);
  expect((await read(`${span}&state=TX`))['states']).toEqual([]);
});

test('requests by state, language and local hour, and how many found no agent', async () => {
  const requested = async (at: string, { stage = 'closed', language = 'en' } = {}) => {
    const { id } = await requestReferral(api);
    await api.db
      .updateTable('referrals')
      .set({ createdAt: new Date(at), stage, language })
      .where('id', '=', id)
      .execute();
  };
  // half past eight in the morning in Salt Lake City
  await requested('2026-07-01T14:30:00Z', { stage: 'unmatched', language: 'vi' });
  await requested('2026-07-02T14:10:00Z', { language: 'vi' });
  await requested('2026-07-02T03:10:00Z');
  await requested('2026-07-02T03:11:00Z', { stage: 'unconfirmed' });
  expect((await read('from=2026-07-01T00:00:00Z&until=2026-07-08T00:00:00Z'))['demand']).toEqual([
    { state: 'UT', language: 'vi', hour: 8, requests: 2, unmatched: 1 },
    { state: 'UT', language: 'en', hour: 21, requests: 1, unmatched: 0 },
  ]);
});

test('the span is the last seven days by default; one that ends before it begins is refused', async () => {
  const { from, until } = await read('');
  expect(Date.parse(String(until)) - Date.parse(String(from))).toBe(7 * 24 * hour);
  const wrong = await api.call(`GET /v1/ops/metrics?from=2026-07-08T00:00:00Z&until=2026-07-01T00:00:00Z`, {
    cookie,
  });
  expect([wrong.status, codesOf(wrong)]).toEqual([422, { '?from': 'not-before' }]);
});
