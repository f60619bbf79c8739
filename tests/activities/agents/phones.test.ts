import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPhoneActivities } from '../../../activities/agents/phones.ts';
import type { LineType } from '../../../domain/notifications/contact.ts';
import { replacePhone, sendPhoneCode } from '../../../store/agents/phones.ts';
import { createNotice } from '../../../store/notifications/notices.ts';
import { readContactFacts } from '../../../store/notifications/reachability.ts';
import {
  type ActivityHarness,
  after,
  aPolicy,
  hours,
  minutes,
  openActivityHarness,
  slowClock,
  textAfter,
} from '../../harness/activity-harness.ts';
import { keyed, keyring } from '../../harness/keyring.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

type Key = { npn: string; planYear: number };

const phone = '+15125550142';
let harness: ActivityHarness;
let key: Key;
beforeEach(async () => {
  harness = await openActivityHarness();
  key = await seedAgent(harness.db);
});
afterEach(() => harness.close());

const row = ({ npn }: Key = key) =>
  harness.db.selectFrom('agents').selectAll().where('npn', '=', npn).executeTakeFirstOrThrow();
const eventKinds = async () =>
  (await harness.events({ kind: 'onboarding', ...key })).map(({ kind }) => kind).slice(-2);

/** Fakes Twilio Lookup with or without an answer, and records every number it was asked about. */
function lookup(...answers: (LineType | 'down')[]) {
  const asked: string[] = [];
  const { checkPhone } = createPhoneActivities({
    db: harness.db,
    policy: aPolicy(),
    now: slowClock,
    lineTypeOf: async (number) => {
      const answer = answers[asked.push(number) - 1] ?? 'down';
      if (answer === 'down') throw new Error('down');
      return answer;
    },
  });
  return { asked, check: (ms: number, about = key) => checkPhone({ ...about, at: textAfter(ms) }) };
}

function give(lineType: LineType | null, change: { number?: string; mustBeConfirmed?: boolean } = {}) {
  const policy = aPolicy({ requireConfirmedPhone: change.mustBeConfirmed ?? false });
  return harness.db.transaction().execute((tx) =>
    replacePhone(tx, keyring, {
      npn: key.npn,
      phone: change.number ?? phone,
      lineType,
      at: after(0),
      policy,
    }),
  );
}

describe('a phone whose line could not be looked up', () => {
  test('is looked up again, each time a little later, until there is an answer', async () => {
    await give(null);
    expect((await row()).phoneCheckAt).toEqual(after(minutes(15)));
    const { asked, check } = lookup('down', 'down', 'down', 'down', 'down', 'mobile');
    const instants: Date[] = [];
    let at = minutes(15);
    for (let failure = 1; failure <= 5; failure += 1) {
      await check(at);
      const { phoneCheckAt } = await row();
      instants.push(phoneCheckAt as Date);
      at = (phoneCheckAt as Date).getTime() - after(0).getTime();
    }
    expect(
      instants.map(
        (instant, index) => instant.getTime() - (instants[index - 1] ?? after(minutes(15))).getTime(),
      ),
    ).toEqual([hours(1), hours(6), hours(24), hours(24), hours(24)]);
    await check(at);
    expect(await row()).toMatchObject({ phone, phoneLineType: 'mobile', phoneCheckAt: null });
    expect(new Set(asked)).toEqual(new Set([phone]));
    expect(await eventKinds()).toContain('phone-checked');
    expect(await harness.notices({ npn: key.npn })).not.toContain('phone-not-mobile');
  });

  test('and turns out to be a landline is kept but gets no more texts, and its agent is asked once for a cell phone', async () => {
    await give(null);
    const { asked, check } = lookup('landline', 'landline');
    const review = await check(minutes(15));
    expect(review.notices).toContainEqual(
      expect.objectContaining({ kind: 'phone-not-mobile', channels: ['email'] }),
    );
    const before = [await row(), await harness.events({ kind: 'onboarding', ...key })];
    expect(await check(minutes(15))).toEqual(review);
    expect([await row(), await harness.events({ kind: 'onboarding', ...key })]).toEqual(before);
    expect(asked).toHaveLength(1);
    expect(await row()).toMatchObject({ phone, phoneLineType: 'landline', phoneCheckAt: null });
    expect((await harness.events({ kind: 'onboarding', ...key })).at(-1)).toMatchObject({
      kind: 'phone-checked',
      data: { lineType: 'landline' },
    });
    const offer = { kind: 'offer', npn: key.npn, at: after(0), dedupeKey: `offer ${key.npn}` } as const;
    expect((await createNotice(harness.db, offer)).channels).toEqual(['email']);
  });

  test.each<LineType>(['no-texts', 'no-number'])(
    'and turns out to be %s gets no more texts either, and its agent is asked for a cell phone',
    async (lineType) => {
      await give(null);
      const { notices } = await lookup(lineType).check(minutes(15));
      expect(notices.map(({ kind }) => kind)).toContain('phone-not-mobile');
      expect(await row()).toMatchObject({ phoneLineType: lineType, phoneCheckAt: null });
      const offer = { kind: 'offer', npn: key.npn, at: after(0), dedupeKey: `offer ${key.npn}` } as const;
      expect((await createNotice(harness.db, offer)).channels).toEqual(['email']);
    },
  );

  test('and turns out to be of an unknown kind is used, and not looked up again', async () => {
    await give(null);
    const { notices } = await lookup('unknown').check(minutes(15));
    expect(notices.map(({ kind }) => kind)).not.toContain('phone-not-mobile');
    expect(await row()).toMatchObject({ phoneLineType: 'unknown', phoneCheckAt: null });
  });

  test('is not looked up before its time', async () => {
    await give(null);
    const { asked, check } = lookup('mobile');
    await check(minutes(14));
    expect(asked).toEqual([]);
    expect((await row()).phoneCheckAt).toEqual(after(minutes(15)));
  });

  test('and was replaced during the lookup ignores the answer about the old one', async () => {
    await give(null);
    const { checkPhone } = createPhoneActivities({
      db: harness.db,
      policy: aPolicy(),
      now: slowClock,
      lineTypeOf: async () => {
        await give('mobile', { number: '+15125550143' });
        return 'landline';
      },
    });
    await checkPhone({ ...key, at: textAfter(minutes(15)) });
    expect(await row()).toMatchObject({ phone: '+15125550143', phoneLineType: 'mobile' });
    expect(await harness.notices({ npn: key.npn })).not.toContain('phone-not-mobile');
  });

  test('is looked up by two plan years at once, and its agent is notified once', async () => {
    const other = await seedAgent(harness.db, { npn: key.npn, planYear: 2026 });
    await give(null);
    const { check } = lookup('landline', 'landline');
    await Promise.all([check(minutes(15)), check(minutes(15), other)]);
    const kinds = await harness.notices({ npn: key.npn });
    expect(kinds.filter((kind) => kind === 'phone-not-mobile')).toHaveLength(1);
  });
});

describe('another phone', () => {
  test('must be confirmed again, with a code that the newest open onboarding sends when it is woken', async () => {
    await harness.db
      .updateTable('agents')
      .set({ phoneConfirmedAt: after(0) })
      .where('npn', '=', key.npn)
      .execute();
    await harness.drainOutbox();
    await give('mobile', { mustBeConfirmed: true });
    expect(await row()).toMatchObject({ phone, phoneConfirmedAt: null, phoneMustBeConfirmed: true });
    const messages = (await harness.drainOutbox()).filter(({ type }) => type !== 'send-notice');
    expect(messages).toEqual([{ type: 'wake-onboarding', payload: key }]);
    const { notices } = await harness.activities.reviewOnboarding({ ...key, at: textAfter(1) });
    expect(notices).toContainEqual(expect.objectContaining({ kind: 'phone-code', channels: ['text'] }));
  });

  test('that is the same one stays confirmed, and no code is sent', async () => {
    await give('mobile');
    await harness.db
      .updateTable('agents')
      .set({ phoneConfirmedAt: after(0) })
      .where('npn', '=', key.npn)
      .execute();
    await give(null);
    expect(await row()).toMatchObject({ phoneConfirmedAt: after(0), phoneLineType: 'mobile' });
    const kinds = await harness.notices({ npn: key.npn });
    expect(kinds.filter((kind) => kind === 'phone-code')).toHaveLength(1);
  });

  test('of an agent who did not choose texts gets no code until they do', async () => {
    await harness.db
      .updateTable('agents')
      .set({ contactPreference: 'email' })
      .where('npn', '=', key.npn)
      .execute();
    await give('mobile');
    expect(await harness.notices({ npn: key.npn })).not.toContain('phone-code');
    const expiresAt = await harness.db
      .transaction()
      .execute((tx) => sendPhoneCode(tx, { npn: key.npn, at: after(0), policy: aPolicy() }));
    expect(expiresAt).toEqual(after(minutes(10)));
  });
});

describe('with a confirmed phone required', () => {
  test('an offer goes by text only once the code was entered', async () => {
    await give('mobile', { mustBeConfirmed: true });
    const channels = async (dedupeKey: string) =>
      (await createNotice(harness.db, { kind: 'offer', npn: key.npn, at: after(0), dedupeKey })).channels;
    expect(await channels(`first ${key.npn}`)).toEqual(['email']);
    await harness.db
      .updateTable('agents')
      .set({ phoneConfirmedAt: after(0) })
      .where('npn', '=', key.npn)
      .execute();
    expect(await channels(`second ${key.npn}`)).toEqual(['email', 'text']);
  });

  test('the facts that decide are read from the current rows, stopped texts too', async () => {
    await give('mobile', { mustBeConfirmed: true });
    expect(await readContactFacts(harness.db, key.npn)).toEqual({
      contactPreference: 'email-text',
      mailArrives: true,
      hasPhone: true,
      lineReceivesTexts: true,
      phoneTrusted: false,
      textsAllowed: true,
      hasPushSubscription: false,
    });
    await harness.db
      .insertInto('textOptOuts')
      .values({ ...keyed(phone), stoppedAt: after(0), stoppedBy: 'reply' })
      .execute();
    expect(await readContactFacts(harness.db, key.npn)).toMatchObject({ textsAllowed: false });
    expect(await readContactFacts(harness.db, '999999999')).toBeUndefined();
  });
});
