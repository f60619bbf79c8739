import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sha256 } from '../../../store/tokens.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { hour, logInAs } from '../../harness/people/people.ts';

let api: ApiHarness;
let admin: string;
let now: Date;
beforeAll(async () => {
  now = new Date();
  api = await openApiHarness({ now: () => now });
});
beforeEach(async () => {
  admin = await logInAs(api, { role: 'ops-admin' });
});
afterAll(() => api.close());

const reason = 'Their export starts on Monday';
const post = (path: string, body: object) =>
  api.call(`POST /v1/ops/feed-keys${path}`, { cookie: admin, body });

async function create(...feeds: string[]): Promise<{ id: string; name: string; secret: string }> {
  const name = `MLMS ${randomUUID()}`;
  const { json } = await post('', { name, feeds, reason });
  const { key, secret } = json as unknown as { key: { id: string }; secret: string };
  return { id: key.id, name, secret };
}

const keyOf = async (id: string) => {
  const { json } = await api.call('GET /v1/ops/feed-keys', { cookie: admin });
  return (json['keys'] as { id: string }[]).find((key) => key.id === id);
};

/** Uploads with a secret a file that no feed takes. @returns 422 if the secret was accepted */
const upload = async (secret: string, kind = 'licenses') =>
  (
    await api.call(`PUT /v1/feeds/${kind}`, {
      bearer: secret,
      body: 'a,b\n1,2\n',
      headers: { 'Content-Type': 'text/csv' },
    })
  ).status;

test('a key opens its feeds and no other; the keys of the settings open all', async () => {
  const { secret } = await create('licenses', 'terminations', 'licenses');
  expect(await upload(secret, 'licenses')).toBe(422);
  expect(await upload(secret, 'terminations')).toBe(422);
  expect(await upload(secret, 'training-completions')).toBe(403);
  expect(await upload(randomUUID())).toBe(403);
  expect(await upload(api.feedsKey, 'training-completions')).toBe(422);
});

test('a key shows when it was last used and who created it; its secret is shown once and stored as a hash', async () => {
  const { id, name, secret } = await create('licenses');
  expect(await keyOf(id)).toMatchObject({ name, feeds: ['licenses'], lastUsedAt: null, revokedAt: null });
  await upload(secret);
  const { username } = (await api.call('GET /v1/session', { cookie: admin })).json;
  expect(await keyOf(id)).toMatchObject({ lastUsedAt: now.toISOString(), createdBy: username });
  const list = await api.call('GET /v1/ops/feed-keys', { cookie: admin });
  expect(list.text + api.logged()).not.toContain(secret);
  const stored = await api.db
    .selectFrom('feedKeySecrets')
    .select('secretSha256')
    .where('feedKeyId', '=', id)
    .execute();
  expect(stored).toEqual([{ secretSha256: sha256(secret) }]);
});

test('after a rotation the secret before works for the hours that were said, and not longer', async () => {
  const { id, secret } = await create('licenses');
  const { json } = await post(`/${id}/rotation`, { reason, earlierValidHours: 2 });
  const { secret: next, key } = json as unknown as { secret: string; key: { earlierSecretUntil: string } };
  expect(key.earlierSecretUntil).toBe(new Date(now.getTime() + 2 * hour).toISOString());
  expect([await upload(secret), await upload(next)]).toEqual([422, 422]);
  now = new Date(now.getTime() + 2 * hour);
  // without use the session has ended
  admin = await logInAs(api, { role: 'ops-admin' });
  expect([await upload(secret), await upload(next)]).toEqual([403, 422]);
  expect(await keyOf(id)).toMatchObject({ earlierSecretUntil: null });
});

test('a rotation because of a leak ends every secret before at once', async () => {
  const { id, secret } = await create('licenses');
  const second = (await post(`/${id}/rotation`, { reason })).json['secret'] as string;
  const third = (await post(`/${id}/rotation`, { reason, earlierValidHours: 0 })).json['secret'] as string;
  expect([await upload(secret), await upload(second), await upload(third)]).toEqual([403, 403, 422]);
});

test('a revoked key is out with every secret and cannot be rotated; its name is free again', async () => {
  const { id, name, secret } = await create('licenses');
  const taken = await post('', { name: name.toUpperCase(), feeds: ['licenses'], reason });
  expect([taken.status, codesOf(taken)]).toEqual([422, { '/name': 'taken' }]);
  const first = await post(`/${id}/revocation`, { reason: 'The contract ended' });
  expect((await post(`/${id}/revocation`, { reason: 'The contract ended' })).json).toEqual(first.json);
  expect(await upload(secret)).toBe(403);
  const rotated = await post(`/${id}/rotation`, { reason });
  expect([rotated.status, problemNameOf(rotated)]).toEqual([409, 'not-allowed-now']);
  expect((await post('', { name, feeds: ['licenses'], reason })).status).toBe(201);
  const actions = await api.db
    .selectFrom('opsActions')
    .select(['action', 'reason'])
    .where('feedKeyId', '=', id)
    .orderBy('at')
    .execute();
  expect(actions).toEqual([
    { action: 'create-feed-key', reason },
    { action: 'revoke-feed-key', reason: 'The contract ended' },
  ]);
});

test('each change of a key is a security event of who made it; what is refused, or a repeat, is none', async () => {
  const { json } = await api.call('GET /v1/session', { cookie: admin });
  const { id, name } = await create('licenses');
  await post('', { name, feeds: ['licenses'], reason });
  await post(`/${id}/rotation`, { reason });
  await post(`/${id}/revocation`, { reason });
  await post(`/${id}/revocation`, { reason });
  await post(`/${id}/rotation`, { reason });
  const events = await api.db
    .selectFrom('securityEvents')
    .select(['kind', 'detail'])
    .where('accountId', '=', String(json['accountId']))
    .where('kind', '=', 'feed-key-changed')
    .orderBy('id')
    .execute();
  expect(events.map(({ detail }) => detail)).toEqual(['created', 'rotated', 'revoked']);
});
