import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContactChannel } from '../../../domain/notifications/contact.ts';
import { contactCode } from '../../../store/tokens.ts';
import {
  type ApiAnswer,
  type ApiHarness,
  codesOf,
  openApiHarness,
  problemNameOf,
} from '../../harness/api-harness.ts';
import { cleanUp } from '../../harness/clean-up.ts';
import { hour, validHelpRequest } from '../../harness/people/people.ts';

let api: ApiHarness;
let clock = Date.now();
beforeAll(async () => {
  api = await openApiHarness({ policy: { confirmConsumerContact: true }, now: () => new Date(clock) });
});
afterAll(() => api.close());

interface HelpRequest {
  id: string;
  token: string;
  stage: string;
}

const request = async (change: object = {}, idempotencyKey: string = randomUUID()) =>
  api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), ...change },
    headers: { 'Idempotency-Key': idempotencyKey },
  });

async function seedRequest(change: object = {}): Promise<HelpRequest> {
  const answer = await request(change);
  expect(answer.status).toBe(201);
  return answer.json as unknown as HelpRequest;
}

const verify = ({ id, token }: HelpRequest, body: object) =>
  api.call(`POST /v1/referrals/${id}/verification`, { bearer: token, body });

const withdraw = ({ id, token }: HelpRequest) =>
  api.call(`POST /v1/referrals/${id}/withdrawal`, { bearer: token, body: {} });

/** Latest code sent over a channel. */
async function codeOf({ id: referralId }: HelpRequest, channel: ContactChannel = 'email'): Promise<string> {
  const { id } = await api.db
    .selectFrom('contactCodes')
    .select('id')
    .where('referralId', '=', referralId)
    .executeTakeFirstOrThrow();
  return contactCode(api.linkSecret, { id, channel });
}

const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

const messagesOf = async ({ id }: HelpRequest) => {
  const messages = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
  return messages.flatMap(({ type, payload }) =>
    (payload as { referralId?: string }).referralId === id ? [type] : [],
  );
};

const channelsOf = async ({ id }: HelpRequest, kind: string) => {
  const rows = await api.db
    .selectFrom('notices')
    .innerJoin('deliveries', 'deliveries.noticeId', 'notices.id')
    .select('channel')
    .where('referralId', '=', id)
    .where('kind', '=', kind)
    .orderBy('channel')
    .execute();
  return rows.map(({ channel }) => channel);
};

const stageOf = async ({ id }: HelpRequest) =>
  (await api.db.selectFrom('referrals').select('stage').where('id', '=', id).executeTakeFirst())?.stage;

describe('a request whose contact is not confirmed', () => {
  test('waits without a workflow, and the phone and the address each get their own code', async () => {
    const one = await seedRequest();
    expect(one.stage).toBe('unconfirmed');
    expect(await messagesOf(one)).toEqual([]);
    expect(await channelsOf(one, 'contact-code')).toEqual(['email', 'text']);
    expect(await channelsOf(one, 'referral-received')).toEqual([]);
    expect(await codeOf(one, 'email')).not.toBe(await codeOf(one, 'text'));
    const page = await api.call(`GET /v1/referrals/${one.id}`, { bearer: one.token });
    expect(page.json['stage']).toBe('unconfirmed');
  });

  test.each(['email', 'text'] as const)('starts with the code sent by %s, once', async (channel) => {
    const one = await seedRequest();
    const code = await codeOf(one, channel);
    const answers = await Promise.all([1, 2, 3].map(() => verify(one, { code })));
    answers.push(await verify(one, { code }));
    for (const { status, json } of answers)
      expect([status, json]).toEqual([200, expect.objectContaining({ id: one.id, stage: 'queued' })]);
    expect(await messagesOf(one)).toEqual(['start-referral']);
    // the phone has no consent to texts, and the code of the address was not entered yet
    expect(await channelsOf(one, 'referral-received')).toEqual(channel === 'email' ? ['email'] : []);
  });

  test.each([
    [false, []],
    [true, ['text']],
  ])(
    'with only a phone is texted its code; with consent to texts (%j) later notices go by %j',
    async (agrees, follows) => {
      const { json } = await api.call('GET /v1/consents/texts?language=en');
      const textConsent = agrees ? { version: json['version'] } : undefined;
      const one = await seedRequest({ email: undefined, textConsent });
      expect(await channelsOf(one, 'contact-code')).toEqual(['text']);
      expect((await verify(one, { code: await codeOf(one, 'text') })).status).toBe(200);
      expect(await messagesOf(one)).toEqual(['start-referral']);
      expect(await channelsOf(one, 'referral-received')).toEqual(follows);
    },
  );

  test('has its full time to find an agent from its confirmation on', async () => {
    const one = await seedRequest();
    clock += hour / 12;
    await verify(one, { code: await codeOf(one) });
    const { budgetEndsAt } = await api.db
      .selectFrom('referrals')
      .select('budgetEndsAt')
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow();
    expect(budgetEndsAt.getTime()).toBe(clock + 4 * hour);
  });

  test('allows five wrong codes, also simultaneous ones, and none after that', async () => {
    const one = await seedRequest();
    const code = await codeOf(one);
    const text = await codeOf(one, 'text');
    const bad = wrong(code) === text ? wrong(wrong(code)) : wrong(code);
    const first = await verify(one, { code: bad });
    expect([first.status, codesOf(first), first.json['attemptsLeft']]).toEqual([
      422,
      { '/code': 'wrong-code' },
      4,
    ]);
    await Promise.all([1, 2, 3, 4].map(() => verify(one, { code: bad })));
    const late = await verify(one, { code });
    expect([late.status, problemNameOf(late)]).toEqual([410, 'code-expired']);
    expect(await stageOf(one)).toBe('unconfirmed');
  });

  test('gets new codes on request, which void the earlier ones', async () => {
    const one = await seedRequest();
    const before = await codeOf(one);
    expect((await verify(one, {})).status).toBe(202);
    const after = await codeOf(one);
    const stale = await verify(one, { code: before === after ? wrong(after) : before });
    expect(stale.status).toBe(422);
    expect((await verify(one, { code: after })).status).toBe(200);
    expect((await verify(one, { code: await codeOf(one, 'text') })).status).toBe(200);
    const nothing = await verify(one, {});
    expect([nothing.status, problemNameOf(nothing)]).toEqual([409, 'not-allowed-now']);
  });

  test('has new codes sent to a corrected contact; the earlier ones do not confirm it', async () => {
    const one = await seedRequest();
    const before = await codeOf(one);
    const email = `other.${randomUUID()}@example.org`;
    const corrected = await api.call(`PUT /v1/referrals/${one.id}/contact`, {
      bearer: one.token,
      body: { email },
    });
    expect(corrected.status).toBe(200);
    const after = await codeOf(one);
    expect((await verify(one, { code: before === after ? wrong(after) : before })).status).toBe(422);
    expect(await stageOf(one)).toBe('unconfirmed');
    expect((await verify(one, { code: after })).status).toBe(200);
  });

  test('does not start with a code that has expired', async () => {
    const one = await seedRequest();
    const code = await codeOf(one);
    clock += 11 * 60_000;
    const late = await verify(one, { code });
    expect([late.status, problemNameOf(late)]).toEqual([410, 'code-expired']);
  });

  test('is deleted after an hour with everything stored about it; a confirmed one is not', async () => {
    const [one, withdrawn, other, ended] = [
      await seedRequest(),
      await seedRequest(),
      await seedRequest(),
      await seedRequest(),
    ];
    await withdraw(withdrawn);
    for (const confirmed of [other, ended]) await verify(confirmed, { code: await codeOf(confirmed) });
    const end = { stage: 'withdrawn', closedAt: new Date() };
    await api.db.updateTable('referrals').set(end).where('id', '=', ended.id).execute();
    await cleanUp(api, new Date(clock + hour - 1));
    expect(await stageOf(one)).toBe('unconfirmed');
    expect(await cleanUp(api, new Date(clock + hour))).toMatchObject({ warnings: [] });
    expect([await stageOf(one), await stageOf(withdrawn)]).toEqual([undefined, undefined]);
    expect([await stageOf(other), await stageOf(ended)]).toEqual(['queued', 'withdrawn']);
    for (const table of ['consumerContacts', 'contactKeys', 'contactCodes', 'consents', 'notices'] as const) {
      const left = await api.db
        .selectFrom(table)
        .select('referralId')
        .where('referralId', 'in', [one.id, withdrawn.id])
        .execute();
      expect(left).toEqual([]);
    }
  });

  test('can be withdrawn, and then no code starts it', async () => {
    const one = await seedRequest();
    const code = await codeOf(one);
    expect([(await withdraw(one)).status, (await withdraw(one)).json['stage']]).toEqual([200, 'withdrawn']);
    expect((await verify(one, { code })).status).toBe(410);
    // it does not count as demand
    expect(await api.db.selectFrom('requestEnds').select('id').where('id', '=', one.id).execute()).toEqual(
      [],
    );
    // the contact is deleted with it, because no agent has seen the request
    for (const table of ['consumerContacts', 'contactKeys', 'contactCodes'] as const) {
      const left = await api.db
        .selectFrom(table)
        .select('referralId')
        .where('referralId', '=', one.id)
        .execute();
      expect(left).toEqual([]);
    }
  });

  test('is the same request when its key comes again', async () => {
    const [key, body] = [randomUUID(), await validHelpRequest(api)];
    const first = await request(body, key);
    const repeated = await request(body, key);
    expect(repeated.text).toBe(first.text);
    expect(await channelsOf(first.json as unknown as HelpRequest, 'contact-code')).toEqual(['email', 'text']);
  });
});

describe('a second request of the same phone or address', () => {
  const contact = () => ({
    phone: `(602) 555-${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`,
    email: `${randomUUID()}@example.com`,
  });
  const confirmed = async (one: HelpRequest, channel: ContactChannel = 'email') =>
    verify(one, { code: await codeOf(one, channel) });
  const leadsTo = (answer: ApiAnswer) => (answer.json as unknown as HelpRequest).id;

  test('is joined to the first once it is confirmed, and never starts', async () => {
    const mine = contact();
    const [first, second] = [await seedRequest(mine), await seedRequest(mine)];
    await confirmed(first);
    const answer = await confirmed(second);
    expect([answer.status, answer.json]).toEqual([
      200,
      expect.objectContaining({ id: first.id, token: first.token, stage: 'queued' }),
    ]);
    expect(leadsTo(await confirmed(second))).toBe(first.id);
    expect([await stageOf(second), await messagesOf(second)]).toEqual(['unconfirmed', []]);
  });

  test('reveals nothing before: it is answered as any other', async () => {
    const mine = contact();
    await confirmed(await seedRequest(mine));
    const second = await request(mine);
    expect([second.status, second.json['stage']]).toEqual([201, 'unconfirmed']);
  });

  test('is a separate request where somebody only entered the phone of the first', async () => {
    const victim = contact();
    const first = await seedRequest(victim);
    await confirmed(first, 'text');
    const stranger = await seedRequest({ phone: victim.phone, email: `${randomUUID()}@example.com` });
    expect(leadsTo(await confirmed(stranger, 'email'))).toBe(stranger.id);
    // and the reverse: a stranger's request with this phone does not absorb the owner's
    const owner = contact();
    const other = await seedRequest({ phone: owner.phone, email: `${randomUUID()}@example.com` });
    await confirmed(other, 'email');
    const mine = await seedRequest(owner);
    expect(leadsTo(await confirmed(mine, 'text'))).toBe(mine.id);
  });

  test('is joined to the first also where each was confirmed over another channel', async () => {
    const mine = contact();
    const [first, second] = [await seedRequest(mine), await seedRequest(mine)];
    await confirmed(first, 'email');
    expect(leadsTo(await confirmed(second, 'text'))).toBe(first.id);
  });

  test('is separate where only one of the two has the contact of the other', async () => {
    const [mine, other] = [contact(), contact()];
    const first = await seedRequest({ ...mine, phone: other.phone });
    await confirmed(first, 'email');
    // the owner of the phone entered by mistake does not know the address
    const second = await seedRequest(other);
    expect(leadsTo(await confirmed(second, 'text'))).toBe(second.id);
  });

  test('confirmed over the other channel at the same moment as the first: one continues', async () => {
    const mine = contact();
    const both = [await seedRequest(mine), await seedRequest(mine)] as const;
    const answers = await Promise.all([confirmed(both[0], 'email'), confirmed(both[1], 'text')]);
    expect(new Set(answers.map(leadsTo)).size).toBe(1);
  });

  test('starts when the first has ended', async () => {
    const mine = contact();
    const first = await seedRequest(mine);
    await confirmed(first);
    await api.db
      .updateTable('referrals')
      .set({ stage: 'closed', closedAt: new Date() })
      .where('id', '=', first.id)
      .execute();
    const second = await seedRequest(mine);
    expect(leadsTo(await confirmed(second))).toBe(second.id);
  });

  test('confirmed at the same moment as the first: one continues', async () => {
    const mine = contact();
    const both = [await seedRequest(mine), await seedRequest(mine)];
    const answers = await Promise.all(both.map((one) => confirmed(one)));
    expect(new Set(answers.map(leadsTo)).size).toBe(1);
    const started = await Promise.all(both.map(messagesOf));
    expect(started.flat()).toEqual(['start-referral']);
  });
});

test('nobody can flood a phone with codes', async () => {
  const phone = '(602) 555-0111';
  const answers: number[] = [];
  for (let time = 0; time < 6; time++)
    answers.push((await request({ phone, email: `${randomUUID()}@example.com` })).status);
  expect(answers).toEqual([201, 201, 201, 201, 201, 429]);
});
