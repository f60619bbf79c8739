import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findOrCreateDelivery } from '../../../store/notifications/deliveries.ts';
import { createNotice } from '../../../store/notifications/notices.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { aReferral } from '../../harness/people/notified-people.ts';
import { postTwilio, publicUrl, topicArn, twilioAuthToken } from './providers.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({ publicUrl, webhooks: { topicArn, maxAgeMs: 60 * 60_000, twilioAuthToken } });
});
afterAll(() => api.close());

/** Adds a call that is in progress. */
async function calling() {
  const at = new Date();
  const referralId = await aReferral(api.db, { email: null, phone: '+15005550199' });
  const { noticeId } = await createNotice(api.db, {
    kind: 'contact-code',
    referralId,
    at,
    channels: ['voice'],
    dedupeKey: randomUUID(),
  });
  const { id } = await findOrCreateDelivery(api.db, { noticeId, channel: 'voice', at });
  const sid = `CA${randomBytes(16).toString('hex')}`;
  return {
    id,
    sid,
    report: (CallStatus: string, how: Parameters<typeof postTwilio>[3] = {}) =>
      postTwilio(api, `calls?attempt=${id}`, { CallSid: sid, CallStatus, To: '+15005550199' }, how),
    delivery: () =>
      api.db
        .selectFrom('deliveries')
        .select(['status', 'code'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
  };
}

test.each([
  ['queued', 'sent', null],
  ['ringing', 'sent', null],
  ['in-progress', 'sent', null],
  ['completed', 'delivered', null],
  ['busy', 'refused', 'busy'],
  ['no-answer', 'refused', 'no-answer'],
  ['failed', 'refused', 'failed'],
  ['canceled', 'refused', 'canceled'],
  ['of-tomorrow', 'pending', null],
])('a call in Twilio’s state %s is stored as %s', async (state, status, code) => {
  const call = await calling();
  expect((await call.report(state)).status).toBe(204);
  expect(await call.delivery()).toEqual({ status, code });
});

test('a request that Twilio has not signed is refused and changes nothing', async () => {
  const call = await calling();
  for (const how of [{ token: 'another token' }, { signature: '' }]) {
    const answer = await call.report('completed', how);
    expect([answer.status, problemNameOf(answer)]).toEqual([403, 'not-signed']);
  }
  expect((await call.delivery()).status).toBe('pending');
});

test('a malformed form is refused', async () => {
  expect((await postTwilio(api, 'calls', { CallStatus: 'completed' })).status).toBe(400);
});

test.each([
  ['an additional parameter', (id: string) => `calls?attempt=${id}&foo=bar`, 'completed'],
  ['an invalid attempt id', () => 'calls?attempt=undefined', 'completed'],
  ['a state in capitals', (id: string) => `calls?attempt=${id}`, 'COMPLETED'],
])('a report with %s is not lost', async (_, path, CallStatus) => {
  const call = await calling();
  await call.report('queued');
  const form = { CallSid: call.sid, CallStatus, CallDuration: '', SipResponseCode: '' };
  expect((await postTwilio(api, path(call.id), form)).status).toBe(204);
  expect((await call.delivery()).status).toBe('delivered');
});
