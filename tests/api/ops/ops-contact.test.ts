import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { storedContact, storedReferralActions } from '../../harness/people/contacts.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
let cookie: string;
let accountId: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
  accountId = String((await api.call('GET /v1/session', { cookie })).json['accountId']);
});
afterAll(() => api.close());

const readContact = (id: string, reason: string) =>
  api.call(`POST /v1/ops/referrals/${id}/contact`, { cookie, body: { reason } });

test('ops read one contact with a reason, which is on record beside the person who read it', async () => {
  const { id } = await requestReferral(api);
  const contact = await storedContact(api.db, id);
  const answer = await readContact(id, 'they called and ask which number we have');
  expect([answer.status, answer.json['consumer']]).toEqual([200, contact]);
  expect(await storedReferralActions(api.db, id)).toEqual([
    {
      id: answer.json['id'],
      action: 'read-contact',
      reason: 'they called and ask which number we have',
      accountId,
    },
  ]);
  const events = await api.db
    .selectFrom('events')
    .select(['kind', 'by', 'data'])
    .where('subjectId', '=', id)
    .where('kind', '=', 'contact-read-by-ops')
    .execute();
  expect(events).toEqual([{ kind: 'contact-read-by-ops', by: 'ops', data: { actionId: answer.json['id'] } }]);
  const security = await api.db
    .selectFrom('securityEvents')
    .select(['accountId', 'detail'])
    .where('kind', '=', 'contact-read')
    .execute();
  expect(security).toEqual([{ accountId, detail: id }]);
  expect(api.logged()).not.toContain(contact?.phone);
});

test('without a reason, or once it is erased, ops read no contact, and nothing is recorded', async () => {
  const { id, token } = await requestReferral(api);
  expect(codesOf(await readContact(id, ' '))).toHaveProperty('/reason');
  expect((await readContact(randomUUID(), 'they called')).status).toBe(404);
  await api.call(`POST /v1/referrals/${id}/consent/rescission`, { bearer: token, body: {} });
  const erased = await readContact(id, 'they called');
  expect([erased.status, problemNameOf(erased)]).toEqual([409, 'not-allowed-now']);
  const actions = await api.db.selectFrom('opsActions').select('id').where('referralId', '=', id).execute();
  expect(actions).toEqual([]);
});

test('no list of ops has a name or a contact of a consumer', async () => {
  const { id } = await requestReferral(api);
  const npn = await addAgent(api.db, { stage: 'active', registered: true });
  await addOffer(api.db, { referralId: id, npn, acceptedAt: new Date() });
  const contact = await storedContact(api.db, id);
  const lists = api.routes.map(({ key }) => key).filter((key) => key.startsWith('GET /v1/ops/'));
  expect(lists.length).toBeGreaterThan(10);
  for (const key of lists) {
    if (key.endsWith('/events')) continue;
    const path = key.replace(':npn', npn).replace(':id', id).replace(':releaseId', randomUUID());
    const { text } = await api.call(path, { cookie });
    for (const value of Object.values(contact ?? {}))
      expect([key, text]).toEqual([key, expect.not.stringContaining(value ?? '-')]);
  }
});
