import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PushDevices } from '../../../api/schemas/agents/push-subscriptions.ts';
import { sha256 } from '../../../store/tokens.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { addAgent, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const keysOf = (letter: string) => ({ p256dh: letter.repeat(87), auth: letter.repeat(22) });
const newEndpoint = () => `https://push.example.org/${randomUUID()}`;
const androidChrome =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';

async function agentWithDevice() {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const cookie = await logInAs(api, { npn });
  const endpoint = newEndpoint();
  const body = { endpoint, keys: keysOf('B'), expirationTime: null };
  const headers = { 'User-Agent': androidChrome };
  const subscribed = await api.call('POST /v1/me/push-subscriptions', { cookie, body, headers });
  expect(subscribed.status).toBe(204);
  const devices = async () => {
    const { json } = await api.call('GET /v1/me/push-subscriptions', { cookie });
    return (json as unknown as PushDevices).devices;
  };
  return { cookie, endpoint, devices };
}

test('a browser subscribes to pushes of a known service, and unsubscribes', async () => {
  const { cookie, endpoint, devices } = await agentWithDevice();
  expect(await devices()).toMatchObject([{ endpointSha256: sha256(endpoint) }]);
  const body = { endpoint: 'http://169.254.169.254/latest', keys: keysOf('B') };
  const inside = await api.call('POST /v1/me/push-subscriptions', { cookie, body });
  expect(inside).toMatchObject({
    status: 422,
    json: { errors: [{ pointer: '/endpoint', code: 'unknown-push-service' }] },
  });
  const left = await api.call('DELETE /v1/me/push-subscriptions', { cookie, body: { endpoint } });
  expect([left.status, await devices()]).toEqual([204, []]);
});

test('an agent sees their devices by coarse names, mutes and removes them one by one', async () => {
  const { cookie, devices } = await agentWithDevice();
  const other = await agentWithDevice();
  const [device] = await devices();
  expect(device).toMatchObject({ name: 'Chrome on Android', works: true, hasSound: true, lastSentAt: null });
  const path = `/v1/me/push-subscriptions/${device?.id}`;
  const change = (by: string) => api.call(`PATCH ${path}`, { cookie: by, body: { hasSound: false } });
  expect([(await change(other.cookie)).status, (await change(cookie)).status]).toEqual([404, 204]);
  expect(await devices()).toMatchObject([{ hasSound: false }]);
  const remove = async (by: string) => (await api.call(`DELETE ${path}`, { cookie: by })).status;
  expect([await remove(other.cookie), await remove(cookie), await remove(cookie)]).toEqual([404, 204, 404]);
  expect(await devices()).toEqual([]);
});

test('a browser renews its subscription without a session, by the secret of the former one, and may repeat it', async () => {
  const { endpoint, devices } = await agentWithDevice();
  const [{ id } = { id: '' }] = await devices();
  await api.db.updateTable('pushSubscriptions').set({ goneAt: new Date() }).where('id', '=', id).execute();
  const next = { endpoint: newEndpoint(), keys: keysOf('C') };
  const renew = (before: object, subscription = next) =>
    api.call('POST /v1/push-subscription-renewals', { body: { before, subscription } });
  const before = { endpoint, auth: keysOf('B').auth };
  expect((await renew({ ...before, auth: keysOf('D').auth })).status).toBe(404);
  expect((await renew({ ...before, endpoint: newEndpoint() })).status).toBe(404);
  expect((await renew(before, { ...next, endpoint: 'http://127.0.0.1/x' })).status).toBe(422);
  expect([(await renew(before)).status, (await renew(before)).status]).toEqual([204, 204]);
  expect(await devices()).toMatchObject([{ id, works: true, endpointSha256: sha256(next.endpoint) }]);
});

test('a renewal that meets the same subscription saved by its page leaves both in order', async () => {
  const { cookie, endpoint, devices } = await agentWithDevice();
  const subscription = { endpoint: newEndpoint(), keys: keysOf('C') };
  const saved = await api.call('POST /v1/me/push-subscriptions', { cookie, body: subscription });
  const before = { endpoint, auth: keysOf('B').auth };
  const renewed = await api.call('POST /v1/push-subscription-renewals', { body: { before, subscription } });
  expect([saved.status, renewed.status]).toEqual([204, 204]);
  expect(await devices()).toHaveLength(2);
});
