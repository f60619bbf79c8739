import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readWishedAgent } from '../../../store/encryption/wished-agents.ts';
import { type ApiHarness, codesOf, openApiHarness } from '../../harness/api-harness.ts';
import { keyring } from '../../harness/keyring.ts';
import { addAgent, validHelpRequest } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

/** The wish of a request as it is stored, and the agent whom it names. */
async function wishOf(id: unknown) {
  const referralId = id as string;
  const row = await api.db
    .selectFrom('referrals')
    .select('agentWish')
    .where('id', '=', referralId)
    .executeTakeFirst();
  return { by: row?.agentWish, agent: await readWishedAgent(api.db, keyring, referralId) };
}
const post = async (change: object) =>
  api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), ...change },
    headers: { 'Idempotency-Key': randomUUID() },
  });

test.each([
  [{}, { by: null, agent: undefined }],
  [{ agent: { npn: '0017593264' } }, { by: 'npn', agent: '17593264' }],
  [{ agent: { name: ' Ana Reyes' } }, { by: 'name', agent: 'Ana Reyes' }],
  [{ returnToAgent: true }, { by: 'helped-before', agent: undefined }],
])('a request with %j keeps %j', async (change, kept) => {
  const { status, json } = await post(change);
  expect(status).toBe(201);
  expect(await wishOf(json['id'])).toEqual(kept);
});

test('a consumer who takes the consent back takes back the name too', async () => {
  const { json } = await post({ agent: { name: 'Ana Reyes' } });
  const { id, token } = json as { id: string; token: string };
  await api.call(`POST /v1/referrals/${id}/consent/rescission`, { bearer: token, body: {} });
  expect(await wishOf(id)).toEqual({ by: null, agent: undefined });
});

test('an agent is given by name or by NPN, not by both, and not along with the one who helped before', async () => {
  expect(codesOf(await post({ agent: {} }))).toEqual({ '/agent': 'npn-or-name-needed' });
  expect(codesOf(await post({ agent: { npn: '9', name: 'Ana Reyes' } }))).toEqual({
    '/agent': 'npn-or-name-needed',
  });
  expect(codesOf(await post({ agent: { name: 'call 801-555-0123' } }))).toEqual({
    '/agent/name': 'holds-number',
  });
  expect(codesOf(await post({ agent: { npn: '9' }, returnToAgent: true }))).toEqual({
    '/returnToAgent': 'agent-named',
  });
  expect(codesOf(await post({ agent: { npn: '9', email: 'ana@example.com' } }))).toEqual({
    '/agent/email': 'unknown-field',
  });
});

test('no answer tells whether the agent takes part', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const pages = [];
  for (const agent of [{ npn }, { npn: '9' }, { name: 'Marisol Okafor' }, { name: 'Nobody Here' }]) {
    const { json } = await post({ agent });
    const { id, token, statusUrl: _, ...created } = json;
    const page = await api.call(`GET /v1/referrals/${id as string}`, { bearer: token as string });
    // instants differ from request to request
    const shown = JSON.stringify(page.json).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'an instant');
    pages.push(JSON.stringify([created, shown]));
  }
  expect(new Set(pages).size).toBe(1);
});
