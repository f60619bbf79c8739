import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContactChannel } from '../../../domain/notifications/contact.ts';
import { contactCode } from '../../../store/tokens.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { cleanUp } from '../../harness/clean-up.ts';
import { addAgent, addOffer, hour, logInAs, validHelpRequest } from '../../harness/people/people.ts';

/*
 * A consumer may enter their own address and somebody else's phone, and confirm only the address. The phone must not be used
 * until its own code has been entered.
 */

let api: ApiHarness;
let clock = Date.now();
beforeAll(async () => {
  api = await openApiHarness({ policy: { confirmConsumerContact: true }, now: () => new Date(clock) });
});
afterAll(() => api.close());

interface HelpRequest {
  id: string;
  token: string;
  phone: string;
  email: string;
}

/** Adds a request with a phone, an address and consent to texts, with nothing confirmed yet. */
async function seedRequest(): Promise<HelpRequest> {
  const consent = await api.call('GET /v1/consents/texts?language=en');
  const contact = { phone: `+1602555${randomInt(1000, 9999)}`, email: `${randomUUID()}@example.org` };
  const textConsent = { version: consent.json['version'] };
  const body = { ...(await validHelpRequest(api)), ...contact, contactBy: 'call', textConsent };
  const { json, status } = await api.call('POST /v1/referrals', {
    body,
    headers: { 'Idempotency-Key': randomUUID() },
  });
  expect(status).toBe(201);
  return { ...contact, id: String(json['id']), token: String(json['token']) };
}

const enter = ({ id, token }: HelpRequest, body: object) =>
  api.call(`POST /v1/referrals/${id}/verification`, { bearer: token, body });
const view = async ({ id, token }: HelpRequest) =>
  (await api.call(`GET /v1/referrals/${id}`, { bearer: token })).json;

/** Code that was sent to the phone or the address at intake. */
async function codeOf({ id }: HelpRequest, channel: ContactChannel): Promise<string> {
  const row = await api.db
    .selectFrom('contactCodes')
    .select('id')
    .where('referralId', '=', id)
    .executeTakeFirstOrThrow();
  return contactCode(api.linkSecret, { id: row.id, channel });
}

/** Adds an acceptance. @returns a reader of the consumer's contact as the agent sees it */
async function accepted({ id }: HelpRequest): Promise<() => Promise<unknown>> {
  const npn = await addAgent(api.db, { registered: true });
  await addOffer(api.db, { referralId: id, npn, acceptedAt: new Date(clock) });
  const cookie = await logInAs(api, { npn });
  return async () => {
    const { json } = await api.call('GET /v1/me/referrals', { cookie });
    return (json['referrals'] as { consumer: unknown }[])[0]?.consumer;
  };
}

const channelsOf = async ({ id }: HelpRequest, kind: string) => {
  const rows = await api.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select('channel')
    .where('referralId', '=', id)
    .where('kind', '=', kind)
    .execute();
  return rows.map(({ channel }) => channel);
};

describe('an unconfirmed contact of a confirmed request', () => {
  test('is not shown to an agent and not used before its own code', async () => {
    const one = await seedRequest();
    expect((await enter(one, { code: await codeOf(one, 'email') })).status).toBe(200);
    const seen = await accepted(one);
    expect(await seen()).toEqual(expect.objectContaining({ phone: null, email: one.email }));
    expect(await view(one)).toEqual(expect.objectContaining({ contactBy: 'email', codesBy: ['text'] }));
    expect(await channelsOf(one, 'referral-received')).toEqual(['email']);
  });

  test('is used from its own code on, in the preferred way, without a notice of a change', async () => {
    const one = await seedRequest();
    await enter(one, { code: await codeOf(one, 'email') });
    const seen = await accepted(one);
    const code = await codeOf(one, 'text');
    clock += 1_000;
    for (const { status, json } of [await enter(one, { code }), await enter(one, { code })])
      expect([status, json['id']]).toEqual([200, one.id]);
    expect(await seen()).toEqual(expect.objectContaining({ phone: one.phone, email: one.email }));
    const now = await view(one);
    expect(now['contactBy']).toBe('call');
    expect(now).not.toHaveProperty('codesBy');
    expect(await channelsOf(one, 'contact-changed')).toEqual([]);
    const standing = await api.db
      .selectFrom('consents')
      .select('givenAt')
      .where('referralId', '=', one.id)
      .where('kind', '=', 'texts')
      .where('rescindedAt', 'is', null)
      .execute();
    expect(standing).toEqual([{ givenAt: new Date(clock) }]);
  });

  test('can also be the address, which waits for the code of its mail', async () => {
    const one = await seedRequest();
    await enter(one, { code: await codeOf(one, 'text') });
    const seen = await accepted(one);
    expect(await seen()).toEqual(expect.objectContaining({ phone: one.phone, email: null }));
    expect(await channelsOf(one, 'referral-received')).toEqual(['text']);
    expect((await enter(one, { code: await codeOf(one, 'email') })).status).toBe(200);
    expect(await seen()).toEqual(expect.objectContaining({ email: one.email }));
  });

  test('has its own limit of wrong codes, and can have another code sent, which voids the first', async () => {
    const one = await seedRequest();
    await enter(one, { code: await codeOf(one, 'email') });
    const seen = await accepted(one);
    const first = await codeOf(one, 'text');
    const bad = await enter(one, { code: String((Number(first) + 1) % 1_000_000).padStart(6, '0') });
    expect([bad.status, codesOf(bad)]).toEqual([422, { '/code': 'wrong-code' }]);
    expect((await enter(one, {})).status).toBe(202);
    expect((await enter(one, { code: first })).status).toBe(422);
    expect(await seen()).toEqual(expect.objectContaining({ phone: null }));
  });

  test('is deleted when its code is not entered in time, and the request continues', async () => {
    const one = await seedRequest();
    await enter(one, { code: await codeOf(one, 'email') });
    const code = await codeOf(one, 'text');
    clock += hour;
    expect(problemNameOf(await enter(one, { code }))).toBe('code-expired');
    await cleanUp(api, new Date(clock));
    const changes = await api.db
      .selectFrom('contactChanges')
      .select('id')
      .where('referralId', '=', one.id)
      .execute();
    expect(changes).toEqual([]);
    expect(await view(one)).toEqual(expect.objectContaining({ stage: 'queued', contactBy: 'email' }));
  });
});
