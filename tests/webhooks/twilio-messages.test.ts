import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { catalogs } from '../../domain/catalog/catalog.ts';
import { ends, type OfferEnd } from '../../domain/offer.ts';
import { areTextsStopped } from '../../store/text-opt-outs.ts';
import { aReferral } from '../activities/told-people.ts';
import { type Doors, openDoors, problemOf } from '../api/doors.ts';
import { addAgent, ask, hour, logIn, offer } from '../api/people.ts';
import { anySid, postTwilio, publicUrl, topicArn, twilioAuthToken } from './providers.ts';

/** How a story answers, when it is asked. */
let story: () => Promise<unknown>;
const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
const temporal = {
  workflow: { getHandle: () => ({ executeUpdate: () => story() }) },
  withDeadline: (_deadline: number, asked: () => Promise<unknown>) => asked(),
} as unknown as Client;

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({
    temporal,
    publicUrl,
    webhooks: { topicArn, maxAgeMs: 60 * 60_000, twilioAuthToken },
  });
});
afterAll(() => doors.close());

const english = catalogs.en.textAnswer;
const offerEnds = Object.keys(ends) as OfferEnd[];
const anyPhone = () => `+1202${randomInt(2_000_000, 9_999_999)}`;

/** Somebody texts us. @returns what is said back */
async function text(
  from: string,
  body: string,
  { sid = anySid(), ...more }: { sid?: string; OptOutType?: string } = {},
): Promise<string[]> {
  const form = { MessageSid: sid, SmsSid: sid, From: from, To: '+15005550006', Body: body, ...more };
  const answer = await postTwilio(doors, 'messages', form);
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/xml; charset=utf-8']);
  expect(answer.text).toMatch(/^<\?xml.*<Response(\/>|>.*<\/Response>)$/s);
  return [...answer.text.matchAll(/<Message>([^<]*)<\/Message>/g)].map(([, said = '']) => said);
}

const stopped = (phone: string) => areTextsStopped(doors.db, phone);
const repliesOf = (phone: string) =>
  doors.db.selectFrom('textReplies').select(['kind', 'answer']).where('phone', '=', phone).execute();
const stoppedBy = async (phone: string) =>
  (await doors.db.selectFrom('textOptOuts').select('stoppedBy').where('phone', '=', phone).executeTakeFirst())
    ?.stoppedBy;

describe('STOP', () => {
  test('ends texts, with one confirmation and nothing more', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'STOP')).toEqual([english.stopped]);
    expect(await stopped(phone)).toBe(true);
    expect(await text(phone, 'stop')).toEqual([]);
    expect(await text(phone, 'please stop texting me')).toEqual([]);
    expect(await text(phone, 'hello?')).toEqual([]);
  });

  test('by one phone is not by another', async () => {
    const [phone, other] = [anyPhone(), anyPhone()];
    await text(phone, 'unsubscribe');
    expect(await stopped(other)).toBe(false);
  });

  test('that is handed in again gets the first answer and does nothing', async () => {
    const [phone, sid] = [anyPhone(), anySid()];
    expect(await text(phone, 'STOP', { sid })).toEqual([english.stopped]);
    await text(phone, 'START');
    expect(await text(phone, 'STOP', { sid })).toEqual([english.stopped]);
    expect(await stopped(phone)).toBe(false);
    expect(await repliesOf(phone)).toHaveLength(2);
  });

  test('is answered in the language in which help was asked for', async () => {
    const phone = anyPhone();
    await aReferral(doors.db, { email: null, phone }, { language: 'es' });
    expect(await text(phone, 'ALTO')).toEqual([catalogs.es.textAnswer.stopped]);
  });

  test('by a consumer stops the texts and nothing else: the request goes on', async () => {
    const phone = anyPhone();
    const referralId = await aReferral(doors.db, { email: null, phone });
    const standing = () =>
      doors.db
        .selectFrom('referrals')
        .select(['stage', 'closedAt', 'contactBy'])
        .where('id', '=', referralId)
        .executeTakeFirst();
    const before = await standing();
    await doors.db.deleteFrom('outbox').execute();
    await text(phone, 'STOP');
    expect(await standing()).toEqual(before);
    expect(before?.closedAt).toBeNull();
    expect(await doors.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
    // the agent calls all the same: a STOP is about texts
    const rescinded = await doors.db
      .selectFrom('consents')
      .select('kind')
      .where('referralId', '=', referralId)
      .where('kind', '=', 'intake')
      .where('rescindedAt', 'is not', null)
      .execute();
    expect(rescinded).toEqual([]);
  });

  test('is not answered twice where Twilio keeps a list itself', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'STOP', { OptOutType: 'STOP' })).toEqual([]);
    expect(await stopped(phone)).toBe(true);
  });

  test('by an agent is on record, and his profile says so; START takes it back', async () => {
    const npn = await addAgent(doors.db, { registered: true, stage: 'active' });
    const phone = anyPhone();
    await doors.db.updateTable('agents').set({ phone }).where('npn', '=', npn).execute();
    const cookie = await logIn(doors, { npn });
    const headers = { Origin: publicUrl };
    const profile = async () => (await doors.call('GET /v1/me/profile', { cookie, headers })).json;
    expect(await profile()).toMatchObject({ textsStopped: false });
    await text(phone, 'STOP');
    expect(await profile()).toMatchObject({ textsStopped: true });
    await text(phone, 'START');
    expect(await profile()).toMatchObject({ textsStopped: false });
    const events = await doors.db
      .selectFrom('events')
      .select(['kind', 'by', 'data'])
      .where('subjectId', '=', `${npn}-2027`)
      .orderBy('sequence')
      .execute();
    expect(events).toEqual([
      { kind: 'texts-stopped', by: 'agent', data: { by: 'reply' } },
      { kind: 'texts-started', by: 'agent', data: {} },
    ]);
    const wakes = await doors.db.selectFrom('outbox').select(['deed', 'subject']).execute();
    expect(wakes).toEqual([1, 2].map(() => ({ deed: 'wake-onboarding', subject: { npn, planYear: 2027 } })));
  });
});

test.each(['START', 'unstop', 'Yes!'])('%s lets texts come again', async (words) => {
  const phone = anyPhone();
  await text(phone, 'quit');
  expect(await text(phone, words)).toEqual([english.started]);
  expect(await stopped(phone)).toBe(false);
});

test.each(['HELP', 'info'])('%s is answered, also to a phone that gets no texts', async (words) => {
  const phone = anyPhone();
  expect(await text(phone, words)).toEqual([english.help]);
  expect(await stopped(phone)).toBe(false);
  await text(phone, 'end');
  expect(await text(phone, words)).toEqual([english.help]);
  expect(await stopped(phone)).toBe(true);
});

describe('a reply that nobody understands', () => {
  test('stops texts meanwhile; ops see that it came, and nobody keeps its words', async () => {
    const phone = anyPhone();
    expect(await text(phone, 'My kidney hurts, call Zebulon')).toEqual([english['stopped-for-now']]);
    expect(await stoppedBy(phone)).toBe('unclear-reply');
    expect(await repliesOf(phone)).toEqual([{ kind: 'unclear', answer: 'stopped-for-now' }]);
    const kept = await doors.db.selectFrom('textReplies').selectAll().execute();
    expect(JSON.stringify(kept) + doors.logged()).not.toMatch(/kidney|Zebulon/);
    expect(doors.logged()).not.toContain(phone);
  });

  test('becomes clear with a word for it, which is not answered again', async () => {
    const phone = anyPhone();
    await text(phone, 'hm');
    expect(await text(phone, 'STOP')).toEqual([]);
    expect(await stoppedBy(phone)).toBe('reply');
  });
});

test('a code that no offer goes by neither stops texts nor answers anything', async () => {
  const phone = anyPhone();
  expect(await text(phone, 'A 4821')).toEqual([english['answer-in-inbox']]);
  expect(await stopped(phone)).toBe(false);
});

describe('an answer to an offer', () => {
  async function offered(ended: { endedAs?: OfferEnd } = {}) {
    const phone = anyPhone();
    const npn = await addAgent(doors.db, { registered: true, stage: 'active' });
    const own = { phone, timeZone: 'America/Phoenix' };
    await doors.db.updateTable('agents').set(own).where('npn', '=', npn).execute();
    const { id: referralId } = await ask(doors);
    const id = await offer(doors.db, { referralId, npn, ...ended });
    return { phone, id };
  }

  test.each(offerEnds)('that was %s is told so, with its time, also the second time', async (endedAs) => {
    const { phone, id } = await offered({ endedAs });
    const sid = anySid();
    const row = doors.db.selectFrom('offers').select('endedAt').where('id', '=', id);
    const { endedAt } = await row.executeTakeFirstOrThrow();
    const when = { now: new Date(), timeZone: 'America/Phoenix' };
    const sentence = catalogs.en.offerEnd[endedAs].agent({ endedAt: endedAt as Date, when });
    const said = [`Help On Demand: ${sentence}`];
    expect(await text(phone, 'A 4821', { sid })).toEqual(said);
    expect(await text(phone, 'A 4821', { sid })).toEqual(said);
  });

  test.each([
    ['that nobody has decided in time is on its way', () => new Promise(() => {}), 'answer-on-its-way'],
    ['that reached nobody is to be given in the inbox', away, 'answer-in-inbox'],
  ] as const)('%s, and its repeat is taken anew', async (_, asked, said) => {
    story = asked;
    const { phone, id } = await offered();
    const sid = anySid();
    expect(await text(phone, 'A 4821', { sid })).toEqual([english[said]]);
    expect(await repliesOf(phone)).toEqual([{ kind: 'accept', answer: null }]);
    await doors.db.updateTable('offers').set({ acceptedAt: new Date() }).where('id', '=', id).execute();
    expect(await text(phone, 'A 4821', { sid })).toEqual([english['offer-accepted']]);
  });
});

test('words that only look signed are refused', async () => {
  const form = { MessageSid: anySid(), From: anyPhone(), Body: 'STOP' };
  const answer = await postTwilio(doors, 'messages', form, { token: 'another token' });
  expect([answer.status, problemOf(answer)]).toEqual([403, 'not-signed']);
  expect(await stopped(form.From)).toBe(false);
});

test('every answer fits into two segments, without a letter that would make it three', () => {
  const gsm7 = /^[@£$¥èéùìòÇØøÅåÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;
  const endedAt = new Date();
  const when = { now: new Date(endedAt.getTime() + 24 * hour), timeZone: 'America/Denver' };
  const late = offerEnds.map((end) => catalogs.en.lateTextAnswer(end, { endedAt, when }));
  for (const said of [...Object.values(english), ...late, ...Object.values(catalogs.es.textAnswer)]) {
    expect(said).toMatch(gsm7);
    expect(said.length).toBeLessThanOrEqual(2 * 153);
    expect(said).toMatch(/^Help On Demand: /);
  }
});
