import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createNotice } from '../../../store/notifications/notices.ts';
import { type ApiHarness, codesOf, openApiHarness } from '../../harness/api-harness.ts';
import { seedEvidence } from '../../harness/people/evidence-fixtures.ts';
import { addAgent, addOffer, hour, logInAs, requestReferral } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({
    lineTypeLookup: async (phone) => (phone === '+15005550199' ? 'landline' : 'mobile'),
  });
});
afterAll(() => api.close());

async function agent() {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  await seedEvidence(api.db, { npn, planYear: 2027, states: ['UT', 'TX'] });
  return { npn, cookie: await logInAs(api, { npn }) };
}

test('an agent changes their own fields, and the onboarding is woken', async () => {
  const { npn, cookie } = await agent();
  const body = { languages: ['es', 'fa'], states: ['UT', 'TX'], phone: '801.555.0177', zip: '78701' };
  const answer = await api.call('PATCH /v1/me/profile', { cookie, body });
  expect(answer.json).toMatchObject({ ...body, phone: '+18015550177', contactPreference: 'email-text' });
  const row = await api.db.selectFrom('agents').selectAll().where('npn', '=', npn).executeTakeFirstOrThrow();
  expect(row.timeZone).toBe('America/Chicago');
  const events = await api.db
    .selectFrom('events')
    .select(['kind', 'data'])
    .where('subjectId', '=', `${npn}-2027`)
    .execute();
  expect(events).toContainEqual({
    kind: 'profile-changed',
    data: { fields: ['languages', 'statesWanted', 'zip', 'phone'] },
  });
  const messages = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
  expect(messages).toContainEqual({ type: 'wake-onboarding', payload: { npn, planYear: 2027 } });
});

test('an agent chooses the language of messages, whatever they speak with consumers', async () => {
  const { npn, cookie } = await agent();
  const languageOfNext = async (dedupeKey: string) => {
    await createNotice(api.db, { kind: 'held', npn, planYear: 2027, at: new Date(), dedupeKey });
    const notices = api.db.selectFrom('notices').select('language').where('dedupeKey', '=', dedupeKey);
    return (await notices.executeTakeFirstOrThrow()).language;
  };
  expect(await languageOfNext(`before ${npn}`)).toBe('en');
  const answer = await api.call('PATCH /v1/me/profile', { cookie, body: { messageLanguage: 'es' } });
  expect(answer.json).toMatchObject({ messageLanguage: 'es', contactPreference: 'email-text' });
  expect(await languageOfNext(`after ${npn}`)).toBe('es');
  const refused = await api.call('PATCH /v1/me/profile', { cookie, body: { messageLanguage: 'vi' } });
  expect(Object.keys(codesOf(refused))).toEqual(['/messageLanguage']);
});

test('name and email come from the MLMS and cannot be changed', async () => {
  const { cookie } = await agent();
  const body = { firstName: 'Ana', email: 'new@example.com', nickname: 'A' };
  const answer = await api.call('PATCH /v1/me/profile', { cookie, body });
  expect(answer.status).toBe(422);
  expect(codesOf(answer)).toEqual({
    '/firstName': 'locked',
    '/email': 'locked',
    '/nickname': 'unknown-field',
  });
});

test('a landline, an unknown state, language and ZIP are refused', async () => {
  const { cookie } = await agent();
  const body = { phone: '+1 500 555 0199', states: ['UT', 'ZZ'], languages: ['en', 'qqq'], zip: '00000' };
  const answer = await api.call('PATCH /v1/me/profile', { cookie, body });
  expect(codesOf(answer)).toEqual({
    '/phone': 'landline',
    '/states/1': 'unknown-state',
    '/languages/1': 'unknown-language',
    '/zip': 'unknown-zip',
  });
});

test('an acceptance of terms is recorded at once: the answer shows it, and it is stored once', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'awaiting-terms' });
  const cookie = await logInAs(api, { npn });
  const { json } = await api.call('GET /v1/terms/terms-of-use');
  const accept = (version: unknown) =>
    api.call('POST /v1/me/terms/terms-of-use/acceptance', { cookie, body: { version } });
  const [first, again] = [await accept(json['version']), await accept(json['version'])];
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(first.json['waitingFor']).not.toContain('terms-of-use');
  const rows = await api.db.selectFrom('termsAcceptances').selectAll().where('npn', '=', npn).execute();
  expect(rows).toMatchObject([{ kind: 'terms-of-use', version: json['version'], sha256: json['sha256'] }]);
  const events = await api.db
    .selectFrom('events')
    .select('kind')
    .where('subjectId', '=', `${npn}-2027`)
    .execute();
  expect(events).toEqual([{ kind: 'terms-accepted' }]);

  const old = await accept('1999-1');
  expect([old.status, codesOf(old)]).toEqual([422, { '/version': 'not-in-force' }]);
});

test('the onboarding lists the met and the unmet conditions', async () => {
  const { npn, cookie } = await agent();
  await api.db.deleteFrom('registrationCompletions').where('npn', '=', npn).execute();
  const { json } = await api.call('GET /v1/me/onboarding', { cookie });
  expect(json).toMatchObject({ npn, planYear: 2027, stage: 'awaiting-eligibility' });
  expect(json['waitingFor']).toContain('marketplace-registration');
  expect((json['conditions'] as unknown[]).length).toBe(9);
  expect((await api.call('GET /v1/me/onboarding?planYear=2031', { cookie })).status).toBe(404);
});

test('an agent sees an offer without the consumer’s name until it expires', async () => {
  const { npn, cookie } = await agent();
  const [open, late] = [await requestReferral(api), await requestReferral(api)];
  const id = await addOffer(api.db, { referralId: open.id, npn });
  await addOffer(api.db, { referralId: late.id, npn, expiresAt: new Date(Date.now() - hour) });
  const answer = await api.call('GET /v1/me/offers', { cookie });
  expect(answer.json['offers']).toMatchObject([
    { id, referralId: open.id, zip: '84101', state: 'UT', language: 'en' },
  ]);
  expect(answer.text).not.toMatch(/Reyes|\+1801|@/);
  // the agent of this test serves no state
  expect(answer.json['notServing']).toEqual([{ cause: 'no-state', until: null, states: [] }]);
});

test('an answer to an ended offer comes from its row, with the end and its time', async () => {
  const { npn, cookie } = await agent();
  const { id: referralId } = await requestReferral(api);
  const accept = (id: string) => api.call(`POST /v1/offers/${id}/acceptance`, { cookie, body: {} });
  const decline = (id: string) =>
    api.call(`POST /v1/offers/${id}/decline`, { cookie, body: { reason: 'too-busy' } });

  const expired = await addOffer(api.db, { referralId, npn, endedAs: 'expired' });
  expect(await accept(expired)).toMatchObject({
    status: 409,
    json: { end: 'expired', at: expect.any(String) },
  });
  const declined = await addOffer(api.db, { referralId, npn, number: 2, endedAs: 'declined' });
  expect(await decline(declined)).toMatchObject({ status: 200, json: { referralId, end: 'declined' } });
  const lost = await addOffer(api.db, {
    referralId,
    npn,
    number: 3,
    acceptedAt: new Date(),
    endedAs: 'silent',
  });
  expect(await accept(lost)).toMatchObject({ status: 409, json: { end: 'silent' } });
  const won = await addOffer(api.db, { referralId, npn, number: 4, acceptedAt: new Date() });
  expect(await accept(won)).toMatchObject({
    status: 200,
    json: {
      referralId,
      consumer: {
        name: 'Ana Reyes',
        phone: expect.stringMatching(/^\+1801555/),
        email: expect.stringContaining('ana.reyes.'),
      },
    },
  });
  const other = await logInAs(api, { npn: await addAgent(api.db, { registered: true }) });
  expect((await api.call(`POST /v1/offers/${won}/acceptance`, { cookie: other, body: {} })).status).toBe(404);
});

test('an agent who loses a referral no longer sees the contact', async () => {
  const { npn, cookie } = await agent();
  const [one, two, three] = [
    await requestReferral(api),
    await requestReferral(api),
    await requestReferral(api),
  ];
  await addOffer(api.db, {
    referralId: one.id,
    npn,
    acceptedAt: new Date(Date.now() - 1000),
    endedAs: 'withdrawn',
  });
  await addOffer(api.db, {
    referralId: three.id,
    npn,
    acceptedAt: new Date(Date.now() - 2000),
    endedAs: 'closed',
  });
  await addOffer(api.db, { referralId: two.id, npn, acceptedAt: new Date() });
  const { json } = await api.call('GET /v1/me/referrals', { cookie });
  expect(json['referrals']).toMatchObject([
    { id: two.id, stage: 'accepted', end: null, consumer: { name: 'Ana Reyes' } },
    { id: one.id, stage: 'ended', end: 'withdrawn', consumer: null },
    { id: three.id, stage: 'ended', end: 'closed', consumer: null },
  ]);
});

test('the contact is hidden when the consent expires: after 180 days the agent who still has the referral no longer sees it', async () => {
  const { npn, cookie } = await agent();
  const { id } = await requestReferral(api);
  const offerId = await addOffer(api.db, { referralId: id, npn, acceptedAt: new Date() });
  const withConsentAged = async (days: number) => {
    const givenAt = new Date(Date.now() - days * 24 * hour);
    const { expiresAt } = await api.db
      .updateTable('consents')
      .set((row) => ({
        givenAt,
        expiresAt: sql<Date>`${row.ref('expiresAt')} - (${row.ref('givenAt')} - ${givenAt}::timestamptz)`,
      }))
      .where('referralId', '=', id)
      .returning('expiresAt')
      .executeTakeFirstOrThrow();
    expect(expiresAt).toEqual(new Date(givenAt.getTime() + 180 * 24 * hour));
    const { json } = await api.call('GET /v1/me/referrals', { cookie });
    return json['referrals'];
  };
  expect(await withConsentAged(179)).toMatchObject([{ stage: 'accepted', consumer: { name: 'Ana Reyes' } }]);
  expect(await withConsentAged(181)).toMatchObject([{ stage: 'accepted', consumer: null }]);
  const { text } = await api.call(`POST /v1/offers/${offerId}/acceptance`, { cookie, body: {} });
  expect(text).not.toContain('Reyes');
});

test('an outcome that does not fit the stage is refused, and a reason is required where there must be one', async () => {
  const { npn, cookie } = await agent();
  const { id } = await requestReferral(api);
  const report = (body: object) => api.call(`POST /v1/referrals/${id}/outcomes`, { cookie, body });
  expect((await report({ outcome: 'contacted' })).status).toBe(404);
  await addOffer(api.db, { referralId: id, npn, acceptedAt: new Date() });
  expect((await report({ outcome: 'enrolled' })).status).toBe(409);
  expect(codesOf(await report({ outcome: 'handed-back' }))).toEqual({ '/reason': 'required' });
  expect(codesOf(await report({ outcome: 'contacted', reason: 'cannot-help' }))).toEqual({
    '/reason': 'unknown-field',
  });
  const contactedAt = new Date('2026-11-23T15:00:00Z');
  await api.db.updateTable('offers').set({ contactedAt }).where('referralId', '=', id).execute();
  expect(await report({ outcome: 'contacted' })).toMatchObject({
    status: 200,
    json: { stage: 'contacted', since: contactedAt.toISOString() },
  });
});
