import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordEvent } from '../../../store/events.ts';
import { recordReferralEvent } from '../../../store/referrals/referrals.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { listenTo } from '../../harness/event-stream.ts';
import { eventually } from '../../harness/eventually.ts';
import { addAgent, addOffer, logInAs, requestReferral } from '../../harness/people/people.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { recordStatements } from '../../harness/statements.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const nothing = { onboardings: [], referrals: [] };

const listen = (path: 'me' | 'ops', cookie: string) =>
  listenTo(`${api.url}/v1/${path}/events`, { Cookie: cookie });

/** An agent who is logged in and has the portal open; `current` has been received. */
async function agentListening() {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const cookie = await logInAs(api, { npn });
  const stream = await listen('me', cookie);
  expect(await stream.next()).toMatchObject({ event: 'current', data: nothing });
  return { npn, cookie, stream };
}

/** Records an event about the onboarding of each agent, all in one transaction. */
async function changeOnboardings(...npns: string[]): Promise<void> {
  await api.db.transaction().execute(async (tx) => {
    for (const npn of npns) {
      const subject = { kind: 'onboarding' as const, npn, planYear: 2027 };
      await recordEvent(tx, { subject, kind: 'phone-confirmed', at: new Date(), by: 'agent' });
    }
  });
}

const touchReferral = (id: string) =>
  recordReferralEvent(api.db, id, { kind: 'contact-corrected', at: new Date(), by: 'consumer', data: {} });

test('an agent’s stream starts with everything, and then names what has changed for this agent', async () => {
  const { npn, stream } = await agentListening();
  const other = await addAgent(api.db);
  expect(stream.response.headers.get('Content-Type')).toMatch('text/event-stream');
  expect(stream.response.headers.get('Content-Encoding')).toBeNull();
  await changeOnboardings(other);
  await changeOnboardings(npn);
  const first = await stream.next();
  expect(first).toMatchObject({ event: 'change', data: { onboardings: [`${npn}-2027`], referrals: [] } });
  const referral = await requestReferral(api);
  await addOffer(api.db, { referralId: referral.id, npn });
  await touchReferral(referral.id);
  const second = await stream.next();
  expect(second).toMatchObject({ event: 'change', data: { onboardings: [], referrals: [referral.id] } });
  expect(second.id).toBeGreaterThan(first.id);
  stream.leave();
});

test('an agent whose offer has ended is told of its end, and of nothing that happens to the referral afterwards', async () => {
  const [first, second] = [await agentListening(), await agentListening()];
  const { id } = await requestReferral(api);
  const offerId = await addOffer(api.db, { referralId: id, npn: first.npn, endedAs: 'expired' });
  const ended = { offerId, npn: first.npn, end: 'expired' as const };
  await recordReferralEvent(api.db, id, { kind: 'offer-ended', at: new Date(), by: 'clock', data: ended });
  expect((await first.stream.next()).data).toEqual({ onboardings: [], referrals: [id] });
  await addOffer(api.db, { referralId: id, npn: second.npn, number: 2 });
  await touchReferral(id);
  expect((await second.stream.next()).data).toEqual({ onboardings: [], referrals: [id] });
  await changeOnboardings(first.npn);
  expect((await first.stream.next()).data).toEqual({ onboardings: [`${first.npn}-2027`], referrals: [] });
  first.stream.leave();
  second.stream.leave();
});

test('however many events and open streams there are, no query is made for one of them', async () => {
  const agents = await Promise.all(Array.from({ length: 8 }, agentListening));
  const statements = await recordStatements(async () => {
    await changeOnboardings(...agents.map(({ npn }) => npn));
    for (const { stream } of agents) expect((await stream.next()).event).toBe('change');
  });
  const isOfTheTest = (statement: string) => statement.startsWith('insert into events');
  const isOfTheFeed = (statement: string) => statement.trimStart().startsWith('with committed as');
  expect(statements.filter(isOfTheTest)).toHaveLength(8);
  expect(statements.filter(isOfTheFeed).length).toBeGreaterThan(0);
  const isOfTheCheck = (statement: string) => statement.includes('"token_sha256" = any');
  expect(statements.filter((one) => !isOfTheTest(one) && !isOfTheFeed(one) && !isOfTheCheck(one))).toEqual(
    [],
  );
  for (const { stream } of agents) stream.leave();
});

test('changes of an agent that follow quickly come in one event', async () => {
  const { npn, stream } = await agentListening();
  const referrals = await Promise.all(Array.from({ length: 3 }, () => requestReferral(api)));
  for (const { id } of referrals) {
    const offerId = await addOffer(api.db, { referralId: id, npn, endedAs: 'expired' });
    const ended = { offerId, npn, end: 'expired' as const };
    await recordReferralEvent(api.db, id, { kind: 'offer-ended', at: new Date(), by: 'clock', data: ended });
  }
  const heard = new Set<unknown>();
  let received = 0;
  for (; heard.size < referrals.length; received += 1)
    for (const id of (await stream.next()).data['referrals'] as unknown[]) heard.add(id);
  expect(heard).toEqual(new Set(referrals.map(({ id }) => id)));
  expect(received).toBeLessThan(referrals.length);
  stream.leave();
});

test.each([
  [3, 'by their ids', 'change'],
  [101, 'as everything', 'current'],
])('ops hear of changes to %s agents, %s', async (count, _name, event) => {
  const stream = await listen('ops', await logInAs(api, { role: 'ops' }));
  expect(await stream.next()).toMatchObject({ event: 'current', data: nothing });
  const npns = await Promise.all(Array.from({ length: count }, () => addAgent(api.db)));
  await changeOnboardings(...npns);
  const heard = await stream.next();
  expect(heard.event).toBe(event);
  const ids = event === 'current' ? [] : npns.map((npn) => `${npn}-2027`).toSorted();
  expect((heard.data['onboardings'] as string[]).toSorted()).toEqual(ids);
  stream.leave();
});

test('while changes cannot be read, streams end and new ones are refused, so that pages read by themselves', async () => {
  const { cookie, stream } = await agentListening();
  await asOwner(api, 'alter table events rename column transaction_id to unreadable');
  expect(await stream.untilEnd()).toEqual([]);
  const refused = await api.call('GET /v1/me/events', { cookie });
  expect(refused).toMatchObject({ status: 503, json: { type: 'urn:help-on-demand:problem:unavailable' } });
  await asOwner(api, 'alter table events rename column unreadable to transaction_id');
  await eventually(async () => {
    const again = await listen('me', cookie);
    expect((await again.next()).event).toBe('current');
    again.leave();
  });
});

test('a stream ends with its session', async () => {
  const [leaving, dying, staying] = [await agentListening(), await agentListening(), await agentListening()];
  await api.call('DELETE /v1/session', { cookie: leaving.cookie });
  await api.db
    .updateTable('agents')
    .set({ leftAt: new Date(), leftBecause: 'death' })
    .where('npn', '=', dying.npn)
    .execute();
  expect(await leaving.stream.untilEnd()).toEqual([]);
  expect(await dying.stream.untilEnd()).toEqual([]);
  await changeOnboardings(staying.npn);
  expect((await staying.stream.next()).event).toBe('change');
  staying.stream.leave();
});

test('a session can have four streams; one more ends the oldest', async () => {
  const { cookie, stream: oldest } = await agentListening();
  const others = await Promise.all(Array.from({ length: 4 }, () => listen('me', cookie)));
  expect(await oldest.untilEnd()).toEqual([]);
  for (const other of others) {
    expect((await other.next()).event).toBe('current');
    other.leave();
  }
});
