import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { catalogs } from '../../../domain/text/catalog.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { storedContact } from '../../harness/people/contacts.ts';
import { addAgent, addOffer, hour, requestReferral, validHelpRequest } from '../../harness/people/people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

const key = () => ({ 'Idempotency-Key': randomUUID() });

test('a request for help becomes a referral, and the outbox messages that follow are stored with it', async () => {
  const answer = await api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), phone: '(801) 555-0142', email: 'ana.reyes@example.com' },
    headers: key(),
  });
  const { id, token, statusUrl, stage } = answer.json as Record<string, string>;
  expect([answer.status, stage]).toEqual([201, 'queued']);
  expect(statusUrl).toBe(`http://help.example.org/status/${id}#${token}`);

  const { db } = api;
  const consentOf = () =>
    db
      .selectFrom('consents')
      .selectAll()
      .where('referralId', '=', id ?? '')
      .executeTakeFirstOrThrow();
  expect(await storedContact(db, id ?? '')).toMatchObject({
    name: 'Ana Reyes',
    phone: '+18015550142',
    email: 'ana.reyes@example.com',
  });
  expect(await consentOf()).toMatchObject({ kind: 'intake', language: 'en', givenBy: 'adult' });
  const row = await db
    .selectFrom('referrals')
    .selectAll()
    .where('id', '=', id ?? '')
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({
    city: 'Salt Lake City',
    state: 'UT',
    timeZone: 'America/Denver',
    stage: 'queued',
  });
  expect(row.budgetEndsAt.getTime() - row.createdAt.getTime()).toBe(4 * hour);
  const messages = await db.selectFrom('outbox').select(['type', 'payload']).execute();
  expect(messages).toContainEqual({ type: 'start-referral', payload: { referralId: id } });
});

test('the same key with the same body is the same referral, at once and later', async () => {
  const [body, headers] = [await validHelpRequest(api), key()];
  const answers = await Promise.all([1, 2, 3].map(() => api.call('POST /v1/referrals', { body, headers })));
  answers.push(await api.call('POST /v1/referrals', { body, headers }));
  expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
  expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
});

test('the same key with another body is refused', async () => {
  const [body, headers] = [await validHelpRequest(api), key()];
  await api.call('POST /v1/referrals', { body, headers });
  const answer = await api.call('POST /v1/referrals', { body: { ...body, zip: '84102' }, headers });
  expect([answer.status, problemNameOf(answer)]).toEqual([422, 'idempotency-key-reused']);
});

test('without a key the request is refused', async () => {
  const answer = await api.call('POST /v1/referrals', { body: await validHelpRequest(api) });
  expect([answer.status, problemNameOf(answer)]).toEqual([400, 'idempotency-key-missing']);
});

test('in a state with its own marketplace the consumer is referred to it', async () => {
  const body = { ...(await validHelpRequest(api)), zip: '94103' };
  const answer = await api.call('POST /v1/referrals', { body, headers: key() });
  expect([answer.status, problemNameOf(answer), codesOf(answer)]).toEqual([
    422,
    'state-marketplace',
    { '/zip': 'state-marketplace' },
  ]);
  expect(answer.json['marketplace']).toMatchObject({ name: expect.stringContaining('Covered California') });
});

test('a territory without a marketplace, an unknown year and an outdated consent are refused', async () => {
  const right = await validHelpRequest(api);
  const post = async (change: object) =>
    codesOf(await api.call('POST /v1/referrals', { body: { ...right, ...change }, headers: key() }));
  expect(await post({ zip: '00901' })).toEqual({ '/zip': 'territory' });
  expect(await post({ zip: '09001' })).toEqual({ '/zip': 'military' });
  expect(await post({ coverageYear: 2050 })).toEqual({ '/coverageYear': 'unknown-coverage-year' });
  expect(await post({ consent: { version: '1999-1' } })).toEqual({ '/consent/version': 'not-in-force' });
  expect(await post({ phone: undefined, email: undefined })).toEqual({ '/phone': 'phone-or-email-needed' });
  expect(await post({ adult: undefined, representative: true })).toEqual({});
});

test('the consent text is in the requested language, else in English', async () => {
  const spanish = await api.call('GET /v1/consents/intake?language=es');
  expect(spanish.json['language']).toBe('es');
  const korean = await api.call('GET /v1/consents/intake?language=ko');
  expect(korean.json['language']).toBe('en');
  const body = {
    ...(await validHelpRequest(api)),
    language: 'ko',
    consent: { version: korean.json['version'] },
  };
  expect((await api.call('POST /v1/referrals', { body, headers: key() })).status).toBe(201);
});

test('texts need a separate consent in its current version and a phone; help does not depend on it', async () => {
  const words = await api.call('GET /v1/consents/texts?language=es');
  expect(words.json).toMatchObject({ language: 'es', text: expect.stringMatching(/tarifas.*STOP.*HELP/s) });
  const right = await validHelpRequest(api);
  const post = async (change: object) =>
    api.call('POST /v1/referrals', { body: { ...right, ...change }, headers: key() });
  const textConsent = { version: words.json['version'], language: 'es' };
  expect(codesOf(await post({ textConsent: { version: '1999-1' } }))).toEqual({
    '/textConsent/version': 'not-in-force',
  });
  expect(codesOf(await post({ textConsent, phone: undefined }))).toEqual({ '/textConsent': 'phone-needed' });

  const consentsOf = async (change: object) => {
    const answer = await post({ ...(await validHelpRequest(api)), ...change });
    expect(answer.status).toBe(201);
    const rows = api.db.selectFrom('consents').select(['kind', 'language', 'version', 'givenBy', 'givenAt']);
    return rows
      .where('referralId', '=', answer.json['id'] as string)
      .orderBy('kind')
      .execute();
  };
  expect(await consentsOf({ email: undefined })).toMatchObject([{ kind: 'intake' }]);
  expect(await consentsOf({ textConsent })).toMatchObject([
    { kind: 'intake', language: 'en' },
    { kind: 'texts', ...textConsent, givenBy: 'adult', givenAt: expect.any(Date) },
  ]);
});

test('the consumer sees the agent who has accepted the referral, and none before', async () => {
  const { id, token } = await requestReferral(api);
  const npn = await addAgent(api.db, { registered: true });
  const readReferral = async () => (await api.call(`GET /v1/referrals/${id}`, { bearer: token })).json;
  await addOffer(api.db, { referralId: id, npn, endedAs: 'expired' });
  expect(await readReferral()).not.toHaveProperty('agent');
  await addOffer(api.db, { referralId: id, npn, number: 2, acceptedAt: new Date() });
  expect(await readReferral()).toMatchObject({ stage: 'queued', agent: { name: 'Marisol Okafor', npn } });
});

test('the answer about a request has its language, so that the page can open in it', async () => {
  const created = await api.call('POST /v1/referrals', {
    body: { ...(await validHelpRequest(api)), language: 'es' },
    headers: key(),
  });
  const { id, token } = created.json as Record<string, string>;
  const page = await api.call(`GET /v1/referrals/${id}`, { bearer: token });
  expect(page.json['language']).toBe('es');
});

test('a withdrawal of an ended referral is answered from the row, without a workflow', async () => {
  const { id, token } = await requestReferral(api);
  const since = new Date('2026-11-23T10:42:00Z');
  const end = (stage: string) =>
    api.db.updateTable('referrals').set({ stage, since, closedAt: since }).where('id', '=', id).execute();
  const withdraw = () => api.call(`POST /v1/referrals/${id}/withdrawal`, { bearer: token, body: {} });
  expect((await withdraw()).status).toBe(503);
  await end('withdrawn');
  expect(await withdraw()).toMatchObject({
    status: 200,
    json: { stage: 'withdrawn', since: since.toISOString() },
  });
  await end('unmatched');
  const late = await withdraw();
  expect([late.status, problemNameOf(late), late.json['at']]).toEqual([
    409,
    'referral-ended',
    since.toISOString(),
  ]);
});

test('the contact preferences are stored, and one that needs a missing contact is refused', async () => {
  const body = await validHelpRequest(api);
  const preferences = { contactBy: 'relay', contactTimes: ['weekend', 'weekday-evening', 'weekend'] };
  const accepted = await api.call('POST /v1/referrals', {
    body: { ...body, ...preferences },
    headers: key(),
  });
  expect(accepted.status).toBe(201);
  const { id } = accepted.json as { id: string };
  const row = await api.db
    .selectFrom('referrals')
    .select(['contactBy', 'contactTimes'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ contactBy: 'relay', contactTimes: ['weekend', 'weekday-evening'] });

  const refused = await api.call('POST /v1/referrals', {
    body: { ...body, email: undefined, contactBy: 'email' },
    headers: key(),
  });
  expect([refused.status, codesOf(refused)]).toEqual([422, { '/email': 'needed-for-contact' }]);
});

test.each(['en', 'es'] as const)(
  'a person who is neither an adult nor authorized gets a phone number to call in %s, and nothing is stored',
  async (language) => {
    const { adult: _, ...rest } = await validHelpRequest(api);
    const body = { ...rest, language };
    const { json } = await api.call(`GET /v1/consents/intake?language=${language}`);
    const consent = { version: json['version'] };
    const before = await api.db.selectFrom('referrals').select('id').execute();
    const answer = await api.call('POST /v1/referrals', { body: { ...body, consent }, headers: key() });
    expect([answer.status, answer.json.errors]).toEqual([
      422,
      [
        {
          pointer: '/adult',
          code: 'adult-or-representative-needed',
          detail: catalogs[language].adultsOnly,
        },
      ],
    ]);
    expect(answer.text).toContain('1-800-318-2596 (TTY 1-855-889-4325');
    expect(await api.db.selectFrom('referrals').select('id').execute()).toEqual(before);
  },
);

test('requests are limited by network: another address of the same IPv6 block counts as the same', async () => {
  const strict = await openApiHarness({
    proxies: 1,
    rateLimits: { intakeByNetwork: { points: 1, windowMs: hour } },
  });
  const from = async (address: string) => {
    const headers = { ...key(), 'X-Forwarded-For': address };
    return (await strict.call('POST /v1/referrals', { body: await validHelpRequest(strict), headers }))
      .status;
  };
  try {
    expect(await from('2001:db8:77:1::1')).toBe(201);
    expect(await from('2001:db8:77:2::2')).toBe(429);
    expect(await from('2001:db8:78::1')).toBe(201);
  } finally {
    await strict.close();
  }
});
