import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { type OfferEnd, offerEndRules } from '../../../domain/referrals/offer.ts';
import { catalogs } from '../../../domain/text/catalog.ts';
import { areTextsStopped } from '../../../store/notifications/text-opt-outs.ts';
import { type ApiHarness, openApiHarness, problemNameOf } from '../../harness/api-harness.ts';
import { keyed } from '../../harness/keyring.ts';
import { seedTermination } from '../../harness/people/evidence-fixtures.ts';
import { aReferral } from '../../harness/people/notified-people.ts';
import { addAgent, addOffer, hour, logInAs, requestReferral } from '../../harness/people/people.ts';
import { asOwner } from '../../harness/servers/postgres.ts';
import { anySid, postTwilio, publicUrl, topicArn, twilioAuthToken } from './providers.ts';

/** The workflow's answer to an update. */
let answerOfWorkflow: () => Promise<unknown>;
const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
const temporal = {
  workflow: { getHandle: () => ({ executeUpdate: () => answerOfWorkflow() }) },
  withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
} as unknown as Client;

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness({
    temporal,
    publicUrl,
    webhooks: { topicArn, maxAgeMs: 60 * 60_000, twilioAuthToken },
  });
});
afterAll(() => api.close());

const english = catalogs.en.textAnswer;
const offerEnds = Object.keys(offerEndRules) as OfferEnd[];
const anyPhone = () => `+1202${randomInt(2_000_000, 9_999_999)}`;

/** Ids of the messages from each phone. */
const sidsOf = new Map<string, string[]>();

/** Posts a text from a phone. @returns the texts sent back */
async function text(
  from: string,
  body: string,
  { sid = anySid(), ...more }: { sid?: string; OptOutType?: string } = {},
): Promise<string[]> {
  sidsOf.set(from, [...(sidsOf.get(from) ?? []), sid]);
  const form = { MessageSid: sid, SmsSid: sid, From: from, To: '+15005550006', Body: body, ...more };
  const answer = await postTwilio(api, 'messages', form);
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/xml; charset=utf-8']);
  expect(answer.text).toMatch(/^<\?xml.*<Response(\/>|>.*<\/Response>)$/s);
  return [...answer.text.matchAll(/<Message>([^<]*)<\/Message>/g)].map(([, message = '']) => message);
}

const stopped = (phone: string) => areTextsStopped(api.db, keyed(phone));
const repliesOf = (phone: string) =>
  api.db
    .selectFrom('textReplies')
    .select(['kinds', 'answers'])
    .where('providerMessageId', 'in', sidsOf.get(phone) ?? [])
    .execute();
const stoppedBy = async (phone: string) =>
  (
    await api.db
      .selectFrom('textOptOuts')
      .select('stoppedBy')
      .where('phoneKey', '=', keyed(phone).phoneKey)
      .executeTakeFirst()
  )?.stoppedBy;

describe('STOP', () => {
  test('ends texts, with one confirmation and nothing more', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'STOP')).toEqual([english.stopped]);
    expect(await stopped(phone)).toBe(true);
    expect(await text(phone, 'stop')).toEqual([]);
    expect(await text(phone, 'please stop texting me')).toEqual([]);
    expect(await text(phone, 'hello?')).toEqual([]);
  });

  test('by one phone does not count for another', async () => {
    const [phone, other] = [anyPhone(), anyPhone()];
    await text(phone, 'unsubscribe');
    expect(await stopped(other)).toBe(false);
  });

  test('that is delivered again gets the first answer and changes nothing', async () => {
    const [phone, sid] = [anyPhone(), anySid()];
    expect(await text(phone, 'STOP', { sid })).toEqual([english.stopped]);
    await text(phone, 'START');
    expect(await text(phone, 'STOP', { sid })).toEqual([english.stopped]);
    expect(await stopped(phone)).toBe(false);
    expect(await repliesOf(phone)).toHaveLength(2);
  });

  test('is answered in the language of the request for help', async () => {
    const phone = anyPhone();
    await aReferral(api.db, { email: null, phone }, { language: 'es' });
    expect(await text(phone, 'ALTO')).toEqual([catalogs.es.textAnswer.stopped]);
  });

  test('by an agent is answered in the language of their messages', async () => {
    const phone = anyPhone();
    const npn = await addAgent(api.db, { registered: true });
    await api.db.updateTable('agents').set({ phone, messageLanguage: 'es' }).where('npn', '=', npn).execute();
    expect(await text(phone, 'HELP')).toEqual([catalogs.es.textAnswer.help]);
  });

  test('by a consumer stops only the texts: the request continues', async () => {
    const phone = anyPhone();
    const referralId = await aReferral(api.db, { email: null, phone });
    const standing = () =>
      api.db
        .selectFrom('referrals')
        .select(['stage', 'closedAt', 'contactBy'])
        .where('id', '=', referralId)
        .executeTakeFirst();
    const before = await standing();
    await api.db.deleteFrom('outbox').execute();
    await text(phone, 'STOP');
    expect(await standing()).toEqual(before);
    expect(before?.closedAt).toBeNull();
    expect(await api.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
    // the agent still calls: STOP ends only texts
    const rescinded = await api.db
      .selectFrom('consents')
      .select('kind')
      .where('referralId', '=', referralId)
      .where('kind', '=', 'intake')
      .where('rescindedAt', 'is not', null)
      .execute();
    expect(rescinded).toEqual([]);
  });

  test('is not answered twice where Twilio manages opt-outs itself', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'STOP', { OptOutType: 'STOP' })).toEqual([]);
    expect(await stopped(phone)).toBe(true);
  });

  test('by an agent is recorded and shown in the profile; START undoes it', async () => {
    const npn = await addAgent(api.db, { registered: true, stage: 'active' });
    const phone = anyPhone();
    await api.db.updateTable('agents').set({ phone }).where('npn', '=', npn).execute();
    const cookie = await logInAs(api, { npn });
    const headers = { Origin: publicUrl };
    const profile = async () => (await api.call('GET /v1/me/profile', { cookie, headers })).json;
    expect(await profile()).toMatchObject({ textsStopped: false });
    await text(phone, 'STOP');
    expect(await profile()).toMatchObject({ textsStopped: true });
    await text(phone, 'START');
    expect(await profile()).toMatchObject({ textsStopped: false });
    const events = await api.db
      .selectFrom('events')
      .select(['kind', 'by', 'data'])
      .where('subjectId', '=', `${npn}-2027`)
      .orderBy('sequence')
      .execute();
    expect(events).toEqual([
      { kind: 'texts-stopped', by: 'agent', data: { by: 'reply' } },
      { kind: 'texts-started', by: 'agent', data: {} },
    ]);
    const wakes = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
    expect(wakes).toEqual([1, 2].map(() => ({ type: 'wake-onboarding', payload: { npn, planYear: 2027 } })));
  });
});

describe('Twilio’s Advanced Opt-Out', () => {
  test('knows more words than we do, in any case, and has answered already', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'FIN', { OptOutType: 'Stop' })).toEqual([]);
    expect(await stoppedBy(phone)).toBe('reply');
    expect(await text(phone, 'OTRA VEZ', { OptOutType: 'START' })).toEqual([]);
    expect(await stopped(phone)).toBe(false);
    expect(await text(phone, 'QUE', { OptOutType: 'HELP' })).toEqual([]);
    expect(await repliesOf(phone)).toEqual([
      { kinds: ['stop'], answers: [] },
      { kinds: ['start'], answers: [] },
      { kinds: ['help'], answers: [] },
    ]);
  });

  test('leaves an answer to an offer for us', async () => {
    const { phone } = await offered();
    answerOfWorkflow = () => Promise.resolve({ endedAt: new Date().toISOString() });
    expect(await text(phone, 'D 4821 STOP', { OptOutType: 'STOP' })).toEqual([]);
    expect(await repliesOf(phone)).toEqual([{ kinds: ['decline', 'stop'], answers: [] }]);
    expect(await text((await offered()).phone, 'YES', { OptOutType: 'START' })).toEqual([
      catalogs.en.howToAnswer('4821'),
    ]);
  });

  test('with no type or an unknown type changes nothing', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'STOP', { OptOutType: '' })).toEqual([english.stopped]);
    expect(await text(phone, 'START', { OptOutType: 'OF-TOMORROW' })).toEqual([english.started]);
  });
});

test.each([
  'Liked “Help On Demand: we have your request. Reply STOP to end texts, HELP for help.”',
  'I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get where I’m going.',
  'Thank you for contacting Acme. Reply STOP to unsubscribe',
  'Help On Demand: new referral in 85004 Phoenix, AZ. English; New coverage. Reply A 4821 to accept or D 4821 to decline by 10:15 AM MST, or open https://help.example/offer/1#token',
  'Vond ‘Help On Demand: the referral in 85004 Phoenix, AZ is no longer yours. Please do not contact the consumer. https://help.example/inbox’ leuk',
])('%j is not a reply: nothing stops, and nothing is sent back', async (words) => {
  const { phone } = await offered();
  expect(await text(phone, words)).toEqual([]);
  expect(await stopped(phone)).toBe(false);
  expect(await repliesOf(phone)).toEqual([{ kinds: ['automatic'], answers: [] }]);
});

test.each([
  'I’m driving right now. Stop texting me',
  'Thanks for your message but please remove me from your list',
  '🛑 "STOP"',
])('%j ends texts, although it begins like an automatic answer', async (words) => {
  const phone = anyPhone();
  expect(await text(phone, words)).toEqual([english.stopped]);
  expect(await stoppedBy(phone)).toBe('reply');
});

test('a text that may be from a person or a machine ends texts for now, and ops see it', async () => {
  const phone = anyPhone();
  await text(phone, 'Thank you for your message. Please do not text this number.');
  expect(await stoppedBy(phone)).toBe('unclear-reply');
});

describe('a phone that has stopped texts gets no answer:', () => {
  test.each(['A 1234', 'accept', 'A', 'ok', 'D 1234 STOP', 'hello?'])(
    '%j from somebody with nothing open',
    async (words) => {
      const phone = anyPhone();
      await text(phone, 'STOP');
      expect(await text(phone, words)).toEqual([]);
      expect(await stopped(phone)).toBe(true);
    },
  );

  test('an answer to an offer still counts', async () => {
    const { phone } = await offered();
    answerOfWorkflow = () => Promise.resolve({ endedAt: new Date().toISOString() });
    await text(phone, 'STOP');
    expect(await text(phone, 'accept')).toEqual([]);
    expect(await text(phone, 'D 4821')).toEqual([]);
    expect((await repliesOf(phone)).map(({ kinds }) => kinds)).toContainEqual(['decline']);
  });
});

test.each(['START', 'unstop', 'Yes!', 'start again', 'YES START', 'ok start', 'Start texting'])(
  '%s starts texts again',
  async (words) => {
    const phone = anyPhone();
    await text(phone, 'quit');
    expect(await text(phone, words)).toEqual([english.started]);
    expect(await stopped(phone)).toBe(false);
  },
);

test.each(['HELP', 'info'])('%s is answered, also for a phone that stopped texts', async (words) => {
  const phone = anyPhone();
  expect(await text(phone, words)).toEqual([english.help]);
  expect(await stopped(phone)).toBe(false);
  await text(phone, 'end');
  expect(await text(phone, words)).toEqual([english.help]);
  expect(await stopped(phone)).toBe(true);
});

describe('an unclear reply', () => {
  test('stops texts for now; ops see that it came, and its words are not stored', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'My kidney hurts, call Zebulon')).toEqual([english['stopped-for-now']]);
    expect(await stoppedBy(phone)).toBe('unclear-reply');
    expect(await repliesOf(phone)).toEqual([{ kinds: ['unclear'], answers: ['stopped-for-now'] }]);
    const kept = await api.db.selectFrom('textReplies').selectAll().execute();
    expect(JSON.stringify(kept) + api.logged()).not.toMatch(/kidney|Zebulon/);
    expect(api.logged()).not.toContain(phone);
  });

  test('becomes clear by a keyword, which is not answered again', async () => {
    const phone = anyPhone();
    await text(phone, 'hm');
    expect(await text(phone, 'STOP')).toEqual([]);
    expect(await stoppedBy(phone)).toBe('reply');
  });
});

test('a code of no offer neither stops texts nor answers an offer', async () => {
  const phone = anyPhone();
  expect(await text(phone, 'A 4821')).toEqual([english['answer-in-inbox']]);
  expect(await stopped(phone)).toBe(false);
});

/** Adds an agent with an offer that has the code 4821. */
async function offered({ phone = anyPhone(), ...ended }: { phone?: string; endedAs?: OfferEnd } = {}) {
  const npn = await addAgent(api.db, { registered: true, stage: 'active' });
  const own = { phone, timeZone: 'America/Phoenix' };
  await api.db.updateTable('agents').set(own).where('npn', '=', npn).execute();
  const { id: referralId } = await requestReferral(api);
  const id = await addOffer(api.db, { referralId, npn, ...ended });
  return { phone, id, npn };
}

describe('an answer to an offer', () => {
  test('that also asks to stop does both, and is answered in one text', async () => {
    const { phone, id } = await offered();
    const sid = anySid();
    answerOfWorkflow = () => Promise.resolve({ endedAt: new Date().toISOString() });
    const expectedTexts = [
      `${english['offer-declined']} You will get no more texts from us. Reply START to get them again.`,
    ];
    expect(await text(phone, 'D 4821 STOP', { sid })).toEqual(expectedTexts);
    expect(await stoppedBy(phone)).toBe('reply');
    expect(await repliesOf(phone)).toEqual([
      { kinds: ['decline', 'stop'], answers: ['offer-declined', 'stopped'] },
    ]);
    const declined = { endedAs: 'declined', endedAt: new Date() };
    await api.db.updateTable('offers').set(declined).where('id', '=', id).execute();
    expect(await text(phone, 'D 4821 STOP', { sid })).toEqual(expectedTexts);
  });

  test('by an agent who is terminated for cause accepts nothing', async () => {
    const { phone, npn } = await offered();
    await logInAs(api, { npn });
    await seedTermination(api.db, { npn, status: 'T3', datedOn: '2026-11-02' });
    answerOfWorkflow = () => Promise.resolve({ acceptedAt: new Date().toISOString() });
    expect(await text(phone, 'A 4821')).toEqual([english['answer-in-inbox']]);
  });

  test.each([
    ['answers a test offer', [], 'test-arrived', [{ channel: 'text' }]],
    ['answers none for an agent who is terminated for cause', ['T4'], 'answer-in-inbox', []],
  ] as const)('%s', async (_, statuses, answer, answers) => {
    const { phone, npn } = await offered();
    await logInAs(api, { npn });
    for (const status of statuses) await seedTermination(api.db, { npn, status, datedOn: '2026-11-02' });
    const [id, createdAt] = [randomUUID(), new Date()];
    const sent = { id, npn, shortCode: '7306', createdAt, expiresAt: new Date(createdAt.getTime() + hour) };
    await api.db.insertInto('testOffers').values(sent).execute();
    expect(await text(phone, 'A 7306')).toEqual([english[answer]]);
    const stored = api.db.selectFrom('testOfferAnswers').select('channel').where('testOfferId', '=', id);
    expect(await stored.execute()).toEqual(answers);
  });

  test('that could not be recorded yet has stopped texts nevertheless', async () => {
    const { phone } = await offered();
    answerOfWorkflow = away;
    const sid = anySid();
    await text(phone, 'A 4821 stop texting me', { sid });
    expect(await stoppedBy(phone)).toBe('reply');
    expect(await repliesOf(phone)).toEqual([{ kinds: ['accept', 'stop'], answers: null }]);
  });

  test.each([
    'accept',
    'yes',
    'no',
    'ok thanks',
    '👍',
    '4821',
    'A 482',
    'A 4822',
    'A 4821 not me',
    'A 4821?',
    'do I accept 4821?',
    'A 4821-5678',
  ])('%j is answered with the way to answer, and stops nothing', async (words) => {
    const { phone } = await offered();
    expect(await text(phone, words)).toEqual([catalogs.en.howToAnswer('4821')]);
    expect(await stopped(phone)).toBe(false);
  });

  test('is answered with the way without a code where two agents share the phone and both have an offer', async () => {
    const { phone } = await offered();
    const { id } = await offered({ phone });
    await api.db.updateTable('offers').set({ shortCode: '1234' }).where('id', '=', id).execute();
    expect(await text(phone, 'accept')).toEqual([english['how-to-answer']]);
  });

  test('whose offer has ended goes to the open offer with the same code', async () => {
    const { phone } = await offered();
    await offered({ phone, endedAs: 'declined' });
    answerOfWorkflow = () => Promise.resolve({ acceptedAt: new Date().toISOString() });
    expect(await text(phone, 'A 4821')).toEqual([english['offer-accepted']]);
  });

  test.each(['ok', '👍', 'A'])('%j to a running test offer is answered likewise', async (words) => {
    const phone = anyPhone();
    const npn = await addAgent(api.db, { registered: true });
    await api.db.updateTable('agents').set({ phone }).where('npn', '=', npn).execute();
    const createdAt = new Date();
    const testOffer = { id: randomUUID(), npn, shortCode: '7351', createdAt };
    const expiresAt = new Date(createdAt.getTime() + hour);
    await api.db
      .insertInto('testOffers')
      .values({ ...testOffer, expiresAt })
      .execute();
    expect(await text(phone, words)).toEqual([catalogs.en.howToAnswer('7351')]);
    expect(await stopped(phone)).toBe(false);
    await asOwner(api, `update test_offers set expires_at = created_at where npn = '${npn}'`);
    expect(await text(phone, 'ok')).toEqual([english['stopped-for-now']]);
  });

  test('without an open offer refers to the inbox, and stops nothing', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'I accept the offer')).toEqual([english['answer-in-inbox']]);
    expect(await stopped(phone)).toBe(false);
  });

  test('is unclear where there was no offer', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'ok thanks')).toEqual([english['stopped-for-now']]);
    expect(await stoppedBy(phone)).toBe('unclear-reply');
  });

  test.each(offerEnds)(
    'that ended as %s is answered with the end and its time, also when repeated',
    async (endedAs) => {
      const { phone, id } = await offered({ endedAs });
      const sid = anySid();
      const row = api.db.selectFrom('offers').select('endedAt').where('id', '=', id);
      const { endedAt } = await row.executeTakeFirstOrThrow();
      const when = { now: new Date(), timeZone: 'America/Phoenix' };
      const sentence = catalogs.en.offerEnd[endedAs].agent({ endedAt: endedAt as Date, when });
      const expectedTexts = [`Help On Demand: ${sentence}`];
      expect(await text(phone, 'A 4821', { sid })).toEqual(expectedTexts);
      expect(await text(phone, 'A 4821', { sid })).toEqual(expectedTexts);
    },
  );

  test.each([
    [
      'that is not decided in time is reported as in progress',
      () => new Promise(() => {}),
      'answer-on-its-way',
    ],
    ['that could not be passed on refers to the inbox', away, 'answer-in-inbox'],
  ] as const)('%s, and its repeat is handled again', async (_, answer, answerKey) => {
    answerOfWorkflow = answer;
    const { phone, id } = await offered();
    const sid = anySid();
    expect(await text(phone, 'A 4821', { sid })).toEqual([english[answerKey]]);
    expect(await repliesOf(phone)).toEqual([{ kinds: ['accept'], answers: null }]);
    await api.db.updateTable('offers').set({ acceptedAt: new Date() }).where('id', '=', id).execute();
    expect(await text(phone, 'A 4821', { sid })).toEqual([english['offer-accepted']]);
  });
});

test('a text with an invalid signature is refused', async () => {
  const form = { MessageSid: anySid(), From: anyPhone(), Body: 'STOP' };
  const answer = await postTwilio(api, 'messages', form, { token: 'another token' });
  expect([answer.status, problemNameOf(answer)]).toEqual([403, 'not-signed']);
  expect(await stopped(form.From)).toBe(false);
});

test('every answer fits into two segments, with no character that would need a third', () => {
  const gsm7 = /^[@£$¥èéùìòÇØøÅåÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;
  const endedAt = new Date();
  const when = { now: new Date(endedAt.getTime() + 24 * hour), timeZone: 'America/Denver' };
  const late = offerEnds.map((end) => catalogs.en.lateTextAnswer(end, { endedAt, when }));
  const both = [english['offer-accepted'], english.stopped].join(' ');
  const how = [catalogs.en.howToAnswer('4821'), catalogs.es.howToAnswer('4821')];
  for (const answer of [
    ...Object.values(english),
    both,
    ...how,
    ...late,
    ...Object.values(catalogs.es.textAnswer),
  ]) {
    expect(answer).toMatch(gsm7);
    expect(answer.length).toBeLessThanOrEqual(2 * 153);
    expect(answer).toMatch(/^Help On Demand: /);
  }
});
