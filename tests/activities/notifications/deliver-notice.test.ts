import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import webPush from 'web-push';
import { createEmailSender } from '../../../activities/notifications/senders/email.ts';
import { createPushSender } from '../../../activities/notifications/senders/push.ts';
import { createTextSender } from '../../../activities/notifications/senders/text.ts';
import { sendTimeouts } from '../../../activities/notifications/senders/timeouts.ts';
import { createVoiceSender } from '../../../activities/notifications/senders/voice.ts';
import type { NoticeToSend } from '../../../domain/notifications/notices.ts';
import type { PushPayload } from '../../../domain/notifications/push-payload.ts';
import { createDatabase } from '../../../runtime/database.ts';
import { savePasswordReset } from '../../../store/accounts/password-resets.ts';
import { readPushDevices } from '../../../store/agents/push-subscriptions.ts';
import type { Database } from '../../../store/database/connection.ts';
import type { DB } from '../../../store/database/schema.ts';
import { sealAddressBefore, sealNewAddress } from '../../../store/encryption/contact-changes.ts';
import { readReferralKey } from '../../../store/encryption/referral-keys.ts';
import { createNotice } from '../../../store/notifications/notices.ts';
import { pendingNotices } from '../../../store/notifications/pending-notices.ts';
import { stopTexts } from '../../../store/notifications/text-opt-outs.ts';
import type { NewNotice } from '../../../store/notifications/write-notices.ts';
import { readLinkedOffer } from '../../../store/referrals/offers/agent-views.ts';
import { contactCode, linkToken, sha256 } from '../../../store/tokens.ts';
import { createDeliverOne, type DeliverOne } from '../../harness/deliver-one.ts';
import { keyed, keyring } from '../../harness/keyring.ts';
import { changeStoredContact } from '../../harness/people/contacts.ts';
import {
  aConsumer,
  anAgent,
  anInvitation,
  anOffer,
  aReferral,
  minutesFromNow,
  testLinkSecret,
} from '../../harness/people/notified-people.ts';
import { createTestDatabase, type TestDatabase } from '../../harness/servers/postgres.ts';
import { countStatements } from '../../harness/statements.ts';
import {
  accountSid,
  authToken,
  runMailbox,
  type Subscription,
} from '../../standalone/fakes/running-mailbox.ts';

const publicUrl = 'https://www.helpondemand.example';
let mailbox: Awaited<ReturnType<typeof runMailbox>>;
let testDatabase: TestDatabase;
let db: Database;
let deliver: DeliverOne;
/** Delivers with quiet hours, at another time of the day. */
let deliverAt: (at: string) => DeliverOne;
const logged: unknown[] = [];

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'only-for-the-fake';
  [mailbox, testDatabase] = await Promise.all([runMailbox(), createTestDatabase()]);
  db = createDatabase<DB>(testDatabase.url);
  const vapid = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };
  const senders = {
    email: createEmailSender({
      timeouts: sendTimeouts,
      region: 'us-east-1',
      endpoint: mailbox.address,
      from: 'noreply@helpondemand.com',
    }),
    text: createTextSender({
      accountSid,
      authToken,
      baseUrl: mailbox.address,
      from: '+12025550100',
      timeouts: sendTimeouts,
    }),
    push: createPushSender({ vapid, fakeOrigin: mailbox.address, timeouts: sendTimeouts }),
    voice: createVoiceSender({
      accountSid,
      authToken,
      baseUrl: mailbox.address,
      from: '+12025550100',
      timeouts: sendTimeouts,
    }),
  };
  const note = (...values: unknown[]) => void logged.push(values);
  const log = { warn: note, error: note };
  const settings = { db, keyring, senders, linkSecret: testLinkSecret, publicUrl, log };
  deliver = createDeliverOne({
    ...settings,
    policy: { textHours: [], invitationRetryAfterMs: [] },
    now: () => new Date(),
  });
  deliverAt = (at) =>
    createDeliverOne({
      ...settings,
      policy: {
        textHours: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 8 * 60, untilMinute: 20 * 60 }],
        invitationRetryAfterMs: [],
      },
      now: () => new Date(at),
    });
});
afterEach(async () => {
  await fetch(`${mailbox.address}/faults`, { method: 'DELETE' });
  logged.length = 0;
});
afterAll(async () => {
  await db.destroy();
  await testDatabase.drop();
  await mailbox.close();
});

type Wanted = Omit<NewNotice, 'dedupeKey' | 'at'>;
const write = (notice: Wanted): Promise<NoticeToSend> =>
  createNotice(db, { ...notice, dedupeKey: randomUUID(), at: new Date() });

const deliveriesOf = ({ noticeId }: NoticeToSend) =>
  db.selectFrom('deliveries').selectAll().where('noticeId', '=', noticeId).execute();

const endOf = (id: string) =>
  db.selectFrom('invitations').select(['endedAs', 'endedAt']).where('id', '=', id).executeTakeFirst();

async function subscribed(npn: string): Promise<Subscription> {
  const subscription = await mailbox.subscribe();
  const { endpoint, keys } = subscription;
  await db
    .insertInto('pushSubscriptions')
    .values({ endpoint, ...keys, npn, createdAt: new Date() })
    .execute();
  return subscription;
}

async function anOpenOffer(more: Parameters<typeof anAgent>[1] = {}) {
  const agent = await anAgent(db, more);
  const referralId = await aReferral(db);
  const offerId = await anOffer(db, { npn: agent.npn, referralId });
  const untilAt = minutesFromNow(15);
  return { agent, about: { kind: 'offer', npn: agent.npn, referralId, offerId, untilAt } as const };
}

describe('what a consumer typed', () => {
  const kinds = [
    'referral-received',
    'link-resent',
    'agent-found',
    'agent-gone',
    'closed',
    'unmatched',
  ] as const;
  const name = 'Claim 900 USD at https://prize.example/win';

  async function mailsTo(confirmedAt: Date | null, change: { name?: string; language?: string } = {}) {
    const email = `${randomUUID()}@example.org`;
    const { language = 'en' } = change;
    const referralId = await aReferral(db, { email, phone: aConsumer.phone }, { language });
    const { npn } = await anAgent(db);
    const offerId = await anOffer(db, {
      npn,
      referralId,
      acceptedAt: new Date(),
      contactDueAt: minutesFromNow(60),
    });
    await db
      .updateTable('contactKeys')
      .set({ confirmedAt })
      .where('referralId', '=', referralId)
      .where('channel', '=', 'email')
      .execute();
    if (change.name) await changeStoredContact(db, referralId, { name: change.name });
    for (const kind of kinds) {
      const { noticeId } = await write({ kind, referralId, offerId, channels: ['email'] });
      expect([kind, await deliver({ noticeId, channels: ['email'] })]).toEqual([kind, ['sent']]);
    }
    return mailbox.messages(email);
  }

  test.each(['en', 'es'])('is in no mail to an address that is not confirmed (%s)', async (language) => {
    const mails = await mailsTo(null, { language });
    expect(mails).toHaveLength(kinds.length);
    for (const mail of mails) {
      expect(JSON.stringify(mail)).not.toContain('Zamborsky');
      expect(mail.text).toMatch(language === 'en' ? /^Hello,$/m : /^Hola:$/m);
    }
  });

  test('is in the greeting at an address that was confirmed by code', async () => {
    for (const mail of await mailsTo(new Date())) expect(mail.text).toMatch(/^Hello Quentin Zamborsky,$/m);
  });

  test('is left out even there when it was saved with a web address in it', async () => {
    for (const mail of await mailsTo(new Date(), { name })) {
      expect(JSON.stringify(mail)).not.toMatch(/prize|Claim/);
      const links = [...(mail.html ?? '').matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);
      // the other links call the Marketplace, 711 and Medicare
      expect(links.filter((href) => !href.startsWith(publicUrl) && !/^tel:[+\d]+$/.test(href))).toEqual([]);
    }
  });
});

describe('a new contact of a consumer', () => {
  async function changing(change: { madeAt?: Date } = {}) {
    const [email, next] = [`${randomUUID()}@example.org`, `${randomUUID()}@example.org`];
    const referralId = await aReferral(db, { email: change.madeAt ? next : email, phone: null });
    const [id, codeId] = [randomUUID(), randomUUID()];
    const key = await readReferralKey(db, keyring, referralId);
    if (!key) throw new Error('a referral has a key');
    const dates = {
      askedAt: new Date(),
      codeExpiresAt: minutesFromNow(10),
      waitingUntil: minutesFromNow(60),
    };
    await db
      .insertInto('contactChanges')
      .values({
        id,
        referralId,
        codeId,
        channel: 'email',
        address: sealNewAddress(key, id, next),
        addressBefore: sealAddressBefore(key, id, email),
        key: 'k',
        contactBy: 'email',
        ...dates,
        ...change,
      })
      .execute();
    return { email, next, referralId, contactChange: { id, codeId } };
  }

  test('gets its code and nothing else: no name, no link to the request', async () => {
    const { email, next, referralId, contactChange } = await changing();
    const { noticeId } = await write({
      kind: 'contact-change-code',
      referralId,
      data: { contactChange },
      channels: ['email'],
    });
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['sent']);
    const [mail] = await mailbox.messages(next);
    expect(mail?.text).toMatch(/^Hello,$/m);
    const code = contactCode(testLinkSecret, { id: contactChange.codeId, channel: 'email' });
    expect(mail?.text).toContain(code);
    expect(JSON.stringify(mail)).not.toMatch(new RegExp(`Zamborsky|${referralId}|${email}`));
    expect(await mailbox.messages(email)).toEqual([]);
  });

  test('is not mentioned to the old one', async () => {
    const { email, next, referralId, contactChange } = await changing({ madeAt: new Date() });
    const { noticeId } = await write({
      kind: 'contact-changed',
      referralId,
      data: { contactChange },
      channels: ['email'],
    });
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['sent']);
    const [mail] = await mailbox.messages(email);
    expect(mail?.subject).toBe('The email address of your request was changed');
    expect(JSON.stringify(mail)).not.toMatch(new RegExp(`Zamborsky|${referralId}|${next}`));
    expect(await mailbox.messages(next)).toEqual([]);
  });

  test('gets no code once another has replaced it, or the consent was rescinded', async () => {
    const { referralId, contactChange } = await changing();
    const data = { contactChange: { ...contactChange, codeId: randomUUID() } };
    const late = await write({ kind: 'contact-change-code', referralId, data, channels: ['email'] });
    expect(await deliver({ noticeId: late.noticeId, channels: ['email'] })).toEqual(['lapsed']);
    const gone = await write({
      kind: 'contact-change-code',
      referralId,
      data: { contactChange },
      channels: ['email'],
    });
    await db.deleteFrom('referralKeys').where('referralId', '=', referralId).execute();
    expect(await deliver({ noticeId: gone.noticeId, channels: ['email'] })).toEqual(['lapsed']);
  });
});

describe('a notice', () => {
  test('written twice for one occasion is one notice, over the same channels', async () => {
    const { agent, about } = await anOpenOffer();
    const once = { ...about, dedupeKey: `offer ${about.offerId}`, at: new Date() };
    const first = await createNotice(db, once);
    await db.updateTable('agents').set({ phone: null }).where('npn', '=', agent.npn).execute();
    expect(await createNotice(db, once)).toEqual(first);
    expect(first.channels).toEqual(['email', 'text']);
    expect(await deliveriesOf(first)).toHaveLength(2);
  });

  test('of an offer costs so many statements a channel, begin and commit among them; a repeat reads what it has become', async () => {
    const notice = await write((await anOpenOffer()).about);
    const { noticeId } = notice;
    const counted = [
      await countStatements(() => deliver({ noticeId, channels: ['email'] })),
      await countStatements(() => deliver({ noticeId, channels: ['text'] })),
      await countStatements(() => deliver({ noticeId, channels: ['email'] })),
    ];
    expect(counted).toEqual([4, 4, 1]);
  });

  test('is pending until a provider has it, channel by channel', async () => {
    const { about } = await anOpenOffer();
    const notice = await write(about);
    expect(await pendingNotices(db, { referralId: about.referralId })).toEqual([notice]);
    await deliver({ noticeId: notice.noticeId, channels: ['email'] });
    expect(await pendingNotices(db, { referralId: about.referralId })).toEqual([
      { ...notice, channels: ['text'] },
    ]);
    await deliver({ noticeId: notice.noticeId, channels: ['text'] });
    expect(await pendingNotices(db, { referralId: about.referralId })).toEqual([]);
  });

  test.each([
    ['email-text-app', true, ['email', 'text', 'push']],
    ['email-text-app', false, ['email', 'text']],
    ['email-text', true, ['email', 'text']],
    ['email-app', true, ['email', 'push']],
    ['email', true, ['email']],
  ])(
    'of an offer takes the channels of the preference %s (app installed: %s): %j',
    async (preference, hasApp, expected) => {
      const { agent, about } = await anOpenOffer({ contactPreference: preference });
      if (hasApp) await subscribed(agent.npn);
      expect((await write(about)).channels).toEqual(expected);
    },
  );

  test('takes no channel that is closed: no phone, a returned address, a subscription that is gone', async () => {
    const { agent, about } = await anOpenOffer({ phone: null, emailUndeliverableAt: new Date() });
    await subscribed(agent.npn);
    await db
      .updateTable('pushSubscriptions')
      .set({ goneAt: new Date() })
      .where('npn', '=', agent.npn)
      .execute();
    expect((await write(about)).channels).toEqual([]);
  });

  test.each([
    [{ email: aConsumer.email, phone: aConsumer.phone }, true, ['email']],
    [{ email: aConsumer.email, phone: null }, false, ['email']],
    [{ email: null, phone: aConsumer.phone }, true, ['text']],
    [{ email: null, phone: aConsumer.phone }, false, []],
  ])(
    'to a consumer who gave %j (and consent to texts: %j) goes by %j',
    async (contact, textConsent, expected) => {
      const referralId = await aReferral(db, contact, { textConsent });
      expect((await write({ kind: 'referral-received', referralId })).channels).toEqual(expected);
    },
  );

  test.each([
    [true, ['text']],
    [false, []],
  ])(
    'to a consumer whose mail came back (consent to texts: %j) goes by %j',
    async (textConsent, expected) => {
      const referralId = await aReferral(db, aConsumer, { textConsent });
      await db
        .updateTable('consumerContacts')
        .set({ emailUndeliverableAt: new Date() })
        .where('referralId', '=', referralId)
        .execute();
      expect((await write({ kind: 'agent-found', referralId })).channels).toEqual(expected);
    },
  );

  test('that a consumer asks for names its channel, and needs no consent to texts', async () => {
    const referralId = await aReferral(db, { email: null, phone: aConsumer.phone });
    expect((await write({ kind: 'link-resent', referralId, channels: ['text'] })).channels).toEqual(['text']);
  });

  test('that may be the first text says how to stop texts, and that they may cost', async () => {
    const referralId = await aReferral(db, { email: null, phone: '+12025550188' }, { textConsent: true });
    const { noticeId } = await write({ kind: 'referral-received', referralId });
    expect(await deliver({ noticeId, channels: ['text'] })).toEqual(['sent']);
    const [text] = await mailbox.messages('+12025550188');
    expect(text?.text).toMatch(
      /Reply STOP to end texts, HELP for help\. Message and data rates may apply\.$/,
    );
  });
});

describe('delivering', () => {
  test('an invitation mails the link, once', async () => {
    const agent = await anAgent(db);
    const invitation = await anInvitation(db, agent);
    const notice = await write({ kind: 'invitation', ...invitation });
    expect(notice.channels).toEqual(['email']);
    for (let call = 1; call <= 2; call += 1) {
      expect(await deliver({ noticeId: notice.noticeId, channels: ['email'] })).toEqual(['sent']);
    }
    const mails = await mailbox.messages(agent.email);
    expect(mails).toHaveLength(1);
    const link = `${publicUrl}/register#${linkToken(testLinkSecret, 'invitation', invitation.invitationId)}`;
    expect(mails[0]?.text).toContain(link);
    expect(mails[0]?.html).toContain(`href="${link}"`);
    const [delivery] = await deliveriesOf(notice);
    expect(delivery).toMatchObject({ status: 'sent', providerMessageId: mails[0]?.providerMessageId });
    expect(mails[0]?.tags).toEqual({ attempt: delivery?.id });
  });

  test('an offer reaches mail, phone and every device once, without personal data of the consumer', async () => {
    const { agent, about } = await anOpenOffer();
    const devices = [await subscribed(agent.npn), await subscribed(agent.npn)];
    const notice = await write(about);
    for (const channel of [...notice.channels, ...notice.channels]) {
      expect(await deliver({ noticeId: notice.noticeId, channels: [channel] })).toEqual(['sent']);
    }
    const addresses = [agent.email, agent.phone ?? '', ...devices.map(({ endpoint }) => endpoint)];
    const received = await Promise.all(addresses.map((to) => mailbox.messages(to)));
    expect(received.map((messages) => messages.length)).toEqual([1, 1, 1, 1]);
    const everything = JSON.stringify(received);
    expect(everything).toContain('85001');
    expect(everything).not.toMatch(/Quentin|Zamborsky|quentin\.z|5550123/);
    expect(received[1]?.[0]?.text).toMatch(/Reply A 4821 to accept.*\/offer\/[\w-]+#[\w-]{43}$/);
  });

  test('a push says which offers are open, asks its question in the language of the agent, and is silent where they want it', async () => {
    const { agent, about } = await anOpenOffer({ contactPreference: 'email-app' });
    const [loud, muted] = [await subscribed(agent.npn), await subscribed(agent.npn)];
    await db
      .updateTable('pushSubscriptions')
      .set({ hasSound: false })
      .where('endpoint', '=', muted.endpoint)
      .execute();
    const answered = { acceptedAt: new Date(), referralId: await aReferral(db) };
    await anOffer(db, { npn: agent.npn, ...answered });
    const payloadOf = async ({ endpoint }: Subscription) =>
      JSON.parse((await mailbox.messages(endpoint))[0]?.push?.payload ?? '{}') as PushPayload;
    const { noticeId } = await write(about);
    expect(await deliver({ noticeId, channels: ['push'] })).toEqual(['sent']);
    const said = await payloadOf(loud);
    expect(said).toMatchObject({ isSilent: false, openOffers: [about.offerId], language: 'en' });
    expect(said.question?.actions.map(({ title }) => title)).toEqual(['Accept', 'Decline']);
    expect(await payloadOf(muted)).toEqual({ ...said, isSilent: true });
    const devices = await readPushDevices(db, agent.npn);
    expect(devices.filter(({ lastSentAt }) => lastSentAt === null)).toEqual([]);

    await db
      .updateTable('offers')
      .set({ endedAt: new Date(), endedAs: 'taken', endedBy: 'service' })
      .where('id', '=', about.offerId)
      .execute();
    const { kind: _, untilAt: __, ...ended } = about;
    const over = await write({ kind: 'offer-taken', ...ended, channels: ['push'] });
    expect(await deliver({ noticeId: over.noticeId, channels: ['push'] })).toEqual(['sent']);
    const taken = await payloadOf(loud);
    expect(taken).toMatchObject({ isSilent: true, openOffers: [], tag: said.tag });
    expect(taken).not.toHaveProperty('question');
  });

  test('to a consumer is in the requested language, with times in the zone of the ZIP code', async () => {
    const { npn } = await anAgent(db);
    const email = `${randomUUID()}@example.org`;
    const referralId = await aReferral(db, { email, phone: null }, { language: 'es' });
    const contactDueAt = minutesFromNow(60);
    const offerId = await anOffer(db, { npn, referralId, acceptedAt: new Date(), contactDueAt });
    const { noticeId } = await write({ kind: 'agent-found', referralId, offerId });
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['sent']);
    const [mail] = await mailbox.messages(email);
    expect(mail?.subject).toBe('Maria Lopez va a llamarle');
    expect(mail?.html).toContain('lang="es"');
    expect(mail?.text).toMatch(/ [ap]\. m\. MST/);
    expect(mail?.text).toContain(
      `${publicUrl}/status/${referralId}#${linkToken(testLinkSecret, 'referral', referralId)}`,
    );
  });

  test('keeps a status that the provider reported before the send was recorded', async () => {
    const { about } = await anOpenOffer();
    const notice = await write(about);
    await db
      .updateTable('deliveries')
      .set({ status: 'delivered' })
      .where('noticeId', '=', notice.noticeId)
      .execute();
    expect(await deliver({ noticeId: notice.noticeId, channels: ['email'] })).toEqual(['sent']);
    expect((await deliveriesOf(notice)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  test('a notice that was deleted has lapsed', async () => {
    expect(await deliver({ noticeId: randomUUID(), channels: ['email', 'text'] })).toEqual([
      'lapsed',
      'lapsed',
    ]);
  });
});

describe('a notice that would mislead by now lapses and is never sent', () => {
  test('an offer that was answered meanwhile', async () => {
    const { agent, about } = await anOpenOffer();
    const { noticeId } = await write(about);
    await db
      .updateTable('offers')
      .set({ endedAt: new Date(), endedAs: 'withdrawn' })
      .where('id', '=', about.offerId)
      .execute();
    expect(await deliver({ noticeId, channels: ['text'] })).toEqual(['lapsed']);
    expect(await deliver({ noticeId, channels: ['text'] })).toEqual(['lapsed']);
    expect(await mailbox.messages(agent.phone ?? '')).toEqual([]);
  });

  test('a nudge about an offer that its agent has looked at meanwhile', async () => {
    const { agent, about } = await anOpenOffer();
    const { noticeId } = await write({ ...about, kind: 'offer-nudge', channels: ['text'] });
    await readLinkedOffer(db, { id: about.offerId, at: new Date() });
    expect(await deliver({ noticeId, channels: ['text'] })).toEqual(['lapsed']);
    expect(await mailbox.messages(agent.phone ?? '')).toEqual([]);
  });

  test('an invitation that never left while its link lived: it ends as unsent, and the onboarding reviews', async () => {
    const invitation = await anInvitation(db, await anAgent(db));
    const { invitationId, npn, planYear } = invitation;
    const { noticeId } = await write({ kind: 'invitation', ...invitation });
    const expiredAt = minutesFromNow(-10);
    await db
      .updateTable('invitations')
      .set({ expiresAt: expiredAt, endedAt: expiredAt, endedAs: 'expired' })
      .where('id', '=', invitationId)
      .execute();
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['lapsed']);
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['lapsed']);
    expect(await endOf(invitationId)).toEqual({ endedAs: 'unsent', endedAt: expiredAt });
    const woken = await db
      .selectFrom('outbox')
      .select('type')
      .where('payload', '=', JSON.stringify({ npn, planYear }))
      .execute();
    expect(woken).toEqual([{ type: 'wake-onboarding' }]);
  });

  test('an invitation that was replaced', async () => {
    const agent = await anAgent(db);
    const invitation = await anInvitation(db, agent);
    const { noticeId } = await write({ kind: 'invitation', ...invitation });
    await db
      .updateTable('invitations')
      .set({ endedAt: new Date(), endedAs: 'replaced' })
      .where('id', '=', invitation.invitationId)
      .execute();
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['lapsed']);
    expect(await mailbox.messages(agent.email)).toEqual([]);
    expect((await endOf(invitation.invitationId))?.endedAs).toBe('replaced');
  });

  test('anything after its own end', async () => {
    const email = `${randomUUID()}@example.org`;
    const referralId = await aReferral(db, { email, phone: null });
    const { noticeId } = await write({ kind: 'unmatched', referralId, untilAt: minutesFromNow(-1) });
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['lapsed']);
    expect(await mailbox.messages(email)).toEqual([]);
  });

  test('that names an agent who is gone again, or says so when another will call', async () => {
    const [first, second] = [await anAgent(db), await anAgent(db)];
    const referralId = await aReferral(db);
    const accepted = { acceptedAt: new Date(), contactDueAt: minutesFromNow(60) };
    const gone = { ...accepted, endedAt: new Date(), endedAs: 'handed-back' };
    const offerId = await anOffer(db, { npn: first.npn, referralId, ...gone });
    const found = await write({ kind: 'agent-found', referralId, offerId });
    const left = await write({ kind: 'agent-gone', referralId, offerId });
    await anOffer(db, { npn: second.npn, referralId, number: 2, ...accepted });
    expect(await deliver({ noticeId: found.noticeId, channels: ['email'] })).toEqual(['lapsed']);
    expect(await deliver({ noticeId: left.noticeId, channels: ['email'] })).toEqual(['lapsed']);
  });

  test('that an agent will call, when the time to call is over', async () => {
    const { npn } = await anAgent(db);
    const referralId = await aReferral(db);
    const over = { acceptedAt: minutesFromNow(-61), contactDueAt: minutesFromNow(-1) };
    const offerId = await anOffer(db, { npn, referralId, ...over });
    const { noticeId } = await write({ kind: 'agent-found', referralId, offerId });
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['lapsed']);
  });

  test('that referrals are suspended, to an agent who is active again', async () => {
    const agent = await anAgent(db);
    const { npn, planYear } = await anInvitation(db, agent);
    const { noticeId } = await write({ kind: 'suspended', npn, planYear });
    await db.updateTable('onboardings').set({ stage: 'active' }).where('npn', '=', npn).execute();
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['lapsed']);
  });

  test('that a registration has ended, once its onboarding is open again', async () => {
    const [over, open] = [await anAgent(db), await anAgent(db)];
    const notices = [];
    for (const agent of [over, open]) {
      const { npn, planYear } = await anInvitation(db, agent);
      const closed = { stage: 'lapsed', closedAt: new Date() };
      await db.updateTable('onboardings').set(closed).where('npn', '=', npn).execute();
      notices.push(await write({ kind: 'lapsed', npn, planYear }));
    }
    const opened = { stage: 'active', closedAt: null };
    await db.updateTable('onboardings').set(opened).where('npn', '=', open.npn).execute();
    const ends = [];
    for (const { noticeId } of notices) ends.push(...(await deliver({ noticeId, channels: ['email'] })));
    expect(ends).toEqual(['sent', 'lapsed']);
    expect(await mailbox.messages(over.email)).toHaveLength(1);
    expect(await mailbox.messages(open.email)).toEqual([]);
  });
});

describe('a refusal', () => {
  test('of an invitation ends the invitation as undeliverable', async () => {
    const agent = await anAgent(db);
    const { invitationId, ...onboarding } = await anInvitation(db, agent);
    await mailbox.fault({ channel: 'email', kind: 'refuse', to: agent.email });
    const notice = await write({ kind: 'invitation', invitationId, ...onboarding });
    expect(await deliver({ noticeId: notice.noticeId, channels: ['email'] })).toEqual(['refused']);
    expect(await deliver({ noticeId: notice.noticeId, channels: ['email'] })).toEqual(['refused']);
    expect((await deliveriesOf(notice))[0]).toMatchObject({ status: 'refused', code: 'MessageRejected' });
    expect(await endOf(invitationId)).toEqual({ endedAs: 'undeliverable', endedAt: expect.any(Date) });
    expect(JSON.stringify(logged)).not.toContain(agent.email);
  });

  test('of the reminder leaves the invitation alone, since its mail got through', async () => {
    const agent = await anAgent(db);
    const invitation = await anInvitation(db, agent);
    await mailbox.fault({ channel: 'email', kind: 'refuse', to: agent.email });
    const { noticeId } = await write({ kind: 'invitation-reminder', ...invitation });
    expect(await deliver({ noticeId, channels: ['email'] })).toEqual(['refused']);
    expect((await endOf(invitation.invitationId))?.endedAs).toBeNull();
  });

  test('needs no provider where mail to the address is known to be returned: it is not tried again', async () => {
    const agent = await anAgent(db, { emailUndeliverableAt: new Date() });
    const invitation = await anInvitation(db, agent);
    const notice = await write({ kind: 'invitation', ...invitation });
    expect(await deliver({ noticeId: notice.noticeId, channels: ['email'] })).toEqual(['refused']);
    expect(await mailbox.messages(agent.email)).toEqual([]);
    expect((await endOf(invitation.invitationId))?.endedAs).toBe('undeliverable');
  });

  test('of one device that is gone marks it and lets the others have the push', async () => {
    const { agent, about } = await anOpenOffer({ contactPreference: 'email-app' });
    const [gone, alive] = [await subscribed(agent.npn), await subscribed(agent.npn)];
    await mailbox.fault({ channel: 'push', kind: 'refuse', to: gone.endpoint });
    const { noticeId } = await write(about);
    expect(await deliver({ noticeId, channels: ['push'] })).toEqual(['sent']);
    expect(await mailbox.messages(alive.endpoint)).toHaveLength(1);
    const marks = await db
      .selectFrom('pushSubscriptions')
      .select(['endpoint', 'goneAt'])
      .where('npn', '=', agent.npn)
      .execute();
    expect(new Map(marks.map(({ endpoint, goneAt }) => [endpoint, goneAt !== null]))).toEqual(
      new Map([
        [gone.endpoint, true],
        [alive.endpoint, false],
      ]),
    );
  });
});

describe('a person who stopped texts', () => {
  test('with us is not texted; other channels go on', async () => {
    const { agent, about } = await anOpenOffer();
    await stopTexts(db, { ...keyed(agent.phone ?? ''), by: 'reply', at: new Date() });
    const notice = await write(about);
    for (let call = 1; call <= 2; call += 1)
      expect(await deliver({ noticeId: notice.noticeId, channels: ['text'] })).toEqual(['refused']);
    expect(await deliver({ noticeId: notice.noticeId, channels: ['email'] })).toEqual(['sent']);
    expect(await deliveriesOf(notice)).toContainEqual(
      expect.objectContaining({ channel: 'text', status: 'refused', code: 'opted-out' }),
    );
    expect(await mailbox.messages(agent.phone ?? '')).toEqual([]);
  });

  test('with the provider is not tried again either', async () => {
    const { agent, about } = await anOpenOffer();
    await mailbox.fault({ channel: 'text', kind: 'refuse', to: agent.phone, code: '21610', times: 1 });
    const [first, second] = [await write(about), await write(about)];
    for (const { noticeId } of [first, second])
      expect(await deliver({ noticeId, channels: ['text'] })).toEqual(['refused']);
    const codes = [await deliveriesOf(first), await deliveriesOf(second)].map(
      (deliveries) => deliveries.find(({ channel }) => channel === 'text')?.code,
    );
    expect(codes).toEqual(['21610', 'opted-out']);
    expect(await mailbox.messages(agent.phone ?? '')).toEqual([]);
  });
});

describe('news that a channel works no more', () => {
  const failed = async (failedChannel: 'email' | 'text', channels: ['text' | 'email' | 'push']) => {
    const agent = await anAgent(db, { emailUndeliverableAt: new Date() });
    await stopTexts(db, { ...keyed(agent.phone ?? ''), by: 'provider', at: new Date() });
    if (failedChannel === 'email')
      await db
        .deleteFrom('textOptOuts')
        .where('phone', '=', agent.phone ?? '')
        .execute();
    const notice = await write({ kind: 'channel-failed', npn: agent.npn, channels, data: { failedChannel } });
    return { agent, deliverNow: (by: DeliverOne) => by(notice) };
  };
  // 5 a.m. and 9 a.m. in Phoenix
  const [night, morning] = ['2026-11-23T12:00:00Z', '2026-11-23T16:00:00Z'];

  test('waits for the morning of the agent, so that no text rings at night', async () => {
    const { agent, deliverNow } = await failed('email', ['text']);
    await expect(deliverNow(deliverAt(night))).rejects.toMatchObject({
      type: 'quiet-hours',
      nextRetryDelay: 3 * 60 * 60_000,
    });
    expect(await deliverNow(deliverAt(morning))).toEqual(['sent']);
    const [text] = await mailbox.messages(agent.phone ?? '');
    expect(text?.text).toContain('Mail to your address came back');
    expect(text?.text).toContain(`${publicUrl}/availability`);
  });

  test('comes by mail at any hour', async () => {
    const { agent, deliverNow } = await failed('text', ['email']);
    await db.updateTable('agents').set({ emailUndeliverableAt: null }).where('npn', '=', agent.npn).execute();
    expect(await deliverNow(deliverAt(night))).toEqual(['sent']);
    const [mail] = await mailbox.messages(agent.email);
    expect([mail?.subject, mail?.text]).toEqual([
      'Offers no longer reach you by text',
      expect.stringContaining('Text START to us from that phone.'),
    ]);
  });

  test('is not sent once the channel works again', async () => {
    const { agent, deliverNow } = await failed('email', ['text']);
    await db.updateTable('agents').set({ emailUndeliverableAt: null }).where('npn', '=', agent.npn).execute();
    expect(await deliverNow(deliver)).toEqual(['lapsed']);
    expect(await mailbox.messages(agent.phone ?? '')).toEqual([]);
  });
});

describe('what an agent is told about their account', () => {
  /** Adds an account with a link to a new password. @returns the id of the link */
  async function aPasswordReset(npn: string): Promise<string> {
    const [accountId, id, at] = [randomUUID(), randomUUID(), new Date()];
    await db
      .insertInto('accounts')
      .values({
        id: accountId,
        username: `maria.${npn}`,
        passwordHash: '-',
        role: 'agent',
        npn,
        createdAt: at,
      })
      .execute();
    await savePasswordReset(db, {
      accountId,
      id,
      tokenSha256: sha256(linkToken(testLinkSecret, 'password-reset', id)),
      createdAt: at,
      expiresAt: minutesFromNow(15),
    });
    return id;
  }

  test('the mail with a link to a new password has the link, until a newer one replaces it', async () => {
    const agent = await anAgent(db);
    const id = await aPasswordReset(agent.npn);
    const about = { kind: 'password-reset', npn: agent.npn, data: { passwordResetId: id } } as const;
    const [first, second] = [await write(about), await write(about)];
    expect(await deliver(first)).toEqual(['sent']);
    const [mail] = await mailbox.messages(agent.email);
    expect(mail?.subject).toBe('Set a new password for Help On Demand');
    const link = `${publicUrl}/reset-password#${linkToken(testLinkSecret, 'password-reset', id)}`;
    expect(mail?.text).toContain(link);
    await db.updateTable('passwordResets').set({ id: randomUUID() }).where('id', '=', id).execute();
    expect(await deliver(second)).toEqual(['lapsed']);
  });

  test('a change of the password is told with its time and what to do, also to one who left right after it', async () => {
    const agent = await anAgent(db);
    const data = { credentialChange: 'password-changed' } as const;
    const notice = await write({ kind: 'credentials-changed', npn: agent.npn, data });
    const leftAt = new Date(Date.now() + 1_000);
    await db
      .updateTable('agents')
      .set({ leftAt, leftBecause: 'agent' })
      .where('npn', '=', agent.npn)
      .execute();
    expect(await deliver(notice)).toEqual(['sent']);
    const [mail] = await mailbox.messages(agent.email);
    expect(mail?.subject).toBe('The password of your Help On Demand account was changed');
    expect(mail?.text).toMatch(/was changed on \w+day, \w+ \d+, \d{4} at \d+:\d\d [AP]M MST/);
    expect(mail?.text).toContain(`${publicUrl}/forgot-password`);
    expect(mail?.text).not.toContain('#');
  });

  test('a change of the phone is told to the former one', async () => {
    const agent = await anAgent(db);
    const former = '+12025550999';
    // the new number takes no texts from us; whoever took over the account may have chosen it for that
    await stopTexts(db, { ...keyed(agent.phone ?? ''), by: 'reply', at: new Date() });
    const about = { kind: 'phone-changed', npn: agent.npn, channels: ['text'], toAddress: former } as const;
    expect(await deliver(await write(about))).toEqual(['sent']);
    expect(await mailbox.messages(agent.phone ?? '')).toEqual([]);
    const [text] = await mailbox.messages(former);
    expect(text?.text).toContain('the phone number of your account was changed');
  });
});

test('a consumer whose address returns mail is not mailed again', async () => {
  const email = `${randomUUID()}@example.org`;
  const referralId = await aReferral(db, { email, phone: null });
  const notice = await write({ kind: 'referral-received', referralId });
  await db
    .updateTable('consumerContacts')
    .set({ emailUndeliverableAt: new Date() })
    .where('referralId', '=', referralId)
    .execute();
  expect(await deliver({ noticeId: notice.noticeId, channels: ['email'] })).toEqual(['refused']);
  expect((await deliveriesOf(notice))[0]?.code).toBe('address-undeliverable');
  expect(await mailbox.messages(email)).toEqual([]);
});

test('an invitation whose bounce came before the send was recorded is reported as refused', async () => {
  const agent = await anAgent(db);
  const invitation = await anInvitation(db, agent);
  const notice = await write({ kind: 'invitation', ...invitation });
  await db
    .updateTable('deliveries')
    .set({ status: 'bounced' })
    .where('noticeId', '=', notice.noticeId)
    .execute();
  expect(await deliver({ noticeId: notice.noticeId, channels: ['email'] })).toEqual(['refused']);
});

describe('an outage', () => {
  test('is tried again, and says nothing but ids and codes', async () => {
    const { agent, about } = await anOpenOffer();
    const message = `Cannot reach ${agent.phone}`;
    await mailbox.fault({ channel: 'text', kind: 'outage', retryAfterSeconds: 7, times: 1, message });
    const { noticeId } = await write(about);
    const failure = await deliver({ noticeId, channels: ['text'] }).catch((error: unknown) => error);
    if (!(failure instanceof ApplicationFailure)) throw new Error('no failure for Temporal');
    expect(failure).toMatchObject({ type: 'provider-outage', nonRetryable: false });
    const { nextRetryDelay } = failure;
    expect(nextRetryDelay).toBeGreaterThanOrEqual(7_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(10_500);
    expect(failure.details).toEqual([
      { noticeId, channel: 'text', provider: 'twilio', reason: expect.any(String) },
    ]);
    expect(failure.cause).toBeUndefined();
    expect(JSON.stringify([failure.message, failure.stack, failure.details, logged])).not.toContain(
      agent.phone,
    );

    expect(await deliver({ noticeId, channels: ['text'] })).toEqual(['sent']);
    expect(await mailbox.messages(agent.phone ?? '')).toHaveLength(1);
  });

  test('of one channel keeps no other waiting, which is not sent again', async () => {
    const { agent, about } = await anOpenOffer();
    await mailbox.fault({ channel: 'text', kind: 'outage', times: 1 });
    const { noticeId, channels } = await write(about);
    await expect(deliver({ noticeId, channels })).rejects.toMatchObject({ type: 'provider-outage' });
    expect(await mailbox.messages(agent.email)).toHaveLength(1);
    expect(await mailbox.messages(agent.phone ?? '')).toEqual([]);
    expect(await deliver({ noticeId, channels })).toEqual(['sent', 'sent']);
    expect(await mailbox.messages(agent.email)).toHaveLength(1);
    expect(await mailbox.messages(agent.phone ?? '')).toHaveLength(1);
  });

  test('of two channels is tried again when the first of them asks for it', async () => {
    const { about } = await anOpenOffer();
    await mailbox.fault({ channel: 'text', kind: 'outage', retryAfterSeconds: 7, times: 1 });
    await mailbox.fault({ channel: 'email', kind: 'outage', times: 1 });
    const { noticeId, channels } = await write(about);
    const failure = await deliver({ noticeId, channels }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ details: [{ channel: 'email' }] });
    expect(failure).not.toHaveProperty('nextRetryDelay', expect.anything());
  });

  test('of the push to every device is an outage, too', async () => {
    const { agent, about } = await anOpenOffer();
    await subscribed(agent.npn);
    await mailbox.fault({ channel: 'push', kind: 'outage' });
    const { noticeId } = await write(about);
    await expect(deliver({ noticeId, channels: ['push'] })).rejects.toMatchObject({
      type: 'provider-outage',
    });
  });
});

test('an offer that all channels refuse at the same moment cannot reach its agent, and the referral is told so', async () => {
  for (let offer = 0; offer < 5; offer += 1) {
    const { agent, about } = await anOpenOffer();
    await mailbox.fault({ channel: 'email', kind: 'refuse', to: agent.email });
    await mailbox.fault({ channel: 'text', kind: 'refuse', to: agent.phone ?? '', code: '21610' });
    expect(await deliver(await write(about))).toEqual(['refused', 'refused']);
    const messages = await db
      .selectFrom('outbox')
      .select('payload')
      .where('type', '=', 'offer-unreachable')
      .execute();
    expect(messages.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ offerId: about.offerId }),
    );
  }
});

describe('a contact that was changed after the notice was written', () => {
  const texted = async (kind: 'referral-received' | 'link-resent' | 'unmatched') => {
    const referralId = await aReferral(db, { email: null, phone: aConsumer.phone }, { textConsent: true });
    return { referralId, notice: await write({ kind, referralId, channels: ['text'] }) };
  };
  const reportWrong = (referralId: string) =>
    db.updateTable('referrals').set({ contactWrongAt: new Date() }).where('id', '=', referralId).execute();

  test.each(['referral-received', 'link-resent', 'unmatched'] as const)(
    'a number that was since reported as wrong is not texted: %s',
    async (kind) => {
      const { referralId, notice } = await texted(kind);
      await reportWrong(referralId);
      expect(await deliver({ ...notice, channels: ['text'] })).toEqual(['refused']);
      expect(await deliveriesOf(notice)).toMatchObject([{ code: 'contact-wrong' }]);
    },
  );

  test('a number that has since replaced another gets only the requested link, unless it has a consent of its own', async () => {
    for (const [kind, end] of [
      ['unmatched', 'refused'],
      ['link-resent', 'sent'],
    ] as const) {
      const { referralId, notice } = await texted(kind);
      await db
        .updateTable('consents')
        .set({ rescindedAt: new Date() })
        .where('referralId', '=', referralId)
        .execute();
      await changeStoredContact(db, referralId, { phone: '+12025550124' });
      expect(await deliver({ ...notice, channels: ['text'] })).toEqual([end]);
    }
  });

  test('an address that was since reported as wrong gets no mail either, except the question whether it is right', async () => {
    for (const [kind, end] of [
      ['unmatched', 'refused'],
      ['contact-wrong', 'sent'],
    ] as const) {
      const referralId = await aReferral(db, aConsumer, { contactBy: 'email' });
      const notice = await write({ kind, referralId });
      await reportWrong(referralId);
      expect(await deliver({ ...notice, channels: ['email'] })).toEqual([end]);
    }
  });
});

describe('in the quiet hours of an agent', () => {
  test.each([
    ['2030-01-16T06:00:00Z', 'lapsed'],
    ['2030-01-16T15:00:00Z', 'sent'],
  ])('a nudge is dropped, not postponed: at %s it is %s', async (at, end) => {
    const { about } = await anOpenOffer();
    await db
      .updateTable('offers')
      .set({ expiresAt: new Date('2030-01-17T00:00:00Z') })
      .where('id', '=', about.offerId)
      .execute();
    const { noticeId } = await write({ ...about, kind: 'offer-nudge', channels: ['text'], untilAt: null });
    expect(await deliverAt(at)({ noticeId, channels: ['text'] })).toEqual([end]);
  });
});

describe('in the quiet hours of a consumer', () => {
  // 11 p.m. and 8 a.m. in Phoenix
  const [night, morning] = ['2030-01-16T06:00:00Z', '2030-01-16T15:00:00Z'];
  const phoneOnly = () => aReferral(db, { email: null, phone: aConsumer.phone }, { textConsent: true });

  test('a text waits for the morning, and is sent then', async () => {
    const { noticeId } = await write({ kind: 'unmatched', referralId: await phoneOnly() });
    await expect(deliverAt(night)({ noticeId, channels: ['text'] })).rejects.toMatchObject({
      type: 'quiet-hours',
      nextRetryDelay: 9 * 60 * 60_000,
      details: [{ noticeId, from: '2030-01-16T15:00:00.000Z' }],
    });
    expect(await deliverAt(morning)({ noticeId, channels: ['text'] })).toEqual(['sent']);
  });

  test('and lapses when it is no longer true in the morning', async () => {
    const referralId = await phoneOnly();
    const { noticeId } = await write({ kind: 'contact-wrong', referralId });
    await db
      .updateTable('referrals')
      .set({ contactWrongAt: new Date() })
      .where('id', '=', referralId)
      .execute();
    await expect(deliverAt(night)({ noticeId, channels: ['text'] })).rejects.toMatchObject({
      type: 'quiet-hours',
    });
    await db.updateTable('referrals').set({ contactWrongAt: null }).where('id', '=', referralId).execute();
    expect(await deliverAt(morning)({ noticeId, channels: ['text'] })).toEqual(['lapsed']);
  });

  test('the answer to what the consumer did a moment ago does not wait, nor does a mail', async () => {
    const { noticeId } = await write({ kind: 'referral-received', referralId: await phoneOnly() });
    expect(await deliverAt(night)({ noticeId, channels: ['text'] })).toEqual(['sent']);
    const byMail = await write({
      kind: 'unmatched',
      referralId: await aReferral(db, { email: aConsumer.email, phone: null }),
    });
    expect(await deliverAt(night)({ noticeId: byMail.noticeId, channels: ['email'] })).toEqual(['sent']);
  });
});
