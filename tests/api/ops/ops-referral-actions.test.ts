import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { storedReferralActions } from '../../harness/people/contacts.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';
import { asOwner } from '../../harness/servers/postgres.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await openApiHarness();
  cookie = await logInAs(api, { role: 'ops' });
});
afterAll(() => api.close());

const act = (
  id: string,
  what: 'recall' | 'closure' | 'notes',
  reason: string | undefined = 'as it had to be',
) => api.call(`POST /v1/ops/referrals/${id}/${what}`, { cookie, body: { reason } });

/** Outbox messages about a referral, without its start. */
const messagesOf = async (id: string) => {
  const rows = await api.db.selectFrom('outbox').select(['type', 'payload']).orderBy('id').execute();
  return rows.flatMap(({ type, payload }) =>
    type !== 'start-referral' && (payload as { referralId?: string }).referralId === id
      ? [{ type, payload }]
      : [],
  );
};

const eventsOf = async (id: string) => {
  const rows = await api.db
    .selectFrom('events')
    .select(['kind', 'by', 'data'])
    .where('subjectId', '=', id)
    .orderBy('sequence')
    .execute();
  return rows.slice(1);
};

describe('ops recall a referral', () => {
  test('from the agent who has it: recorded with the person and the reason, and done once however often it is sent', async () => {
    const { id } = await requestReferral(api);
    const npn = await addAgent(api.db, { registered: true });
    const offerId = await addOffer(api.db, { referralId: id, npn, acceptedAt: new Date() });
    const first = await act(id, 'recall', 'the agent asked for money');
    expect([first.status, first.json]).toMatchObject([200, { referralId: id, action: 'recall' }]);
    expect((await act(id, 'recall', 'once more')).json).toEqual(first.json);
    expect(await messagesOf(id)).toEqual([{ type: 'rescind-offer', payload: { referralId: id, offerId } }]);
    // the reason stays in the action's row
    expect(await eventsOf(id)).toEqual([
      { kind: 'recalled-by-ops', by: 'ops', data: { actionId: first.json['id'] } },
    ]);
    expect(await storedReferralActions(api.db, id)).toMatchObject([
      { action: 'recall', reason: 'the agent asked for money' },
    ]);
  });

  test('that no agent has: refused', async () => {
    const { id } = await requestReferral(api);
    const refused = await act(id, 'recall');
    expect([refused.status, problemNameOf(refused)]).toEqual([409, 'not-allowed-now']);
    expect((await act(randomUUID(), 'recall')).status).toBe(404);
    expect(codesOf(await act(id, 'recall', ''))).toEqual({ '/reason': expect.any(String) });
  });
});

test('ops end a referral, once, and not one that has ended', async () => {
  const { id } = await requestReferral(api);
  const first = await act(id, 'closure');
  expect(first.status).toBe(200);
  expect((await act(id, 'closure')).json).toEqual(first.json);
  expect(await messagesOf(id)).toEqual([{ type: 'close-referral', payload: { referralId: id } }]);
  const { id: over } = await requestReferral(api);
  await api.db
    .updateTable('referrals')
    .set({ stage: 'withdrawn', closedAt: new Date() })
    .where('id', '=', over)
    .execute();
  const refused = await act(over, 'closure');
  expect([refused.status, problemNameOf(refused)]).toEqual([409, 'referral-ended']);
});

test('ops end a request whose contact is not confirmed: it has no workflow, so its row is closed', async () => {
  const { id } = await requestReferral(api);
  await api.db.updateTable('referrals').set({ stage: 'unconfirmed' }).where('id', '=', id).execute();
  await act(id, 'closure');
  const row = await api.db
    .selectFrom('referrals')
    .select('stage')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect([row.stage, await messagesOf(id)]).toEqual(['closed', []]);
});

test('ops add a note to a referral, also when it has ended', async () => {
  const { id } = await requestReferral(api);
  const first = await act(id, 'notes', 'called, nobody answered');
  expect((await act(id, 'notes', 'called, nobody answered')).json).toEqual(first.json);
  expect((await act(id, 'notes', 'called again')).json['id']).not.toBe(first.json['id']);
  // on another day the same words are another note
  await asOwner(api, `update ops_actions set at = now() - interval '1 day' where referral_id = '${id}'`);
  expect((await act(id, 'notes', 'called, nobody answered')).json['id']).not.toBe(first.json['id']);
  expect(await messagesOf(id)).toEqual([]);
});
