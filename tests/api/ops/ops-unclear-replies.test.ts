import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { areTextsStopped, stopTexts } from '../../../store/notifications/text-opt-outs.ts';
import { saveContactKeys } from '../../../store/referrals/contacts/contact-keys.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { keyed } from '../../harness/keyring.ts';
import { addAgent, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());
beforeEach(() => api.db.deleteFrom('textOptOuts').execute());

const phone = '+12025550144';

/** Adds an agent and a consumer who share a phone that sent an unclear reply. */
async function unclear() {
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  const { id } = await requestReferral(api);
  await api.db.updateTable('agents').set({ phone: null }).where('phone', '=', phone).execute();
  const { phoneKey: key } = keyed(phone);
  await api.db.deleteFrom('contactKeys').where('key', '=', key).execute();
  await api.db.updateTable('agents').set({ phone }).where('npn', '=', npn).execute();
  await saveContactKeys(api.db, { referralId: id, keys: [{ channel: 'text', key }], confirmedAt: null });
  await stopTexts(api.db, { ...keyed(phone), by: 'unclear-reply', at: new Date() });
  return { npn, referralId: id };
}

async function replies() {
  const { json, text } = await api.call('GET /v1/ops/unclear-replies', { cookie });
  expect(text).not.toContain(phone);
  return json['replies'] as { id: string; npns: string[]; referralIds: string[] }[];
}
const decide = (id: string, body: object) =>
  api.call(`POST /v1/ops/unclear-replies/${id}/decision`, { cookie, body });
const eventsOf = async (npn: string) =>
  api.db
    .selectFrom('events')
    .select(['kind', 'by'])
    .where('subjectId', 'like', `${npn}-%`)
    .where('kind', 'like', 'texts-%')
    .orderBy('sequence')
    .execute();

test('is shown with agent and request, never the phone; texts resume once ops decide so, on record', async () => {
  const { npn, referralId } = await unclear();
  const [reply, ...rest] = await replies();
  expect([reply, rest]).toEqual([
    { id: expect.any(String), stoppedAt: expect.any(String), npns: [npn], referralIds: [referralId] },
    [],
  ]);
  const allowTexts = { texts: 'again', reason: 'He only said thank you' };
  const id = reply?.id ?? '';
  // also when several decide alike at the same moment
  const answers = await Promise.all([1, 2, 3].map(() => decide(id, allowTexts)));
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
  expect(await areTextsStopped(api.db, keyed(phone))).toBe(false);
  expect(await replies()).toEqual([]);
  expect(await eventsOf(npn)).toEqual([
    { kind: 'texts-stopped', by: 'agent' },
    { kind: 'texts-started', by: 'ops' },
  ]);
  const decisions = await api.db.selectFrom('textStopDecisions').select(['texts', 'reason']).execute();
  expect(decisions).toEqual([allowTexts]);
});

test('that was meant as a STOP keeps texts off, and is no longer listed', async () => {
  await unclear();
  const id = (await replies())[0]?.id ?? '';
  expect((await decide(id, { texts: 'off', reason: 'He wants no texts' })).status).toBe(204);
  expect(await areTextsStopped(api.db, keyed(phone))).toBe(true);
  expect(await replies()).toEqual([]);
  // a decision cannot be changed; the owner's START still can start texts
  const other = await decide(id, { texts: 'again', reason: 'Oh' });
  expect([other.status, problemNameOf(other)]).toEqual([409, 'not-allowed-now']);
  expect(await areTextsStopped(api.db, keyed(phone))).toBe(true);
});

test('needs a reason for its decision', async () => {
  expect(codesOf(await decide(randomUUID(), { texts: 'maybe' }))).toMatchObject({
    '/texts': expect.any(String),
    '/reason': expect.any(String),
  });
  expect((await decide(randomUUID(), { texts: 'off', reason: 'x' })).status).toBe(404);
});
