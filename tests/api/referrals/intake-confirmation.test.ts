import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContactChannel } from '../../../domain/notifications/contact.ts';
import { contactCode } from '../../../store/tokens.ts';
import { cleanUpPage } from '../../../worker/loops/cleanup-loop.ts';
import {
  type ApiAnswer,
  type ApiHarness,
  codesOf,
  openApiHarness,
  problemNameOf,
} from '../../harness/api-harness.ts';
import { hour, validHelpRequest } from '../../harness/people.ts';

let api: ApiHarness;
let clock = Date.now();
beforeAll(async () => {
  api = await openApiHarness({ policy: { confirmConsumerContact: true }, now: () => new Date(clock) });
});
afterAll(() => api.close());

interface Asked {
  id: string;
  token: string;
  stage: string;
}

const request = async (change: object = {}, idempotencyKey: string = randomUUID()) =>
  api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), ...change },
    headers: { 'Idempotency-Key': idempotencyKey },
  });

async function asked(change: object = {}): Promise<Asked> {
  const answer = await request(change);
  expect(answer.status).toBe(201);
  return answer.json as unknown as Asked;
}

const verify = ({ id, token }: Asked, body: object) =>
  api.call(`POST /v1/referrals/${id}/verification`, { bearer: token, body });

const withdraw = ({ id, token }: Asked) =>
  api.call(`POST /v1/referrals/${id}/withdrawal`, { bearer: token, body: {} });

/** The code that was sent last over a channel, as its reader would type it. */
async function codeOf({ id: referralId }: Asked, channel: ContactChannel = 'email'): Promise<string> {
  const { id } = await api.db
    .selectFrom('contactCodes')
    .select('id')
    .where('referralId', '=', referralId)
    .executeTakeFirstOrThrow();
  return contactCode(api.linkSecret, { id, channel });
}

const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

const deedsOf = async ({ id }: Asked) => {
  const deeds = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
  return deeds.flatMap(({ type, payload }) =>
    (payload as { referralId?: string }).referralId === id ? [type] : [],
  );
};

const channelsTold = async ({ id }: Asked, kind: string) => {
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

const stageOf = async ({ id }: Asked) =>
  (await api.db.selectFrom('referrals').select('stage').where('id', '=', id).executeTakeFirst())?.stage;

describe('a request whose contact is not confirmed', () => {
  test('waits without a story, and a code of its own goes to the phone and to the address', async () => {
    const one = await asked();
    expect(one.stage).toBe('unconfirmed');
    expect(await deedsOf(one)).toEqual([]);
    expect(await channelsTold(one, 'contact-code')).toEqual(['email', 'text']);
    expect(await channelsTold(one, 'referral-received')).toEqual([]);
    expect(await codeOf(one, 'email')).not.toBe(await codeOf(one, 'text'));
    const page = await api.call(`GET /v1/referrals/${one.id}`, { bearer: one.token });
    expect(page.json['stage']).toBe('unconfirmed');
  });

  test.each(['email', 'text'] as const)('starts with the code that came by %s, once', async (channel) => {
    const one = await asked();
    const code = await codeOf(one, channel);
    const answers = await Promise.all([1, 2, 3].map(() => verify(one, { code })));
    answers.push(await verify(one, { code }));
    for (const { status, json } of answers)
      expect([status, json]).toEqual([200, expect.objectContaining({ id: one.id, stage: 'queued' })]);
    expect(await deedsOf(one)).toEqual(['start-referral']);
    // the phone that was typed has no consent to texts, and the address that was typed has no code yet
    expect(await channelsTold(one, 'referral-received')).toEqual(channel === 'email' ? ['email'] : []);
  });

  test.each([
    [false, []],
    [true, ['text']],
  ])(
    'with a phone alone is texted its code; with consent to texts (%j) what follows goes by %j',
    async (agrees, follows) => {
      const { json } = await api.call('GET /v1/consents/texts?language=en');
      const textConsent = agrees ? { version: json['version'] } : undefined;
      const one = await asked({ email: undefined, textConsent });
      expect(await channelsTold(one, 'contact-code')).toEqual(['text']);
      expect((await verify(one, { code: await codeOf(one, 'text') })).status).toBe(200);
      expect(await deedsOf(one)).toEqual(['start-referral']);
      expect(await channelsTold(one, 'referral-received')).toEqual(follows);
    },
  );

  test('has its time to find an agent from the moment it is confirmed', async () => {
    const one = await asked();
    clock += hour / 12;
    await verify(one, { code: await codeOf(one) });
    const { budgetEndsAt } = await api.db
      .selectFrom('referrals')
      .select('budgetEndsAt')
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow();
    expect(budgetEndsAt.getTime()).toBe(clock + 4 * hour);
  });

  test('takes five wrong codes, also at once, and none after that', async () => {
    const one = await asked();
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

  test('gets new codes when it asks, which void the earlier ones', async () => {
    const one = await asked();
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

  test('has new codes sent to a contact that is corrected meanwhile; the earlier ones confirm nothing of it', async () => {
    const one = await asked();
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
    const one = await asked();
    const code = await codeOf(one);
    clock += 11 * 60_000;
    const late = await verify(one, { code });
    expect([late.status, problemNameOf(late)]).toEqual([410, 'code-expired']);
  });

  test('is deleted after an hour with all that was kept of it; one that was confirmed is not', async () => {
    const [one, taken, other, ended] = [await asked(), await asked(), await asked(), await asked()];
    await withdraw(taken);
    for (const confirmed of [other, ended]) await verify(confirmed, { code: await codeOf(confirmed) });
    const withdrawn = { stage: 'withdrawn', closedAt: new Date() };
    await api.db.updateTable('referrals').set(withdrawn).where('id', '=', ended.id).execute();
    const log = { warn: (values: object) => expect(values).toBeUndefined() };
    const tidy = (at: number) => cleanUpPage(api.db, { at: new Date(at), log });
    await tidy(clock + hour - 1);
    expect(await stageOf(one)).toBe('unconfirmed');
    await tidy(clock + hour);
    expect([await stageOf(one), await stageOf(taken)]).toEqual([undefined, undefined]);
    expect([await stageOf(other), await stageOf(ended)]).toEqual(['queued', 'withdrawn']);
    for (const table of ['consumerContacts', 'contactKeys', 'contactCodes', 'consents', 'notices'] as const) {
      const left = await api.db
        .selectFrom(table)
        .select('referralId')
        .where('referralId', 'in', [one.id, taken.id])
        .execute();
      expect(left).toEqual([]);
    }
  });

  test('can be withdrawn, and then no code starts it', async () => {
    const one = await asked();
    const code = await codeOf(one);
    expect([(await withdraw(one)).status, (await withdraw(one)).json['stage']]).toEqual([200, 'withdrawn']);
    expect((await verify(one, { code })).status).toBe(410);
    // it is no demand that anybody could have met
    expect(await api.db.selectFrom('requestEnds').select('id').where('id', '=', one.id).execute()).toEqual(
      [],
    );
    // who asked is forgotten with it: nobody else has heard of the request
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
    const again = await request(body, key);
    expect(again.text).toBe(first.text);
    expect(await channelsTold(first.json as unknown as Asked, 'contact-code')).toEqual(['email', 'text']);
  });
});

describe('a second request of the same phone or address', () => {
  const contact = () => ({
    phone: `(602) 555-${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`,
    email: `${randomUUID()}@example.com`,
  });
  const confirmed = async (one: Asked, channel: ContactChannel = 'email') =>
    verify(one, { code: await codeOf(one, channel) });
  const leadsTo = (answer: ApiAnswer) => (answer.json as unknown as Asked).id;

  test('leads to the first once it is confirmed, and never starts', async () => {
    const mine = contact();
    const [first, second] = [await asked(mine), await asked(mine)];
    await confirmed(first);
    const answer = await confirmed(second);
    expect([answer.status, answer.json]).toEqual([
      200,
      expect.objectContaining({ id: first.id, token: first.token, stage: 'queued' }),
    ]);
    expect(leadsTo(await confirmed(second))).toBe(first.id);
    expect([await stageOf(second), await deedsOf(second)]).toEqual(['unconfirmed', []]);
  });

  test('tells nothing before: it is answered as any other', async () => {
    const mine = contact();
    await confirmed(await asked(mine));
    const second = await request(mine);
    expect([second.status, second.json['stage']]).toEqual([201, 'unconfirmed']);
  });

  test('is a request of its own where somebody merely typed in the phone of the first', async () => {
    const victim = contact();
    const first = await asked(victim);
    await confirmed(first, 'text');
    const stranger = await asked({ phone: victim.phone, email: `${randomUUID()}@example.com` });
    expect(leadsTo(await confirmed(stranger, 'email'))).toBe(stranger.id);
    // and the other way around: a stranger's request with my number does not take mine in
    const again = contact();
    const theirs = await asked({ phone: again.phone, email: `${randomUUID()}@example.com` });
    await confirmed(theirs, 'email');
    const mine = await asked(again);
    expect(leadsTo(await confirmed(mine, 'text'))).toBe(mine.id);
  });

  test('leads to the first also where each was confirmed over another channel', async () => {
    const mine = contact();
    const [first, second] = [await asked(mine), await asked(mine)];
    await confirmed(first, 'email');
    expect(leadsTo(await confirmed(second, 'text'))).toBe(first.id);
  });

  test('is one’s own where only one of the two knows the contact of the other', async () => {
    const [mine, theirs] = [contact(), contact()];
    const first = await asked({ ...mine, phone: theirs.phone });
    await confirmed(first, 'email');
    // the owner of the phone that was typed in by mistake does not know the address
    const second = await asked(theirs);
    expect(leadsTo(await confirmed(second, 'text'))).toBe(second.id);
  });

  test('confirmed over the other channel at the same moment as the first: one goes on', async () => {
    const mine = contact();
    const both = [await asked(mine), await asked(mine)] as const;
    const answers = await Promise.all([confirmed(both[0], 'email'), confirmed(both[1], 'text')]);
    expect(new Set(answers.map(leadsTo)).size).toBe(1);
  });

  test('starts when the first is over', async () => {
    const mine = contact();
    const first = await asked(mine);
    await confirmed(first);
    await api.db
      .updateTable('referrals')
      .set({ stage: 'closed', closedAt: new Date() })
      .where('id', '=', first.id)
      .execute();
    const second = await asked(mine);
    expect(leadsTo(await confirmed(second))).toBe(second.id);
  });

  test('confirmed at the same moment as the first: one goes on', async () => {
    const mine = contact();
    const both = [await asked(mine), await asked(mine)];
    const answers = await Promise.all(both.map((one) => confirmed(one)));
    expect(new Set(answers.map(leadsTo)).size).toBe(1);
    const started = await Promise.all(both.map(deedsOf));
    expect(started.flat()).toEqual(['start-referral']);
  });
});

test('nobody can have a phone flooded with codes', async () => {
  const phone = '(602) 555-0111';
  const answers: number[] = [];
  for (let time = 0; time < 6; time++)
    answers.push((await request({ phone, email: `${randomUUID()}@example.com` })).status);
  expect(answers).toEqual([201, 201, 201, 201, 201, 429]);
});
