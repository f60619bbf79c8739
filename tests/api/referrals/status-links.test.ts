import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { validHelpRequest } from '../../harness/people/people.ts';

const received = { status: 202, text: '{"status":"received"}' };
const rateLimits = {
  renewalsByNetwork: { points: 40, windowMs: 60_000 },
  messagesByContact: { points: 3, windowMs: 60_000 },
};

const requestLinkFrom = (api: ApiHarness) => (body: object) =>
  api.call('POST /v1/status-link-requests', { body });

const requestIn = (api: ApiHarness) => async (contact: object) => {
  const { json } = await api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), phone: undefined, email: undefined, ...contact },
    headers: { 'Idempotency-Key': randomUUID() },
  });
  return String(json['id']);
};

async function channelsOf(api: ApiHarness, referralId: string) {
  const rows = await api.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select('channel')
    .where('kind', '=', 'link-resent')
    .where('referralId', '=', referralId)
    .execute();
  return rows.map(({ channel }) => channel);
}

describe('where contact is not confirmed, the link of an open request', () => {
  let api: ApiHarness;
  beforeAll(async () => {
    api = await openApiHarness({ rateLimits });
  });
  afterAll(() => api.close());

  test('is sent again to the contact that asks for it, in any spelling', async () => {
    const email = `${randomUUID()}@example.com`;
    const id = await requestIn(api)({ email, phone: '(602) 555-0160' });
    expect(await requestLinkFrom(api)({ email: email.toUpperCase() })).toMatchObject(received);
    expect(await channelsOf(api, id)).toEqual(['email']);
    expect(await requestLinkFrom(api)({ phone: '+1 602.555.0160' })).toMatchObject(received);
    expect(await channelsOf(api, id)).toEqual(['email', 'text']);
    expect(
      await api.db.selectFrom('outbox').select('type').where('type', '=', 'send-notice').execute(),
    ).toHaveLength(2);
  });

  test('is not sent to an unknown contact, after the request has ended, or to a contact reported as wrong', async () => {
    expect(await requestLinkFrom(api)({ email: `${randomUUID()}@example.com` })).toMatchObject(received);
    const email = `${randomUUID()}@example.com`;
    const id = await requestIn(api)({ email });
    const change = (to: object) => api.db.updateTable('referrals').set(to).where('id', '=', id).execute();
    await change({ contactWrongAt: new Date() });
    expect(await requestLinkFrom(api)({ email })).toMatchObject(received);
    await change({ contactWrongAt: null, closedAt: new Date(), stage: 'withdrawn' });
    expect(await requestLinkFrom(api)({ email })).toMatchObject(received);
    expect(await channelsOf(api, id)).toEqual([]);
  });

  test('is sent a few times an hour and no more, with the same answer', async () => {
    const email = `${randomUUID()}@example.com`;
    const id = await requestIn(api)({ email });
    await api.db.deleteFrom('rateLimits').execute();
    for (let time = 0; time < 5; time += 1)
      expect(await requestLinkFrom(api)({ email })).toMatchObject(received);
    expect(await channelsOf(api, id)).toHaveLength(3);
  });

  test.each([
    [{}, { '/phone': 'phone-or-email-needed' }],
    [{ phone: '(012) 555-0160' }, { '/phone': 'not-a-us-phone' }],
    [{ email: 'nobody' }, { '/email': 'not-an-email' }],
    [{ npn: '12345' }, { '/npn': 'unknown-field', '/phone': 'phone-or-email-needed' }],
  ])('needs a phone number or an address: %j', async (body, codes) => {
    const answer = await requestLinkFrom(api)(body);
    expect([answer.status, codesOf(answer)]).toEqual([422, codes]);
  });

  test('cannot be requested for address after address', async () => {
    await api.db.deleteFrom('rateLimits').execute();
    const answers = [];
    for (let time = 0; time < 41; time += 1)
      answers.push(await requestLinkFrom(api)({ email: `${randomUUID()}@example.com` }));
    expect(answers.slice(0, 40).every(({ status }) => status === 202)).toBe(true);
    expect(answers.slice(40).map(problemNameOf)).toEqual(['too-many-requests']);
  });
});

describe('where contact is confirmed', () => {
  let api: ApiHarness;
  beforeAll(async () => {
    api = await openApiHarness({ rateLimits, policy: { confirmConsumerContact: true } });
  });
  afterAll(() => api.close());
  beforeEach(() => api.db.deleteFrom('rateLimits').execute());

  test('it is sent only to a confirmed contact', async () => {
    const email = `${randomUUID()}@example.com`;
    const id = await requestIn(api)({ email, phone: '(602) 555-0161' });
    // an address without its code entered belongs to nobody
    expect(await requestLinkFrom(api)({ email })).toMatchObject(received);
    expect(await channelsOf(api, id)).toEqual([]);
    await api.db.updateTable('referrals').set({ stage: 'queued' }).where('id', '=', id).execute();
    await api.db
      .updateTable('contactKeys')
      .set({ confirmedAt: new Date() })
      .where('referralId', '=', id)
      .where('channel', '=', 'email')
      .execute();
    expect(await requestLinkFrom(api)({ email, phone: '(602) 555-0161' })).toMatchObject(received);
    expect(await channelsOf(api, id)).toEqual(['email']);
  });
});
