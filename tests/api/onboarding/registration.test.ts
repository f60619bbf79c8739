import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import type { LineType } from '../../../domain/notifications/contact.ts';
import { type ApiHarness, codesOf, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { addAgent, hour, invite, testPassword } from '../../harness/people/people.ts';

const lines: Record<string, LineType> = {
  '+15005550189': 'unknown',
  '+15005550192': 'no-texts',
  '+15005550198': 'no-number',
  '+15005550199': 'landline',
};
let api: ApiHarness;
let termsOfUseVersion: unknown;
beforeAll(async () => {
  api = await openApiHarness({
    lineTypeLookup: async (phone) => {
      if (phone === '+18015550198') throw new Error('Lookup is down');
      return lines[phone] ?? 'mobile';
    },
  });
  termsOfUseVersion = (await api.call('GET /v1/terms/terms-of-use')).json['version'];
});
afterAll(() => api.close());

const register = (body: object) => api.call('POST /v1/registrations', { body });
const typed = (token: string, change: object = {}) => ({
  token,
  username: `ana.${randomUUID().slice(0, 8)}`,
  password: testPassword,
  phone: '(801) 555-0123',
  contactPreference: 'email-text',
  zip: '84101',
  termsOfUseVersion,
  ...change,
});
const past = () => new Date(Date.now() - hour);

test('the link shows the invited agent, the plan year and the end of the invitation', async () => {
  const npn = await addAgent(api.db);
  const { token } = await invite(api, npn);
  const { json } = await api.call('POST /v1/invitations/lookup', { body: { token } });
  expect(json).toMatchObject({ firstName: 'Marisol', email: `${npn}@example.com`, planYear: 2027, npn });
  // locked fields come with their last sync and the system where they are changed
  expect(json).toMatchObject({ syncedAt: expect.any(String), changeAt: 'https://portal.cms.gov' });
  expect(json['termsOfUse']).toMatchObject({ version: termsOfUseVersion });
});

test('a link that cannot be used is answered 410 when it expired, 404 when it was replaced or never existed', async () => {
  const npn = await addAgent(api.db);
  const expired = await invite(api, npn, { expiresAt: past(), endedAs: 'replaced' });
  const running = await invite(api, npn, { expiresAt: past(), number: 2 });
  for (const path of ['invitations/lookup', 'registrations']) {
    const call = (token: string) =>
      api.call(`POST /v1/${path}`, { body: path === 'registrations' ? typed(token) : { token } });
    const late = await call(running.token);
    expect([late.status, problemNameOf(late), late.json['at']]).toEqual([
      410,
      'invitation-expired',
      expect.any(String),
    ]);
    expect((await call(expired.token)).status).toBe(404);
    expect((await call('no-token-at-all')).status).toBe(404);
  }
});

test('every failed field of a registration is reported at once', async () => {
  const { token } = await invite(api, await addAgent(api.db));
  const answer = await register({
    token,
    username: 'x',
    password: 'aaaa',
    phone: '+1 500 555 0199',
    contactPreference: 'pigeon',
    zip: '00000',
    termsOfUseVersion: 'old',
    email: 'new@example.com',
    extra: 1,
  });
  expect(answer.status).toBe(422);
  const faults = (answer.json.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
  expect(faults.toSorted()).toEqual(
    [
      '/username wrong-format',
      ...['too-short', 'no-upper-case', 'no-digit', 'no-special', 'repeated'].map(
        (code) => `/password ${code}`,
      ),
      '/contactPreference not-one-of',
      '/email locked',
      '/extra unknown-field',
      '/phone landline',
      '/zip unknown-zip',
      '/termsOfUseVersion not-in-force',
    ].toSorted(),
  );
});

test('every rule that a password breaks has its own code, all reported at once: its form, the common list, and personal data', async () => {
  const npn = await addAgent(api.db);
  const { token } = await invite(api, npn);
  const codesOfPassword = async (chosen: string) =>
    ((await register(typed(token, { password: chosen }))).json.errors ?? []).map(({ code }) => code);
  expect(await codesOfPassword('okafor')).toEqual([
    'too-short',
    'no-upper-case',
    'no-digit',
    'no-special',
    'personal',
  ]);
  expect(await codesOfPassword('password')).toEqual(['no-upper-case', 'no-digit', 'no-special', 'common']);
  expect(await codesOfPassword('Dragon2027!')).toEqual(['common']);
  expect(await codesOfPassword(`${'Kite-7'.repeat(21)}!!!`)).toEqual(['too-long']);
});

test('128 characters are accepted', async () => {
  const { token } = await invite(api, await addAgent(api.db));
  const longest = `${'Kite-7'.repeat(21)}!!`;
  expect(longest).toHaveLength(128);
  expect((await register(typed(token, { password: longest }))).status).toBe(503);
});

test('a phone is accepted in any US spelling, and no other', async () => {
  const { token } = await invite(api, await addAgent(api.db));
  for (const phone of ['8015550123', '801.555.0123', '1-801-555-0123', '+1 (801) 555 0123'])
    expect((await register(typed(token, { phone }))).status).toBe(503);
  for (const phone of ['555-0123', '+44 20 7946 0958', '+1 416 555 0123', '911 911 9119'])
    expect(codesOf(await register(typed(token, { phone })))).toEqual({ '/phone': 'not-a-us-phone' });
  for (const phone of ['801-555-0123 x12', '801-555-0123 ext. 12', '8015550123;ext=12'])
    expect(codesOf(await register(typed(token, { phone })))).toEqual({ '/phone': 'phone-extension' });
});

test('a username is never the NPN, in no spelling of it', async () => {
  const npn = await addAgent(api.db);
  const { token } = await invite(api, npn);
  const [head, tail] = [npn.slice(0, 3), npn.slice(3)];
  for (const username of [npn, `000${npn}`, `${head}-${tail}`, `${head}.${tail}`, `NPN${npn}`, `npn-0${npn}`])
    expect(codesOf(await register(typed(token, { username })))).toEqual({ '/username': 'same-as-npn' });
  expect(codesOf(await register(typed(token, { username: ` ${npn}` })))).toEqual({
    '/username': 'same-as-npn',
  });
  expect(codesOf(await register(typed(token, { username: `${head} ${tail}` })))).toEqual({
    '/username': 'wrong-format',
  });
});

test('a password that is common or contains the agent’s name or NPN is refused', async () => {
  const npn = await addAgent(api.db);
  const { token } = await invite(api, npn);
  const codes = async (change: object) => codesOf(await register(typed(token, change)));
  expect(await codes({ password: 'Okafor!2027x' })).toEqual({ '/password': 'personal' });
  expect(await codes({ password: `Xy!${npn}` })).toMatchObject({ '/password': expect.any(String) });
  expect(await codes({ password: 'P@ssw0rd' })).toEqual({ '/password': 'common' });
  for (const chosen of ['HelpOnDemand1!', 'P@$$w0rd1', 'Help-On-Demand-7', 'H3lp0nD3m@nd!', 'drowssaP1!'])
    expect([chosen, await codes({ password: chosen, zip: '00000' })]).toEqual([
      chosen,
      { '/password': 'common', '/zip': 'unknown-zip' },
    ]);
  for (const chosen of ['0k4f0r!2027x', 'M@r1$ol!77'])
    expect([chosen, await codes({ password: chosen, zip: '00000' })]).toEqual([
      chosen,
      { '/password': 'personal', '/zip': 'unknown-zip' },
    ]);
  for (const chosen of ['Montaña!7-Lluvia', 'Help!Kite-77', 'correct!Horse7Battery'])
    expect([chosen, await codes({ password: chosen, zip: '00000' })]).toEqual([
      chosen,
      { '/zip': 'unknown-zip' },
    ]);
  expect(await codes({ username: `0${npn}` })).toEqual({ '/username': 'same-as-npn' });
});

test('a username cannot impersonate: no address, no reserved name, no look-alike', async () => {
  const { token } = await invite(api, await addAgent(api.db));
  const faultOf = async (username: string) =>
    codesOf(await register(typed(token, { username, zip: '00000' })))['/username'];
  for (const username of ['support@cms.gov', 'ana.reyes@example.com', 'cms.gov', 'HelpOnDemand.com'])
    expect([username, await faultOf(username)]).toEqual([username, 'like-an-address']);
  const reserved = 'admin root ops support Helpondemand help.on.demand noreply no-reply adm1n Admin-2 r00t';
  for (const username of `${reserved} sys_admin mailer-daemon CMS healthcare adrnin heIp medicare.help`.split(
    ' ',
  ))
    expect([username, await faultOf(username)]).toEqual([username, 'reserved']);
  for (const username of [
    'аdmin',
    'ana\u202ereyes',
    'ana\u200breyes',
    'ana\u0000reyes',
    'ana reyes',
    'añareyes',
  ])
    expect([username, await faultOf(username)]).toEqual([username, 'wrong-format']);
  for (const username of ['ana.reyes', 'cms.alvarez', 'elihu.root', 'opsahl', 'help4ana', 'marketplace-ana'])
    expect([username, await faultOf(username)]).toEqual([username, undefined]);
});

test('spaces around a username, and invisible characters of copied text, are removed', async () => {
  const { token, id } = await invite(api, await addAgent(api.db));
  const username = `ana.${randomUUID().slice(0, 8)}`;
  expect((await register(typed(token, { username: `\u200b ${username}\u00a0\t` }))).status).toBe(503);
  const saved = await api.db
    .selectFrom('registrationRequests')
    .select('username')
    .where('invitationId', '=', id)
    .execute();
  expect(saved).toEqual([{ username }]);
});

test('a username in use is refused in every case of its letters', async () => {
  const username = `Taken.${randomUUID().slice(0, 8)}`;
  await api.db
    .insertInto('accounts')
    .values({ id: randomUUID(), username, passwordHash: 'x', role: 'ops', npn: null, createdAt: new Date() })
    .execute();
  const { token } = await invite(api, await addAgent(api.db));
  expect(codesOf(await register(typed(token, { username: username.toUpperCase() })))).toEqual({
    '/username': 'taken',
  });
});

test('a repeat while the first is unanswered uses the same request; other content makes another', async () => {
  const { token, id } = await invite(api, await addAgent(api.db));
  const body = typed(token);
  expect((await register(body)).status).toBe(503);
  expect((await register(body)).status).toBe(503);
  const saved = () =>
    api.db.selectFrom('registrationRequests').selectAll().where('invitationId', '=', id).execute();
  const [request, ...others] = await saved();
  expect(others).toEqual([]);
  expect(request).toMatchObject({ phone: '+18015550123', username: body.username });
  expect(request?.passwordHash).toMatch(/^\$argon2id\$/);
  expect((await register({ ...body, zip: '84102' })).status).toBe(503);
  expect((await saved()).length).toBe(2);
});

test('a number that texts cannot reach is refused with its reason; one that may receive them is not', async () => {
  const { token } = await invite(api, await addAgent(api.db));
  const phoneFault = async (phone: string) => {
    const { json } = await register(typed(token, { phone, zip: '00000' }));
    return json.errors?.find(({ pointer }) => pointer === '/phone');
  };
  expect(await phoneFault('+1 500 555 0199')).toMatchObject({ code: 'landline' });
  expect(await phoneFault('+1 500 555 0192')).toMatchObject({
    code: 'no-texts',
    detail:
      'This number cannot get texts: it is toll-free, a pager or similar. Texts need a cell phone number.',
  });
  expect(await phoneFault('+1 500 555 0198')).toMatchObject({
    code: 'no-number',
    detail: 'There is no such phone number. Texts need a cell phone number.',
  });
  expect(await phoneFault('+1 500 555 0189')).toBeUndefined();
});

test('the line type is stored with the registration; a failed look-up refuses nobody', async () => {
  const saved = async (change: object) => {
    const { token, id } = await invite(api, await addAgent(api.db));
    expect((await register(typed(token, change))).status).toBe(503);
    return api.db
      .selectFrom('registrationRequests')
      .select(['phone', 'phoneLineType'])
      .where('invitationId', '=', id)
      .executeTakeFirstOrThrow();
  };
  expect(await saved({})).toEqual({ phone: '+18015550123', phoneLineType: 'mobile' });
  expect(await saved({ phone: '801.555.0198' })).toEqual({ phone: '+18015550198', phoneLineType: null });
  expect(api.logged()).not.toContain('5550198');
});

test('a stored registration stays while its workflow may still read it, and is deleted by the next registration a day later', async () => {
  const late = await invite(api, await addAgent(api.db));
  await register(typed(late.token));
  const savedAfterAnother = async () => {
    await register(typed((await invite(api, await addAgent(api.db))).token));
    const saved = await api.db.selectFrom('registrationRequests').select('invitationId').execute();
    return saved.map(({ invitationId }) => invitationId);
  };
  const expire = (expiresAt: Date) =>
    api.db.updateTable('invitations').set({ expiresAt }).where('id', '=', late.id).execute();
  await expire(past());
  expect(await savedAfterAnother()).toContain(late.id);
  await expire(new Date(Date.now() - 25 * 60 * 60_000));
  expect(await savedAfterAnother()).not.toContain(late.id);
});

test('a second registration with other content gets 409; a link that ended stays ended', async () => {
  const npn = await addAgent(api.db, { registered: true, stage: 'awaiting-terms' });
  const { token } = await invite(api, npn, { endedAs: 'registered' });
  const passwordHash = await hash(testPassword);
  const username = `ana.${npn}`;
  await api.db
    .insertInto('accounts')
    .values({ id: randomUUID(), username, passwordHash, role: 'agent', npn, createdAt: new Date() })
    .execute();
  const other = await register(typed(token, { username, password: 'Other!Lantern7' }));
  expect([other.status, problemNameOf(other)]).toEqual([409, 'already-registered']);
  expect(other.json['at']).toEqual(expect.any(String));
});

test('a renewal is recorded once, however often it is requested, and the answer reveals nothing', async () => {
  const npn = await addAgent(api.db, { stage: 'invitation-expired' });
  const { token } = await invite(api, npn, { expiresAt: past() });
  const renew = (value: string) => api.call('POST /v1/invitations/renewal', { body: { token: value } });
  const answers = [await renew(token), await renew(token), await renew('unknown')];
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
    new Set(['202 {"status":"received"}']),
  );
  const events = await api.db
    .selectFrom('events')
    .select(['kind', 'by'])
    .where('subjectId', '=', `${npn}-2027`)
    .execute();
  expect(events).toEqual([{ kind: 'invitation-requested', by: 'agent' }]);
  const row = await api.db
    .selectFrom('onboardings')
    .selectAll()
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  expect(row.invitationRequestedAt).toBeInstanceOf(Date);
});

test('a link that works needs no renewal', async () => {
  const npn = await addAgent(api.db);
  const { token } = await invite(api, npn);
  await api.call('POST /v1/invitations/renewal', { body: { token } });
  const row = await api.db
    .selectFrom('onboardings')
    .selectAll()
    .where('npn', '=', npn)
    .executeTakeFirstOrThrow();
  expect(row.invitationRequestedAt).toBeNull();
});

test('renewals are limited by network: another address of the same network does not help', async () => {
  const limit = { points: 1, windowMs: 60_000 };
  const strict = await openApiHarness({ proxies: 1, rateLimits: { renewalsByNetwork: limit } });
  const renewFrom = (address: string) =>
    strict.call('POST /v1/invitations/renewal', {
      body: { token: 'unknown' },
      headers: { 'X-Forwarded-For': address },
    });
  try {
    expect((await renewFrom('2001:db8:1:100::1')).status).toBe(202);
    const refused = await renewFrom('2001:db8:1:1ab::2');
    expect([refused.status, problemNameOf(refused)]).toEqual([429, 'too-many-requests']);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await renewFrom('2001:db8:1:200::1')).status).toBe(202);
  } finally {
    await strict.close();
  }
});
