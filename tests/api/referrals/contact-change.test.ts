import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContactChannel, LineType } from '../../../domain/notifications/contact.ts';
import { rescindConsent } from '../../../store/referrals/consumer-actions.ts';
import { contactCode } from '../../../store/tokens.ts';
import {
  type ApiAnswer,
  type ApiHarness,
  codesOf,
  openApiHarness,
  problemNameOf,
} from '../../harness/api-harness.ts';
import { cleanUp } from '../../harness/clean-up.ts';
import { keyring } from '../../harness/keyring.ts';
import { storedChanges, storedContact } from '../../harness/people/contacts.ts';
import { addAgent, addOffer, hour, logInAs, validHelpRequest } from '../../harness/people/people.ts';

let api: ApiHarness;
let free: ApiHarness;
let clock = Date.now();
const landline = '+14155550199';
beforeAll(async () => {
  const now = () => new Date(clock);
  const lineTypeLookup = async (phone: string): Promise<LineType> =>
    phone === landline ? 'landline' : 'mobile';
  api = await openApiHarness({ policy: { confirmConsumerContact: true }, now, lineTypeLookup });
  free = await openApiHarness({ now });
});
afterAll(() => Promise.all([api.close(), free.close()]));

interface HelpRequest {
  at: ApiHarness;
  id: string;
  token: string;
  email: string;
}

const anyPhone = () => `+1602555${randomInt(1000, 9999)}`;
const anyEmail = () => `${randomUUID()}@example.org`;

/** Adds an open request. Where contact is confirmed, the codes of these channels have been entered. */
async function seedRequest(
  at: ApiHarness = api,
  change: { phone?: string; contactBy?: string } = {},
  confirmed: readonly ContactChannel[] = change.phone === undefined ? ['email'] : ['email', 'text'],
): Promise<HelpRequest> {
  const email = anyEmail();
  const body = { ...(await validHelpRequest(at)), phone: undefined, email, ...change };
  const headers = { 'Idempotency-Key': randomUUID() };
  const { json, status } = await at.call('POST /v1/referrals', { body, headers });
  expect(status).toBe(201);
  const one = { at, email, id: String(json['id']), token: String(json['token']) };
  if (at === api) {
    const { id } = await at.db
      .selectFrom('contactCodes')
      .select('id')
      .where('referralId', '=', one.id)
      .executeTakeFirstOrThrow();
    for (const channel of confirmed) {
      const { status: codeStatus } = await enter(one, contactCode(at.linkSecret, { id, channel }));
      if (codeStatus !== 200) throw new Error(`The code of the ${channel} was not accepted`);
    }
  }
  return one;
}

const put = ({ at, id, token }: HelpRequest, body: object): Promise<ApiAnswer> =>
  at.call(`PUT /v1/referrals/${id}/contact`, { bearer: token, body });
const enter = ({ at, id, token }: HelpRequest, code?: string, more: object = {}): Promise<ApiAnswer> =>
  at.call(`POST /v1/referrals/${id}/verification`, { bearer: token, body: { code, ...more } });
const view = async ({ at, id, token }: HelpRequest) =>
  (await at.call(`GET /v1/referrals/${id}`, { bearer: token })).json;

const contactOf = async ({ at, id }: HelpRequest) => {
  const stored = await storedContact(at.db, id);
  return stored && { phone: stored.phone, email: stored.email };
};
const changesOf = ({ at, id }: HelpRequest) => storedChanges(at.db, id);

/** Latest code sent to an unconfirmed contact. */
async function codeOf({ at, id }: HelpRequest, channel: ContactChannel = 'email'): Promise<string> {
  const row = await at.db
    .selectFrom('contactChanges')
    .select('codeId')
    .where('referralId', '=', id)
    .where('channel', '=', channel)
    .where('codeId', 'is not', null)
    .orderBy('madeAt', (order) => order.desc().nullsFirst())
    .executeTakeFirstOrThrow();
  return contactCode(at.linkSecret, { id: row.codeId ?? '', channel });
}
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

const channelsOf = async ({ at, id }: HelpRequest, kind: string) => {
  const rows = await at.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select('channel')
    .where('referralId', '=', id)
    .where('kind', '=', kind)
    .orderBy('notices.createdAt')
    .execute();
  return rows.map(({ channel }) => channel);
};

const reportWrong = ({ at, id }: HelpRequest) =>
  at.db
    .updateTable('referrals')
    .set({ contactWrongAt: new Date(clock), causes: ['contact-wrong'] })
    .where('id', '=', id)
    .execute();

describe('a new contact of a confirmed request', () => {
  test('is used only for its code, and the agent still sees the old one', async () => {
    const one = await seedRequest();
    const npn = await addAgent(api.db, { registered: true });
    await addOffer(api.db, { referralId: one.id, npn, acceptedAt: new Date(clock) });
    const cookie = await logInAs(api, { npn });
    const seen = async () =>
      (await api.call('GET /v1/me/referrals', { cookie })).json['referrals'] as { consumer: object }[];
    const [phone, email] = [anyPhone(), anyEmail()];

    const answer = await put(one, { phone, email });
    expect([answer.status, answer.json]).toEqual([
      202,
      expect.objectContaining({ stage: 'queued', codeExpiresAt: expect.any(String) }),
    ]);
    expect(await contactOf(one)).toEqual({ phone: null, email: one.email });
    expect(JSON.stringify(await seen())).not.toMatch(new RegExp(`${phone.slice(2)}|${email}`));
    expect(await channelsOf(one, 'contact-change-code')).toEqual(['email', 'text']);
    expect(await channelsOf(one, 'contact-changed')).toEqual([]);
    expect((await view(one))['codesBy']).toEqual(['email', 'text']);

    // each has its own code, which confirms only that contact
    expect((await enter(one, await codeOf(one, 'email'))).status).toBe(200);
    expect(await contactOf(one)).toEqual({ phone: null, email });
    expect((await view(one))['codesBy']).toEqual(['text']);
    expect((await enter(one, await codeOf(one, 'text'))).status).toBe(200);
    expect(await contactOf(one)).toEqual({ phone, email });
    expect(await view(one)).not.toHaveProperty('codesBy');
    expect(await seen()).toMatchObject([{ consumer: { phone, email } }]);
  });

  test('replaces the old one only by its code, once; the old one is notified, and both stay recorded', async () => {
    const one = await seedRequest();
    const email = anyEmail();
    await put(one, { email });
    const code = await codeOf(one);
    clock += 1000;
    const answers = await Promise.all([1, 2, 3].map(() => enter(one, code)));
    answers.push(await enter(one, code));
    for (const { status, json } of answers)
      expect([status, json]).toEqual([200, expect.objectContaining({ id: one.id })]);
    expect(await contactOf(one)).toEqual({ phone: null, email });
    expect(await channelsOf(one, 'contact-changed')).toEqual(['email']);
    expect(await changesOf(one)).toEqual([
      {
        channel: 'email',
        addressBefore: one.email,
        address: email,
        askedAt: expect.any(Date),
        madeAt: new Date(clock),
      },
    ]);
    const events = await api.db
      .selectFrom('events')
      .select('kind')
      .where('subjectId', '=', one.id)
      .where('kind', '=', 'contact-corrected')
      .execute();
    expect(events).toHaveLength(1);
  });

  test('that is added is announced to the contact that the consumer had before', async () => {
    const one = await seedRequest();
    await put(one, { phone: anyPhone() });
    await enter(one, await codeOf(one, 'text'));
    expect(await channelsOf(one, 'contact-changed')).toEqual(['email']);
  });

  test('is not announced to an unconfirmed contact: the phone of a request that its mail started', async () => {
    const phone = anyPhone();
    const one = await seedRequest(api, { phone }, ['email']);
    const [again, other] = [anyPhone(), anyPhone()];
    // an unconfirmed contact needs its code, also where it is the same
    expect((await put(one, { phone })).status).toBe(202);
    expect((await put(one, { phone: again })).status).toBe(202);
    await enter(one, await codeOf(one, 'text'));
    expect(await channelsOf(one, 'contact-changed')).toEqual(['email']);
    await put(one, { phone: other });
    clock += 1000;
    await enter(one, await codeOf(one, 'text'));
    expect(await channelsOf(one, 'contact-changed')).toEqual(['email', 'text']);
    expect(await contactOf(one)).toEqual({ phone: other, email: one.email });
  });

  test('replaces an earlier unconfirmed one; the code of the first confirms nothing', async () => {
    const one = await seedRequest();
    const [first, second] = [anyEmail(), anyEmail()];
    await put(one, { email: first });
    const stale = await codeOf(one);
    await put(one, { email: second });
    const late = await enter(one, stale);
    expect([late.status, codesOf(late)]).toEqual([422, { '/code': 'wrong-code' }]);
    await enter(one, await codeOf(one));
    expect(await contactOf(one)).toEqual({ phone: null, email: second });
    expect((await changesOf(one)).map(({ address }) => address)).toEqual([second]);
  });

  test('that is entered again keeps its code', async () => {
    const one = await seedRequest();
    const email = anyEmail();
    await put(one, { email });
    const code = await codeOf(one);
    expect((await put(one, { email })).status).toBe(202);
    expect(await codeOf(one)).toBe(code);
    expect(await channelsOf(one, 'contact-change-code')).toEqual(['email']);
  });

  test('that equals the old one is no change, and cancels an unconfirmed one', async () => {
    const one = await seedRequest();
    await put(one, { email: anyEmail() });
    expect((await put(one, { email: one.email })).status).toBe(200);
    expect(await changesOf(one)).toEqual([]);
    expect(await channelsOf(one, 'contact-changed')).toEqual([]);
    expect(await view(one)).not.toHaveProperty('codesBy');
  });

  test('allows five wrong codes until new ones are sent; after its time the code is void', async () => {
    const one = await seedRequest();
    await put(one, { email: anyEmail() });
    const code = await codeOf(one);
    const first = await enter(one, wrong(code));
    expect([first.status, first.json['attemptsLeft']]).toEqual([422, 4]);
    await Promise.all([1, 2, 3, 4].map(() => enter(one, wrong(code))));
    expect(problemNameOf(await enter(one, code))).toBe('code-expired');
    expect((await enter(one)).status).toBe(202);
    expect((await enter(one, code)).status).toBe(422);
    clock += hour / 4;
    const late = await enter(one, await codeOf(one));
    expect([late.status, problemNameOf(late)]).toEqual([410, 'code-expired']);
    expect(await contactOf(one)).toEqual({ phone: null, email: one.email });
  });

  test('is deleted after an hour, and no code can be sent there', async () => {
    const one = await seedRequest();
    await put(one, { email: anyEmail() });
    clock += hour;
    expect(problemNameOf(await enter(one))).toBe('not-allowed-now');
    expect(await cleanUp(api, new Date(clock))).toMatchObject({ warnings: [] });
    expect(await changesOf(one)).toEqual([]);
  });

  test('has the limits of intake: a few codes for one contact from all requests together', async () => {
    const email = anyEmail();
    const answers: ApiAnswer[] = [];
    for (let count = 0; count < 6; count += 1) answers.push(await put(await seedRequest(), { email }));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429]);
  });

  test('that is a landline is called, and refused for a consumer who wants texts', async () => {
    const one = await seedRequest();
    expect((await put(one, { phone: landline })).status).toBe(202);
    expect(await channelsOf(one, 'contact-change-code')).toEqual(['voice']);
    expect((await view(one))['codesBy']).toEqual(['voice']);
    const texter = await seedRequest(api, { phone: anyPhone(), contactBy: 'text' });
    const refused = await put(texter, { phone: landline });
    expect([refused.status, codesOf(refused)]).toEqual([422, { '/phone': 'landline' }]);
  });

  test('has consent to texts from its confirmation on, and not before', async () => {
    const { json } = await api.call('GET /v1/consents/texts?language=en');
    const textConsent = { language: 'en', version: json['version'] };
    const one = await seedRequest();
    const consents = () =>
      api.db
        .selectFrom('consents')
        .select('givenAt')
        .where('referralId', '=', one.id)
        .where('kind', '=', 'texts')
        .execute();
    await put(one, { phone: anyPhone(), textConsent });
    expect(await consents()).toEqual([]);
    clock += 1000;
    await enter(one, await codeOf(one, 'text'));
    expect(await consents()).toEqual([{ givenAt: new Date(clock) }]);
  });

  test('that has another open request is refused: the link of that one is sent there again', async () => {
    const first = await seedRequest();
    const one = await seedRequest();
    await put(one, { email: first.email });
    const answer = await enter(one, await codeOf(one));
    expect([answer.status, problemNameOf(answer)]).toEqual([409, 'already-open']);
    expect(await channelsOf(first, 'link-resent')).toEqual(['email']);
    expect(await contactOf(one)).toEqual({ phone: null, email: one.email });
  });
});

describe('a request that waits because its contact was wrong', () => {
  test('continues with the code of the new one, and the wrong one is not notified', async () => {
    const phone = anyPhone();
    const one = await seedRequest(api, { phone });
    await reportWrong(one);
    const wakes = async () =>
      (await api.db.selectFrom('outbox').select(['type', 'payload']).execute()).filter(
        ({ type, payload }) =>
          type === 'wake-referral' && (payload as { referralId?: string }).referralId === one.id,
      );
    const again = anyPhone();
    await put(one, { phone: again });
    expect(await wakes()).toEqual([]);
    await enter(one, await codeOf(one, 'text'));
    expect(await wakes()).toHaveLength(1);
    expect(await channelsOf(one, 'contact-changed')).toEqual(['email']);
    const { contactWrongAt } = await api.db
      .selectFrom('referrals')
      .select('contactWrongAt')
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow();
    expect(contactWrongAt).toBeNull();
  });

  test('continues with the contact confirmed first; the preferred way returns with a new number', async () => {
    const one = await seedRequest(api, { phone: anyPhone() });
    await reportWrong(one);
    const [phone, email] = [anyPhone(), anyEmail()];
    await put(one, { phone, email });
    await enter(one, await codeOf(one, 'email'));
    expect(await contactOf(one)).toEqual({ phone: null, email });
    expect((await view(one))['contactBy']).toBe('email');
    await enter(one, await codeOf(one, 'text'));
    expect(await contactOf(one)).toEqual({ phone, email });
    expect((await view(one))['contactBy']).toBe('call');
  });
});

describe('a change against the end of the request', () => {
  const end = ({ id }: HelpRequest, stage: string) =>
    api.db
      .updateTable('referrals')
      .set({ stage, closedAt: new Date(clock) })
      .where('id', '=', id)
      .execute();

  test.each(['withdrawn', 'closed', 'unmatched'])('is refused when it is %s', async (stage) => {
    const one = await seedRequest();
    await put(one, { email: anyEmail() });
    const code = await codeOf(one);
    await end(one, stage);
    const answers = [await enter(one, code), await enter(one), await put(one, { email: anyEmail() })];
    expect(answers.map(problemNameOf)).toEqual(['code-expired', 'not-allowed-now', 'referral-ended']);
    expect(await contactOf(one)).toEqual({ phone: null, email: one.email });
    expect(await view(one)).not.toHaveProperty('codesBy');
  });

  test('is deleted with the contact when the consent is withdrawn, also at the same moment', async () => {
    const one = await seedRequest();
    await put(one, { email: anyEmail() });
    await enter(one, await codeOf(one));
    await put(one, { email: anyEmail() });
    const code = await codeOf(one);
    await Promise.all([
      enter(one, code),
      api.db
        .transaction()
        .execute((tx) => rescindConsent(tx, keyring, { referralId: one.id, at: new Date(clock) })),
    ]);
    expect(await contactOf(one)).toBeUndefined();
    expect(await changesOf(one)).toEqual([]);
    const texts = JSON.stringify(
      await api.db.selectFrom('notices').selectAll().where('referralId', '=', one.id).execute(),
    );
    expect(texts).not.toContain('@example.org');
  });

  test('entered and confirmed at the same moment, one of the two takes effect and the other waits', async () => {
    const one = await seedRequest();
    const [first, second] = [anyEmail(), anyEmail()];
    await put(one, { email: first });
    const code = await codeOf(one);
    const [entered] = await Promise.all([enter(one, code), put(one, { email: second })]);
    const { email } = (await contactOf(one)) ?? {};
    expect(email).toBe(entered.status === 200 ? first : one.email);
    expect(await view(one)).toHaveProperty('codesBy', ['email']);
  });
});

describe('where contact is not confirmed', () => {
  test('a change is made at once, the old contact is notified, and both stay recorded', async () => {
    const one = await seedRequest(free);
    const email = anyEmail();
    expect((await put(one, { email })).status).toBe(200);
    expect(await contactOf(one)).toEqual({ phone: null, email });
    expect(await channelsOf(one, 'contact-changed')).toEqual(['email']);
    expect(await channelsOf(one, 'contact-change-code')).toEqual([]);
    expect(await changesOf(one)).toMatchObject([{ addressBefore: one.email, address: email }]);
    // repeated because the answer was lost
    expect((await put(one, { email })).status).toBe(200);
    expect(await changesOf(one)).toHaveLength(1);
  });

  test('the contact of another open request is refused, and the link of that one is sent there again', async () => {
    const first = await seedRequest(free);
    const one = await seedRequest(free);
    const answer = await put(one, { email: first.email });
    expect([answer.status, problemNameOf(answer)]).toEqual([409, 'already-open']);
    expect(await channelsOf(first, 'link-resent')).toEqual(['email']);
    expect(await contactOf(one)).toEqual({ phone: null, email: one.email });
  });

  test('an address that bounced is not notified', async () => {
    const one = await seedRequest(free);
    await free.db
      .updateTable('consumerContacts')
      .set({ emailUndeliverableAt: new Date(clock) })
      .where('referralId', '=', one.id)
      .execute();
    await put(one, { email: anyEmail() });
    expect(await channelsOf(one, 'contact-changed')).toEqual([]);
  });
});
