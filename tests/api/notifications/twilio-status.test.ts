import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { findOrCreateDelivery, recordDeliveryResult } from '../../../store/notifications/deliveries.ts';
import { createNotice } from '../../../store/notifications/notices.ts';
import { areTextsStopped } from '../../../store/notifications/text-opt-outs.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { keyed } from '../../harness/keyring.ts';
import { anAgent, aReferral } from '../../harness/people/notified-people.ts';
import { recordStatements } from '../../harness/statements.ts';
import { anySid, postTwilio, publicUrl, statusForm, topicArn, twilioAuthToken } from './providers.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({ publicUrl, webhooks: { topicArn, maxAgeMs: 60 * 60_000, twilioAuthToken } });
});
afterAll(() => api.close());

/** Adds a text that was sent to Twilio; with `recorded: false` the sending is not recorded yet. */
async function texted({ recorded = true } = {}) {
  const at = new Date();
  const referralId = await aReferral(api.db, { email: null, phone: '+12025550100' }, { textConsent: true });
  const { noticeId } = await createNotice(api.db, {
    kind: 'referral-received',
    referralId,
    at,
    dedupeKey: randomUUID(),
  });
  const { id } = await findOrCreateDelivery(api.db, { noticeId, channel: 'text', at });
  const sid = anySid();
  const recordSent = () =>
    recordDeliveryResult(api.db, {
      status: 'sent',
      providerMessageId: sid,
      deliveryId: id,
      at: new Date(),
    });
  if (recorded) await recordSent();
  return {
    id,
    sid,
    recordSent,
    /** Posts Twilio's status callback for it. */
    report: async (status: string, more: Record<string, string> = {}) => {
      const form = statusForm(status, { MessageSid: sid, ...more });
      return postTwilio(api, `status?attempt=${id}`, form);
    },
    delivery: () =>
      api.db
        .selectFrom('deliveries')
        .select(['status', 'code', 'providerMessageId'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
  };
}

describe('each of Twilio’s states', () => {
  test.each([
    ['accepted', 'sent'],
    ['scheduled', 'sent'],
    ['queued', 'sent'],
    ['sending', 'sent'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'refused'],
    ['failed', 'refused'],
    ['canceled', 'refused'],
    ['of-tomorrow', 'sent'],
  ])('%s is stored as %s', async (state, expected) => {
    const text = await texted();
    expect((await text.report(state)).status).toBe(204);
    expect((await text.delivery()).status).toBe(expected);
  });

  test('a failure is stored with the code of Twilio or the carrier', async () => {
    const text = await texted();
    await text.report('undelivered', { ErrorCode: '30006' });
    expect(await text.delivery()).toMatchObject({ status: 'refused', code: '30006' });
  });

  test('sent does not mean delivered: the rejection of an unregistered number comes after it', async () => {
    const text = await texted();
    await text.report('sent');
    await text.report('undelivered', { ErrorCode: '30034' });
    expect(await text.delivery()).toMatchObject({ status: 'refused', code: '30034' });
  });
});

describe('callbacks in any order', () => {
  test.each([
    [['delivered', 'sent', 'queued'], 'delivered'],
    [['delivered', 'undelivered'], 'delivered'],
    [['undelivered', 'sent', 'delivered'], 'refused'],
    [['sent', 'delivered', 'delivered', 'delivered'], 'delivered'],
  ])('%j result in %s', async (states, expected) => {
    const text = await texted();
    for (const state of states) expect((await text.report(state)).status).toBe(204);
    expect((await text.delivery()).status).toBe(expected);
  });

  test.each([
    ['queued', 'sent'],
    ['delivered', 'delivered'],
    ['failed', 'refused'],
  ])('%s comes before the sending is recorded', async (state, expected) => {
    const text = await texted({ recorded: false });
    await text.report(state);
    expect(await text.delivery()).toMatchObject({ status: expected, providerMessageId: text.sid });
    expect(await text.recordSent()).toBe(expected);
    expect(await text.delivery()).toMatchObject({ status: expected, providerMessageId: text.sid });
  });

  test('costs one read if it says what is recorded, and one write if the text has arrived', async () => {
    const text = await texted();
    const verbsOf = async (state: string) =>
      (await recordStatements(() => text.report(state)))
        .filter((statement) => !statement.includes('with committed as'))
        .map((statement) => statement.split(' ')[0]);
    expect([await verbsOf('sent'), await verbsOf('delivered')]).toEqual([['select'], ['update']]);
  });

  test('a repeat does not update the row', async () => {
    const text = await texted();
    const changed = () =>
      api.db.selectFrom('deliveries').select('changedAt').where('id', '=', text.id).executeTakeFirst();
    await text.report('delivered');
    const before = await changed();
    await text.report('delivered');
    expect(await changed()).toEqual(before);
  });
});

test('a callback without the attempt is matched by Twilio’s own id', async () => {
  const text = await texted();
  await postTwilio(api, 'status', statusForm('delivered', { MessageSid: text.sid }));
  expect((await text.delivery()).status).toBe('delivered');
});

test('a report about a message that is not ours changes nothing', async () => {
  expect((await postTwilio(api, `status?attempt=${randomUUID()}`, statusForm('delivered'))).status).toBe(204);
  expect((await postTwilio(api, 'status', statusForm('failed'))).status).toBe(204);
});

test('a recipient who ended texts with Twilio is not texted again', async () => {
  const text = await texted();
  await text.report('failed', { ErrorCode: '21610', To: '+12025550161' });
  expect(await areTextsStopped(api.db, keyed('+12025550161'))).toBe(true);
  // after START the same report does not stop texts again
  await api.db.deleteFrom('textOptOuts').where('phoneKey', '=', keyed('+12025550161').phoneKey).execute();
  await text.report('failed', { ErrorCode: '21610', To: '+12025550161' });
  expect(await areTextsStopped(api.db, keyed('+12025550161'))).toBe(false);
});

test('a number that takes no texts has to be confirmed again, and after that the same report changes nothing', async () => {
  const { npn, phone } = await anAgent(api.db);
  const confirmed = async () => {
    const row = api.db.selectFrom('agents').select('phoneConfirmedAt').where('npn', '=', npn);
    return (await row.executeTakeFirstOrThrow()).phoneConfirmedAt !== null;
  };
  const confirm = () =>
    api.db.updateTable('agents').set({ phoneConfirmedAt: new Date() }).where('npn', '=', npn).execute();
  await confirm();
  const text = await texted();
  await text.report('undelivered', { ErrorCode: '30006', To: phone ?? '' });
  expect(await confirmed()).toBe(false);
  await confirm();
  await text.report('undelivered', { ErrorCode: '30006', To: phone ?? '' });
  expect(await confirmed()).toBe(true);
});

describe('a failure reported first without a code and then with one', () => {
  test('stops texts to a phone that ended them with Twilio, once', async () => {
    const text = await texted();
    const phone = '+12025550162';
    await text.report('undelivered', { ErrorCode: '', To: phone });
    expect(await areTextsStopped(api.db, keyed(phone))).toBe(false);
    await text.report('failed', { ErrorCode: '21610', To: phone });
    expect(await areTextsStopped(api.db, keyed(phone))).toBe(true);
    expect(await text.delivery()).toMatchObject({ status: 'refused', code: '21610' });
    await api.db.deleteFrom('textOptOuts').where('phoneKey', '=', keyed(phone).phoneKey).execute();
    await text.report('failed', { ErrorCode: '21610', To: phone });
    await text.report('failed', { ErrorCode: '', To: phone });
    expect(await areTextsStopped(api.db, keyed(phone))).toBe(false);
    expect(await text.delivery()).toMatchObject({ status: 'refused', code: '21610' });
  });

  test('shows ops our own fault, once', async () => {
    const text = await texted();
    await text.report('undelivered');
    for (let count = 1; count <= 2; count += 1) await text.report('failed', { ErrorCode: '30033' });
    expect(await text.delivery()).toMatchObject({ status: 'refused', code: '30033' });
    expect(api.logged().match(/"reason":"30033"/g)).toHaveLength(1);
  });

  test('keeps its first code, and stays delivered if it was', async () => {
    const [refused, delivered] = [await texted(), await texted()];
    await refused.report('undelivered', { ErrorCode: '30003' });
    await refused.report('failed', { ErrorCode: '30034' });
    expect(await refused.delivery()).toMatchObject({ status: 'refused', code: '30003' });
    await delivered.report('delivered');
    await delivered.report('failed', { ErrorCode: '30003' });
    expect(await delivered.delivery()).toMatchObject({ status: 'delivered', code: null });
  });
});

describe('an irregular report is never lost:', () => {
  test.each([
    ['an empty ErrorCode', { ErrorCode: '' }, 'undelivered'],
    ['an ErrorCode of 0', { ErrorCode: '0' }, 'undelivered'],
    ['an ErrorCode of null', { ErrorCode: 'null' }, 'undelivered'],
    ['a sentence for an ErrorCode', { ErrorCode: 'Unreachable destination handset' }, 'undelivered'],
    ['an ErrorCode with spaces', { ErrorCode: ' 30003 ' }, '30003'],
    ['a To that is too long', { To: 'x'.repeat(300), ErrorCode: '30003' }, '30003'],
    [
      'fields of other channels',
      { ChannelPrefix: 'whatsapp', EventType: 'UNDELIVERED', RawDlrDoneDate: '' },
      'undelivered',
    ],
  ])('%s', async (_, more, code) => {
    const text = await texted();
    expect((await text.report('undelivered', more)).status).toBe(204);
    expect(await text.delivery()).toMatchObject({ status: 'refused', code });
  });

  test.each(['Delivered', 'DELIVERED', ' delivered '])('a state spelled %j', async (status) => {
    const text = await texted();
    expect((await text.report(status)).status).toBe(204);
    expect((await text.delivery()).status).toBe('delivered');
  });

  test('a state or a sid under its older name alone', async () => {
    const text = await texted();
    const form = { SmsSid: text.sid, SmsStatus: 'delivered', MessageSid: '', MessageStatus: '' };
    expect((await postTwilio(api, 'status', form)).status).toBe(204);
    expect((await text.delivery()).status).toBe('delivered');
  });

  test.each([
    ['an additional parameter', (id: string) => `status?attempt=${id}&foo=bar`],
    ['one that a proxy adds', (id: string) => `status?utm_source=x&attempt=${id}`],
    ['an invalid attempt id', () => 'status?attempt=undefined'],
    ['an attempt that came twice', (id: string) => `status?attempt=${id}&attempt=${id}`],
  ])('%s', async (_, path) => {
    const text = await texted();
    const form = statusForm('delivered', { MessageSid: text.sid });
    expect((await postTwilio(api, path(text.id), form)).status).toBe(204);
    expect((await text.delivery()).status).toBe('delivered');
  });

  test('an unknown state is logged and changes nothing', async () => {
    const text = await texted();
    expect((await text.report('of-tomorrow')).status).toBe(204);
    expect((await text.delivery()).status).toBe('sent');
    expect(api.logged()).toMatch(/"state":"of-tomorrow"/);
  });

  test('an unregistered number is our own fault, and ops see it', async () => {
    const text = await texted();
    await text.report('undelivered', { ErrorCode: '30034' });
    expect(await text.delivery()).toMatchObject({ status: 'refused', code: '30034' });
    expect(api.logged()).toMatch(/"level":"?(50|error)"?.*"reason":"30034"/);
  });
});

describe('a signature', () => {
  const form = () => statusForm('delivered');

  test.each([
    ['made with another token', { token: 'another token' }],
    ['that is made up', { signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
    ['that is missing', { signature: '' }],
  ])('%s is refused', async (_, how) => {
    const answer = await postTwilio(api, 'status', form(), how);
    expect([answer.status, problemNameOf(answer)]).toEqual([403, 'not-signed']);
  });

  test('of other fields or another address is refused and changes nothing', async () => {
    const [text, other] = [await texted(), await texted()];
    const signature = twilio.getExpectedTwilioSignature(
      twilioAuthToken,
      `${publicUrl}/v1/webhooks/twilio/status?attempt=${text.id}`,
      statusForm('failed', { MessageSid: text.sid }),
    );
    const refused = [
      await postTwilio(api, `status?attempt=${text.id}`, statusForm('delivered', { MessageSid: text.sid }), {
        signature,
      }),
      await postTwilio(api, `status?attempt=${other.id}`, statusForm('failed', { MessageSid: text.sid }), {
        signature,
      }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect([(await text.delivery()).status, (await other.delivery()).status]).toEqual(['sent', 'sent']);
  });

  test('covers the public address, whatever host the request names', async () => {
    const body = form();
    const evil = 'https://evil.example/v1/webhooks/twilio/status';
    const answer = await api.call('POST /v1/webhooks/twilio/status', {
      body: new URLSearchParams(body).toString(),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Forwarded-Host': 'evil.example',
        'X-Twilio-Signature': twilio.getExpectedTwilioSignature(twilioAuthToken, evil, body),
      },
    });
    expect(answer.status).toBe(403);
  });

  test('covers every field that Twilio may add, whatever its name and characters', async () => {
    const irregular = { ...form(), 'Zz[of]': 'ü & = + %', '': 'x', __proto__: 'y', constructor: 'z' };
    expect((await postTwilio(api, 'status', irregular)).status).toBe(204);
  });

  test('of a malformed form is refused', async () => {
    expect((await postTwilio(api, 'status', { MessageStatus: 'delivered' })).status).toBe(400);
    const tooLarge = { ...form(), Zz: 'x'.repeat(100 * 1024) };
    expect((await postTwilio(api, 'status', tooLarge)).status).toBe(413);
  });
});

test('providers are not rate-limited; a sender who is refused again and again is', async () => {
  const narrow = await openApiHarness({
    publicUrl,
    webhooks: { topicArn, maxAgeMs: 60 * 60_000, twilioAuthToken },
    rateLimits: { requests: { points: 5, windowMs: 60_000 } },
  });
  const call = (how?: { token: string }) => postTwilio(narrow, 'status', statusForm('delivered'), how);
  for (let count = 1; count <= 12; count += 1) expect((await call()).status).toBe(204);
  const statuses: number[] = [];
  for (let count = 1; count <= 7; count += 1) statuses.push((await call({ token: 'wrong' })).status);
  expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429]);
  await narrow.close();
});
