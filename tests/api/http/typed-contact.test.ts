import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { replacePhone } from '../../../store/agents/phones.ts';
import { recordReturnedMail } from '../../../store/onboarding/returned-mail.ts';
import { phoneCode } from '../../../store/tokens.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { keyring } from '../../harness/keyring.ts';
import { storedContact } from '../../harness/people/contacts.ts';
import { addAgent, logInAs, validHelpRequest } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const request = async (change: object) =>
  api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), ...change },
    headers: { 'Idempotency-Key': randomUUID() },
  });
const contactOf = (referralId: unknown) => storedContact(api.db, String(referralId));

describe('a consumer’s phone', () => {
  test('with an area code that is newer than any list is accepted as it was pasted', async () => {
    const { status, json } = await request({
      phone: '\u202a(621)\u00a0234\u20110131\u202c',
      email: undefined,
    });
    expect(status).toBe(201);
    expect(await contactOf(json['id'])).toMatchObject({ phone: '+16212340131' });
  });

  test.each([
    ['480-555-0123 x45', 'phone-extension'],
    ['480-555-0123 ext. 45', 'phone-extension'],
    ['480-555-0123;ext=45', 'phone-extension'],
    ['1-800-FLOWERS', 'phone-letters'],
    ['+44 20 7946 0958', 'not-a-us-phone'],
    ['900-555-0123', 'premium-phone'],
    ['555-0123', 'not-a-us-phone'],
    ['12', 'not-a-us-phone'],
  ])('%s is refused as %s, and for no other reason', async (phone, code) => {
    const { json } = await api.call('GET /v1/consents/texts?language=en');
    const answer = await request({ phone, textConsent: { version: json['version'] } });
    expect([answer.status, codesOf(answer)]).toEqual([422, { '/phone': code }]);
  });

  test('belongs to one person, however it is written', async () => {
    expect((await request({ phone: '(621) 234-0132', email: undefined })).status).toBe(201);
    const repeated = await request({ phone: 'tel:+1-621-234-0132', email: undefined });
    expect(problemNameOf(repeated)).toBe('already-open');
  });

  test('is corrected by the same rules', async () => {
    const { json } = await request({ phone: '(621) 234-0133' });
    const correct = (body: object) =>
      api.call(`PUT /v1/referrals/${String(json['id'])}/contact`, { bearer: String(json['token']), body });
    expect(codesOf(await correct({ phone: '480-555-0123 #45' }))).toEqual({ '/phone': 'phone-extension' });
    expect(codesOf(await correct({ email: 'hána@example.com' }))).toEqual({ '/email': 'email-not-ascii' });
  });
});

describe('a consumer’s address', () => {
  test('in another script is stored as typed, and belongs to one person in every spelling', async () => {
    const { json } = await request({ phone: undefined, email: ' hana@BÜCHER.example\u200b' });
    expect(await contactOf(json['id'])).toMatchObject({ email: 'hana@bücher.example' });
    for (const email of [
      'hana@bu\u0308cher.example',
      'Hana@xn--bcher-kva.example',
      'mailto:hana@bücher.example.',
    ])
      expect(problemNameOf(await request({ phone: undefined, email }))).toBe('already-open');
    expect((await request({ phone: undefined, email: 'hana@bucher.example' })).status).toBe(201);
  });

  test('that bounced under its name in Punycode is not mailed again', async () => {
    const { json } = await request({ phone: undefined, email: 'back@bücher.example' });
    const at = new Date();
    const addresses = ['back@xn--bcher-kva.example'];
    await api.db
      .transaction()
      .execute((tx) => recordReturnedMail(tx, keyring, { addresses, report: 'bounced', code: '5.1.1', at }));
    const { emailUndeliverableAt } = await api.db
      .selectFrom('consumerContacts')
      .select('emailUndeliverableAt')
      .where('referralId', '=', String(json['id']))
      .executeTakeFirstOrThrow();
    expect(emailUndeliverableAt).toEqual(at);
  });

  test.each([
    ['hána@example.com', 'email-not-ascii'],
    ['Hana Novak <hana@example.com>', 'email-alone'],
    ['hana@example.com, ana@example.com', 'email-alone'],
    ['hana', 'not-an-email'],
    ['"hana novak"@example.com', 'not-an-email'],
    [`${'a'.repeat(65)}@example.com`, 'not-an-email'],
  ])('%s is refused as %s', async (email, code) => {
    expect(codesOf(await request({ email }))).toEqual({ '/email': code });
  });

  test.each(["o'neil@example.com", 'a&b@example.com', 'ana@почта.рф', 'ana@example.technology'])(
    '%s is accepted',
    async (email) => {
      expect((await request({ phone: undefined, email })).status).toBe(201);
    },
  );
});

test('an agent’s code is accepted with the dashes and marks that it was pasted with, and not with letters', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const cookie = await logInAs(api, { npn });
  const policy = { phoneCheckAfterMs: [], phoneCodeTtlMs: 600_000, requireConfirmedPhone: true };
  const newPhone = { phone: '+16212340134', lineType: 'unknown' as const };
  await api.db
    .transaction()
    .execute((tx) => replacePhone(tx, keyring, { npn, ...newPhone, at: new Date(), policy }));
  const { id } = await api.db
    .selectFrom('phoneCodes')
    .select('id')
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  const code = phoneCode(api.linkSecret, id);
  const enter = (typed: string) =>
    api.call('POST /v1/me/phone/verification', { cookie, body: { code: typed } });
  expect(codesOf(await enter(`G-${code}`))).toEqual({ '/code': 'wrong-format' });
  expect(codesOf(await enter('12345'))).toEqual({ '/code': 'wrong-format' });
  const pasted = `\u200e${code.slice(0, 3)}\u2013${code.slice(3)}\u00a0`;
  expect((await enter(pasted)).status).toBe(200);
});
