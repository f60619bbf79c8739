import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LineType } from '../../../domain/notifications/contact.ts';
import { contactCode } from '../../../store/tokens.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { validHelpRequest } from '../../harness/people/people.ts';

const lineTypes: Readonly<Record<string, LineType>> = {
  '+15005550192': 'no-texts',
  '+15005550198': 'no-number',
  '+15005550199': 'landline',
};
const [landline, tollFree, unassigned, unknown] = ['199', '192', '198', '197'].map(
  (end) => `+1 500 555 0${end}`,
);
const mobile = '+1 602 555 0123';

let api: ApiHarness;
let lookedUp: string[] = [];
beforeAll(async () => {
  api = await openApiHarness({
    policy: { confirmConsumerContact: true },
    rateLimits: {
      intakeByContact: { points: 100, windowMs: 60_000 },
      messagesByContact: { points: 100, windowMs: 60_000 },
      messagesByContactADay: { points: 100, windowMs: 60_000 },
    },
    lineTypeLookup: async (phone) => {
      lookedUp.push(phone);
      if (phone === '+15005550197') throw new Error('Lookup is down');
      return lineTypes[phone] ?? 'mobile';
    },
  });
});
afterAll(() => api.close());

const request = async (change: object) =>
  api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), email: undefined, ...change },
    headers: { 'Idempotency-Key': randomUUID() },
  });

async function seedRequest(change: object) {
  const { status, json } = await request(change);
  expect(status).toBe(201);
  return json as unknown as { id: string; token: string };
}

const verify = ({ id, token }: { id: string; token: string }, body: object) =>
  api.call(`POST /v1/referrals/${id}/verification`, { bearer: token, body });

/** Channels of the codes as the page shows them. */
const codesBy = async ({ id, token }: { id: string; token: string }) =>
  (await api.call(`GET /v1/referrals/${id}`, { bearer: token })).json['codesBy'];

/** Channels over which the valid code was sent. */
async function channelsOf({ id: referralId }: { id: string }) {
  const code = await codeIdOf(referralId);
  const rows = await api.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select('channel')
    .where('dedupeKey', 'like', `contact-code ${code} %`)
    .orderBy('channel')
    .execute();
  return rows.map(({ channel }) => channel);
}

const codeOf = async ({ id }: { id: string }) =>
  contactCode(api.linkSecret, { id: await codeIdOf(id), channel: 'text' });

async function codeIdOf(referralId: string) {
  const { id } = await api.db
    .selectFrom('contactCodes')
    .select('id')
    .where('referralId', '=', referralId)
    .executeTakeFirstOrThrow();
  return id;
}

describe('the code for a phone', () => {
  test.each([
    ['a cell phone', mobile, 'text'],
    ['a landline', landline, 'voice'],
    ['a toll-free number', tollFree, 'voice'],
    ['a phone that cannot be looked up now', unknown, 'text'],
  ])('of %s is sent in the way that reaches it', async (_, phone, over) => {
    const one = await seedRequest({ phone });
    expect([await channelsOf(one), await codesBy(one)]).toEqual([[over], [over]]);
  });

  test('that was spoken starts the request like any other', async () => {
    const one = await seedRequest({ phone: landline });
    expect((await verify(one, { code: await codeOf(one) })).json['stage']).toBe('queued');
    expect(await codesBy(one)).toBeUndefined();
  });

  test('is sent in addition to the one for the address', async () => {
    const one = await seedRequest({ phone: landline, email: `${randomUUID()}@example.org` });
    expect(await channelsOf(one)).toEqual(['email', 'voice']);
  });

  test('is spoken where the consumer asks for a call, and on every repeat, until they ask for a text', async () => {
    const one = await seedRequest({ phone: mobile });
    for (const [body, over] of [
      [{ call: true }, 'voice'],
      [{}, 'voice'],
      [{ call: false }, 'text'],
    ] as const) {
      expect((await verify(one, body)).status).toBe(202);
      expect(await channelsOf(one)).toEqual([over]);
    }
  });

  test('goes to a corrected phone', async () => {
    const one = await seedRequest({ phone: mobile });
    const body = { phone: landline };
    await api.call(`PUT /v1/referrals/${one.id}/contact`, { bearer: one.token, body });
    expect(await channelsOf(one)).toEqual(['voice']);
  });
});

describe('a code that cannot be sent', () => {
  test('to an unassigned number is refused at once, and nothing is stored', async () => {
    const answer = await request({ phone: unassigned });
    expect([answer.status, codesOf(answer)]).toEqual([422, { '/phone': 'no-number' }]);
  });

  test('by text to a line without texts is refused', async () => {
    const answer = await request({ phone: landline, contactBy: 'text' });
    expect([answer.status, codesOf(answer)]).toEqual([422, { '/phone': 'landline' }]);
  });

  test('by call without a phone is refused', async () => {
    const one = await seedRequest({ phone: undefined, email: `${randomUUID()}@example.org` });
    const answer = await verify(one, { call: true });
    expect([answer.status, problemNameOf(answer)]).toEqual([409, 'not-allowed-now']);
  });

  test('together with a code to confirm is refused', async () => {
    const one = await seedRequest({ phone: mobile });
    const answer = await verify(one, { code: '123456', call: true });
    expect([answer.status, codesOf(answer)]).toEqual([422, { '/call': 'invalid' }]);
  });
});

test('a phone is looked up only to send a code, and only after the rate limits', async () => {
  lookedUp = [];
  const body = { ...(await validHelpRequest(api)), email: undefined, phone: mobile, coverageYear: 1999 };
  await api.call('POST /v1/referrals', { body, headers: { 'Idempotency-Key': randomUUID() } });
  expect(lookedUp).toEqual([]);
  await seedRequest({ phone: mobile });
  expect(lookedUp).toEqual(['+16025550123']);
});
