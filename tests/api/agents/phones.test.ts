import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LineType, textlessLineTypes } from '../../../domain/notifications/contact.ts';
import { replacePhone } from '../../../store/agents/phones.ts';
import { linkToken, phoneCode } from '../../../store/tokens.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { keyed, keyring } from '../../harness/keyring.ts';
import { addAgent, hour, logInAs } from '../../harness/people/people.ts';

const policy = { phoneCheckAfterMs: [], phoneCodeTtlMs: hour / 6, requireConfirmedPhone: true };
const phone = '+18015550144';

let api: ApiHarness;
let clock = new Date();
beforeAll(async () => {
  api = await openApiHarness({ now: () => clock });
});
beforeEach(() => {
  clock = new Date();
});
afterAll(() => api.close());

/** Adds a registered agent who chose texts and has just entered another phone. */
async function agent(about: { lineType?: LineType } = {}) {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const { lineType = 'mobile' } = about;
  await api.db
    .transaction()
    .execute((tx) => replacePhone(tx, keyring, { npn, phone, lineType, at: clock, policy }));
  return { npn, cookie: await logInAs(api, { npn }) };
}

/** Code in the latest text to an agent. */
async function codeFor(npn: string): Promise<string> {
  const { data } = await api.db
    .selectFrom('notices')
    .select('data')
    .where('npn', '=', npn)
    .where('kind', '=', 'phone-code')
    .orderBy('createdAt', 'desc')
    .executeTakeFirstOrThrow();
  return phoneCode(api.linkSecret, (data as { phoneCodeId: string }).phoneCodeId);
}

const wrongCode = (code: string) => `${(Number(code) + 1) % 1_000_000}`.padStart(6, '0');
const verify = (cookie: string, body: object) => api.call('POST /v1/me/phone/verification', { cookie, body });
const own = async (cookie: string) => (await api.call('GET /v1/me/phone', { cookie })).json;
const later = (ms: number) => {
  clock = new Date(clock.getTime() + ms);
};

test('the code in the text confirms the phone once; the same code again gets the first answer', async () => {
  const { npn, cookie } = await agent();
  expect(await own(cookie)).toMatchObject({
    phone,
    lineType: 'mobile',
    confirmedAt: null,
    mustBeConfirmed: true,
    codeExpiresAt: new Date(clock.getTime() + hour / 6).toISOString(),
  });
  const code = await codeFor(npn);
  const first = await verify(cookie, { code });
  later(1_000);
  const again = await verify(cookie, { code });
  expect([first.status, first.json]).toEqual([200, { phone, confirmedAt: expect.any(String) }]);
  expect(again.json).toEqual(first.json);
  expect(await own(cookie)).toMatchObject({ confirmedAt: first.json['confirmedAt'], codeExpiresAt: null });
  const events = await api.db
    .selectFrom('events')
    .select('kind')
    .where('subjectId', '=', `${npn}-2027`)
    .orderBy('sequence')
    .execute();
  expect(events.map(({ kind }) => kind)).toEqual(['phone-code-sent', 'phone-confirmed']);
  expect((await verify(cookie, {})).status).toBe(409);
});

test('a wrong code is answered with the number of attempts left; after five even the right code is refused', async () => {
  const { npn, cookie } = await agent();
  const code = await codeFor(npn);
  const answers = [];
  for (let attempt = 1; attempt <= 5; attempt += 1)
    answers.push(await verify(cookie, { code: wrongCode(code) }));
  expect(answers.map(({ status, json }) => [status, json['attemptsLeft']])).toEqual(
    [4, 3, 2, 1, 0].map((left) => [422, left]),
  );
  expect(codesOf(answers[0]!)).toEqual({ '/code': 'wrong-code' });
  const right = await verify(cookie, { code });
  expect([right.status, problemNameOf(right)]).toEqual([410, 'code-expired']);
  expect(await own(cookie)).toMatchObject({ confirmedAt: null, codeExpiresAt: null });
});

test('each of several simultaneous guesses counts', async () => {
  const { npn, cookie } = await agent();
  const code = await codeFor(npn);
  const guesses = await Promise.all(
    Array.from({ length: 12 }, () => verify(cookie, { code: wrongCode(code) })),
  );
  expect(guesses.filter(({ status }) => status === 422)).toHaveLength(5);
  expect(guesses.filter(({ status }) => status === 410)).toHaveLength(7);
});

test('a code ends after its time, and when a newer one is sent', async () => {
  const { npn, cookie } = await agent();
  const old = await codeFor(npn);
  later(1_000);
  const sent = await verify(cookie, {});
  expect([sent.status, sent.json]).toEqual([
    202,
    { codeExpiresAt: new Date(clock.getTime() + hour / 6).toISOString() },
  ]);
  expect((await verify(cookie, { code: old })).status).toBe(422);
  const code = await codeFor(npn);
  later(hour / 6);
  const late = await verify(cookie, { code });
  expect([late.status, late.json['at']]).toEqual([410, sent.json['codeExpiresAt']]);
});

test('at most five codes are sent an hour, by the onboarding that is woken', async () => {
  const { npn, cookie } = await agent();
  const statuses = [];
  for (let count = 1; count <= 6; count += 1) statuses.push((await verify(cookie, {})).status);
  expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  const messages = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
  expect(messages).toContainEqual({ type: 'wake-onboarding', payload: { npn, planYear: 2027 } });
});

test('no code is sent to a landline, or to a phone that stopped texts', async () => {
  for (const lineType of textlessLineTypes) {
    const { cookie } = await agent({ lineType });
    const refused = await verify(cookie, {});
    expect([refused.status, problemNameOf(refused)]).toEqual([409, 'not-allowed-now']);
  }

  const stopped = await agent();
  const optOut = { ...keyed(phone), stoppedAt: clock, stoppedBy: 'reply' };
  await api.db.insertInto('textOptOuts').values(optOut).execute();
  expect((await verify(stopped.cookie, {})).status).toBe(409);
  await api.db.deleteFrom('textOptOuts').where('phone', '=', phone).execute();
});

test('a new phone has to be confirmed: the code of the old one is void', async () => {
  const { npn, cookie } = await agent();
  const code = await codeFor(npn);
  await verify(cookie, { code });
  later(1_000);
  await api.db
    .transaction()
    .execute((tx) =>
      replacePhone(tx, keyring, { npn, phone: '+18015550145', lineType: null, at: clock, policy }),
    );
  expect(await own(cookie)).toMatchObject({ phone: '+18015550145', lineType: null, confirmedAt: null });
  expect((await verify(cookie, { code })).status).toBe(422);
  expect((await verify(cookie, { code: await codeFor(npn) })).status).toBe(200);
});

test('a code has six digits, differs between agents, and is stored nowhere', async () => {
  const { npn, cookie } = await agent();
  const code = await codeFor(npn);
  expect(code).toMatch(/^\d{6}$/);
  for (const wrong of ['', '12345', '1234567', '12 345', 'abcdef'])
    expect(codesOf(await verify(cookie, { code: wrong }))).toEqual({ '/code': 'wrong-format' });
  const rows = await api.db.selectFrom('phoneCodes').selectAll().where('npn', '=', npn).execute();
  expect(JSON.stringify(rows)).not.toContain(code);
  expect(phoneCode('another secret', rows[0]?.id ?? '')).not.toBe(code);
  expect(linkToken(api.linkSecret, 'invitation', rows[0]?.id ?? '')).not.toContain(code);
  const stranger = await logInAs(api, { npn: await addAgent(api.db, { registered: true }) });
  expect((await verify(stranger, { code })).status).toBe(410);
  expect((await api.call('POST /v1/me/phone/verification', { body: { code } })).status).toBe(401);
});

test('the owner is told of another phone by mail, and by text on the former one if offers were texted there', async () => {
  const told = async (npn: string) => {
    const rows = await api.db
      .selectFrom('notices')
      .innerJoin('deliveries', 'noticeId', 'notices.id')
      .select(['channel', 'toAddress'])
      .where('npn', '=', npn)
      .where('kind', '=', 'phone-changed')
      .orderBy('notices.createdAt')
      .orderBy('channel')
      .execute();
    return rows.map((row) => [row.channel, row.toAddress]);
  };
  const { npn } = await agent();
  const first = [
    ['email', null],
    ['text', '+18015550123'],
  ];
  expect(await told(npn)).toEqual(first);
  // nobody has confirmed that the phone of before was theirs
  later(1_000);
  await api.db
    .transaction()
    .execute((tx) =>
      replacePhone(tx, keyring, { npn, phone: '+18015550146', lineType: 'mobile', at: clock, policy }),
    );
  expect(await told(npn)).toEqual([...first, ['email', null]]);
});
