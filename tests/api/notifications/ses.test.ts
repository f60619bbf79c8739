import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NoticeKind } from '../../../domain/notifications/notices.ts';
import { findOrCreateDelivery, recordDeliveryResult } from '../../../store/notifications/deliveries.ts';
import { createNotice } from '../../../store/notifications/notices.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { anAgent, anInvitation, aReferral } from '../../harness/notified-people.ts';
import {
  bounceAs,
  bounceOf,
  complaintOf,
  type Fields,
  newCertificate,
  notification,
  postSns,
  publicUrl,
  sesMailEvent,
  signNotification,
  startSns,
  topicArn,
  twilioAuthToken,
} from './providers.ts';

let sns: Awaited<ReturnType<typeof startSns>>;
let api: ApiHarness;
let own: { key: string; certUrl: string };

beforeAll(async () => {
  sns = await startSns();
  const webhooks = { topicArn, snsOrigin: sns.origin, maxAgeMs: 60 * 60_000, twilioAuthToken };
  api = await openApiHarness({ publicUrl, webhooks });
  const { key, cert } = await newCertificate();
  own = { key, certUrl: sns.serve(cert) };
});
afterAll(async () => {
  await api.close();
  await sns.close();
});

interface Mail {
  to: string;
  attemptId: string;
  messageId: string;
}

/** A notice that was given to SES, or is on its way there. */
async function mailed(
  notice: { kind: NoticeKind; npn?: string; referralId?: string; invitationId?: string; planYear?: number },
  to: string,
  { noted = true } = {},
): Promise<Mail> {
  const at = new Date();
  const { noticeId } = await createNotice(api.db, { ...notice, at, dedupeKey: randomUUID() });
  const { id: attemptId } = await findOrCreateDelivery(api.db, { noticeId, channel: 'email', at });
  const messageId = `0100${randomUUID()}-000000`;
  if (noted) await note({ to, attemptId, messageId });
  return { to, attemptId, messageId };
}

const note = ({ attemptId: deliveryId, messageId: providerMessageId }: Mail) =>
  recordDeliveryResult(api.db, { status: 'sent', providerMessageId, deliveryId, at: new Date() });

async function anInvitedAgent(options?: { noted: boolean }) {
  const agent = await anAgent(api.db);
  const invitation = await anInvitation(api.db, agent);
  const mail = await mailed({ kind: 'invitation', ...invitation }, agent.email, options);
  return { ...agent, ...invitation, mail };
}

async function tell(event: unknown): Promise<Fields> {
  const message = signNotification(notification(event), own);
  expect((await postSns(api, message)).status).toBe(204);
  return message;
}

const delivered = (mail: Mail) => sesMailEvent('Delivery', mail, { delivery: { recipients: [mail.to] } });
const bounced = (mail: Mail, code?: string) => sesMailEvent('Bounce', mail, bounceOf(mail.to, code));
const complained = (mail: Mail, type?: string | null) =>
  sesMailEvent('Complaint', mail, complaintOf(mail.to, type));

const deliveryOf = ({ attemptId }: Mail) =>
  api.db
    .selectFrom('deliveries')
    .select(['status', 'code', 'providerMessageId'])
    .where('id', '=', attemptId)
    .executeTakeFirstOrThrow();
const isUndeliverable = async (npn: string) =>
  (await api.db.selectFrom('agents').select('emailUndeliverableAt').where('npn', '=', npn).executeTakeFirst())
    ?.emailUndeliverableAt !== null;
const endOf = async (id: string) =>
  (await api.db.selectFrom('invitations').select('endedAs').where('id', '=', id).executeTakeFirst())?.endedAs;
const eventsOf = async (npn: string) =>
  api.db
    .selectFrom('events')
    .select(['kind', 'data'])
    .where('subjectId', '=', `${npn}-2027`)
    .orderBy('sequence')
    .execute();
const wakesOf = async (npn: string) => {
  const rows = await api.db.selectFrom('outbox').select(['type', 'payload']).execute();
  return rows.filter(
    ({ type, payload }) => type === 'wake-onboarding' && (payload as { npn: string }).npn === npn,
  );
};

describe('mail that arrived', () => {
  test('is delivered, by the tag of its attempt', async () => {
    const { mail } = await anInvitedAgent();
    await tell(delivered(mail));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'delivered', code: null });
  });

  test('is delivered, by SES’s own id where an identity tells without tags', async () => {
    const { mail } = await anInvitedAgent();
    const { eventType: notificationType, ...event } = delivered({ ...mail, attemptId: '' });
    await tell({ notificationType, ...event });
    expect((await deliveryOf(mail)).status).toBe('delivered');
  });

  test('is delivered before we have written down that it went, and stays so', async () => {
    const { mail } = await anInvitedAgent({ noted: false });
    await tell(delivered(mail));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'delivered', providerMessageId: mail.messageId });
    expect(await note(mail)).toBe('delivered');
  });

  test('was taken by SES, which a worker that died meanwhile need not repeat', async () => {
    const { mail } = await anInvitedAgent({ noted: false });
    await tell(sesMailEvent('Send', mail, { send: {} }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'sent', providerMessageId: mail.messageId });
  });
});

describe('an invitation that comes back for good', () => {
  test('ends as undeliverable; the address is marked, and the story wakes', async () => {
    const { npn, invitationId, mail } = await anInvitedAgent();
    await tell(bounced(mail));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: '5.1.1' });
    expect(await endOf(invitationId)).toBe('undeliverable');
    expect(await isUndeliverable(npn)).toBe(true);
    expect(await eventsOf(npn)).toEqual([
      { kind: 'invitation-returned', data: { invitationId, code: '5.1.1', retryAt: null } },
      { kind: 'mail-returned', data: { report: 'bounced', code: '5.1.1' } },
    ]);
    expect((await wakesOf(npn)).length).toBeGreaterThan(0);
  });

  test('changes nothing when its report is replayed, even after the address was corrected back and forth', async () => {
    const { npn, mail, email } = await anInvitedAgent();
    const message = await tell(bounced(mail));
    const [events, wakes] = [await eventsOf(npn), await wakesOf(npn)];
    for (const address of ['elsewhere@example.org', email]) {
      const values = { email: address, emailUndeliverableAt: null };
      await api.db.updateTable('agents').set(values).where('npn', '=', npn).execute();
    }
    expect((await postSns(api, message)).status).toBe(204);
    expect(await isUndeliverable(npn)).toBe(false);
    expect([await eventsOf(npn), await wakesOf(npn)]).toEqual([events, wakes]);
  });

  test('is told before we have written down that it went', async () => {
    const { invitationId, mail } = await anInvitedAgent({ noted: false });
    await tell(bounced(mail));
    expect(await endOf(invitationId)).toBe('undeliverable');
    expect(await note(mail)).toBe('bounced');
  });

  test('may have been delivered first; a late word of delivery takes nothing back', async () => {
    const { mail } = await anInvitedAgent();
    for (const event of [delivered(mail), bounced(mail), delivered(mail)]) await tell(event);
    expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: '5.1.1' });
  });

  test('leaves a newer invitation alone, and an address that was corrected meanwhile', async () => {
    const { npn, invitationId, mail } = await anInvitedAgent();
    const ended = { endedAs: 'replaced', endedAt: new Date() };
    await api.db.updateTable('invitations').set(ended).where('id', '=', invitationId).execute();
    await api.db.updateTable('agents').set({ email: 'new@example.org' }).where('npn', '=', npn).execute();
    await tell(bounced(mail));
    expect(await endOf(invitationId)).toBe('replaced');
    expect(await isUndeliverable(npn)).toBe(false);
    expect(await eventsOf(npn)).toEqual([]);
  });

  test('ends too when SES itself rejects the mail; the address is not to blame', async () => {
    const { npn, invitationId, mail } = await anInvitedAgent();
    await tell(sesMailEvent('Reject', mail, { reject: { reason: 'Bad content' } }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'refused', code: 'rejected' });
    expect(await endOf(invitationId)).toBe('undeliverable');
    expect(await isUndeliverable(npn)).toBe(false);
  });
});

test('a complaint about an invitation ends it, and the address is not mailed again', async () => {
  const { npn, invitationId, mail } = await anInvitedAgent();
  await tell(delivered(mail));
  await tell(complained(mail));
  expect(await deliveryOf(mail)).toMatchObject({ status: 'complained', code: 'abuse' });
  expect(await endOf(invitationId)).toBe('undeliverable');
  expect(await isUndeliverable(npn)).toBe(true);
});

test('somebody who takes our mail out of the spam folder does not complain', async () => {
  const { npn, mail } = await anInvitedAgent();
  await tell(complained(mail, 'not-spam'));
  expect((await deliveryOf(mail)).status).toBe('sent');
  expect(await isUndeliverable(npn)).toBe(false);
});

const bouncedAs = (
  mail: Mail,
  ...form: Parameters<typeof bounceAs> extends [string, ...infer Rest] ? Rest : never
) => sesMailEvent('Bounce', mail, bounceAs(mail.to, ...form));

test.each([
  [
    'an automatic answer, which SES calls a bounce',
    (mail: Mail) => bouncedAs(mail, 'Transient', 'General'),
    'General',
  ],
  [
    'a bounce of which nothing is known',
    (mail: Mail) => bouncedAs(mail, 'Undetermined', 'Undetermined'),
    'Undetermined',
  ],
  [
    'a server that tries on',
    (mail: Mail) => bouncedAs(mail, 'Transient', 'General', { action: 'delayed', status: '4.4.1' }),
    'General',
  ],
  [
    'a delay',
    (mail: Mail) => sesMailEvent('DeliveryDelay', mail, { deliveryDelay: { delayType: 'MailboxFull' } }),
    'MailboxFull',
  ],
])('%s changes the code of the delivery alone', async (_, event, code) => {
  const { npn, invitationId, mail } = await anInvitedAgent();
  await tell(event(mail));
  expect(await deliveryOf(mail)).toMatchObject({ status: 'sent', code });
  expect([await endOf(invitationId), await isUndeliverable(npn), await eventsOf(npn)]).toEqual([
    null,
    false,
    [],
  ]);
  await tell(delivered(mail));
  expect(await deliveryOf(mail)).toMatchObject({ status: 'delivered', code: null });
});

describe('a mail that failed at a good address', () => {
  const failures: [string, (mail: Mail) => unknown, string][] = [
    ['MailboxFull', (mail) => bounced(mail, '4.2.2'), 'MailboxFull'],
    ...[
      'MailboxFull',
      'MessageTooLarge',
      'ContentRejected',
      'AttachmentRejected',
      'CustomTimeoutExceeded',
    ].map((subType): [string, (mail: Mail) => unknown, string] => [
      `${subType} without a status`,
      (mail) => bouncedAs(mail, 'Transient', subType),
      subType,
    ]),
    ['a status 5.x', (mail) => bouncedAs(mail, 'Transient', 'General', { status: '5.3.0' }), '5.3.0'],
    [
      'an undetermined 5.x',
      (mail) => bouncedAs(mail, 'Undetermined', 'Undetermined', { status: '5.7.1' }),
      '5.7.1',
    ],
    [
      'a server that gave up',
      (mail) => bouncedAs(mail, 'Transient', 'General', { action: 'failed', status: '4.4.7' }),
      '4.4.7',
    ],
    ['a spelling of another API', (mail) => bouncedAs(mail, 'TRANSIENT', 'MAILBOX_FULL'), 'MAILBOX_FULL'],
    [
      'a rejection by SES',
      (mail) => sesMailEvent('Reject', mail, { reject: { reason: 'Bad content' } }),
      'rejected',
    ],
    [
      'a failure of a template',
      (mail) => sesMailEvent('Rendering Failure', mail, { failure: {} }),
      'rendering-failure',
    ],
  ];

  test.each(failures)('by %s: ops see why, and the agent is invited again later', async (_, event, code) => {
    const { npn, invitationId, mail } = await anInvitedAgent();
    await tell(event(mail));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'refused', code });
    const invitation = await api.db
      .selectFrom('invitations')
      .select(['endedAs', 'endedAt', 'retryAt'])
      .where('id', '=', invitationId)
      .executeTakeFirstOrThrow();
    const { endedAt, retryAt } = invitation;
    expect(invitation.endedAs).toBe('undeliverable');
    expect((retryAt?.getTime() ?? 0) - (endedAt?.getTime() ?? 0)).toBe(4 * 60 * 60_000);
    expect(await isUndeliverable(npn)).toBe(false);
    const data = { invitationId, code, retryAt: retryAt?.toISOString() };
    expect(await eventsOf(npn)).toEqual([{ kind: 'invitation-returned', data }]);
    expect((await wakesOf(npn)).length).toBeGreaterThan(0);
  });

  test('after it had been delivered, too', async () => {
    const { invitationId, mail } = await anInvitedAgent();
    await tell(delivered(mail));
    await tell(bouncedAs(mail, 'Transient', 'ContentRejected', { status: '5.7.1', action: 'failed' }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'refused', code: 'ContentRejected' });
    expect(await endOf(invitationId)).toBe('undeliverable');
    await tell(delivered(mail));
    expect((await deliveryOf(mail)).status).toBe('refused');
  });

  test('is tried again so often as policy says, and then no more', async () => {
    const agent = await anAgent(api.db);
    const retries: boolean[] = [];
    for (let count = 1; count <= 3; count += 1) {
      const invitation = await anInvitation(api.db, agent, count);
      const mail = await mailed({ kind: 'invitation', ...invitation }, agent.email);
      await tell(bounced(mail, '4.2.2'));
      const row = api.db
        .selectFrom('invitations')
        .select('retryAt')
        .where('id', '=', invitation.invitationId);
      retries.push((await row.executeTakeFirstOrThrow()).retryAt !== null);
    }
    expect(retries).toEqual([true, true, false]);
  });
});

describe('our own list of addresses that return mail', () => {
  test.each(['OnAccountSuppressionList', 'Suppressed'])(
    'is named (%s), and its address is not mailed again',
    async (subType) => {
      const { npn, invitationId, mail } = await anInvitedAgent();
      await tell(bouncedAs(mail, 'Permanent', subType, { status: '5.1.1', action: 'failed' }));
      expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: subType });
      expect([await endOf(invitationId), await isUndeliverable(npn)]).toEqual(['undeliverable', true]);
    },
  );

  test('keeps a mail from being sent after a complaint of before: it has not arrived', async () => {
    const { npn, mail } = await anInvitedAgent();
    const event = sesMailEvent('Complaint', mail, {
      complaint: {
        complainedRecipients: [{ emailAddress: mail.to }],
        complaintSubType: 'OnAccountSuppressionList',
      },
    });
    await tell(event);
    expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: 'OnAccountSuppressionList' });
    expect(await isUndeliverable(npn)).toBe(true);
  });
});

describe('a report with something odd about it is never lost:', () => {
  test.each([
    ['null for what may be missing', { diagnosticCode: null, action: null, status: null }],
    ['a number for a text', { diagnosticCode: 550, action: 'failed', status: 5 }],
  ])('%s', async (_, recipient) => {
    const { npn, mail } = await anInvitedAgent();
    const bounce = {
      bounceType: 'Permanent',
      bounceSubType: 'NoEmail',
      bouncedRecipients: [{ emailAddress: mail.to, ...recipient }],
    };
    await tell(sesMailEvent('Bounce', mail, { bounce }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: 'NoEmail' });
    expect(await isUndeliverable(npn)).toBe(true);
  });

  test('no recipients, no type', async () => {
    const { mail } = await anInvitedAgent();
    await tell(sesMailEvent('Bounce', mail, { bounce: { bouncedRecipients: null } }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'sent', code: 'unknown' });
  });

  test('a tag that is none of ours, or a text instead of a list', async () => {
    const { mail } = await anInvitedAgent();
    const event = delivered(mail);
    await tell({ ...event, mail: { ...event.mail, tags: { attempt: mail.attemptId, odd: null } } });
    expect((await deliveryOf(mail)).status).toBe('delivered');
    const { mail: other } = await anInvitedAgent();
    const strange = delivered(other);
    await tell({
      ...strange,
      mail: { ...strange.mail, tags: { attempt: ['not an id'] }, destination: undefined },
    });
    expect((await deliveryOf(other)).status).toBe('delivered');
  });

  test.each(['Delivery', 'DELIVERY', 'delivery'])('its type spelled %s', async (eventType) => {
    const { mail } = await anInvitedAgent();
    await tell({ ...delivered(mail), eventType });
    expect((await deliveryOf(mail)).status).toBe('delivered');
  });

  test('a type that nobody here knows is logged without anybody’s address', async () => {
    const { mail } = await anInvitedAgent();
    await tell({ ...delivered(mail), eventType: 'Quarantine' });
    await tell({ ...delivered(mail), eventType: `for ${mail.to}` });
    await tell({ eventType: 'Bounce' });
    expect(api.logged()).toMatch(/"type":"Quarantine".*Unknown SES event type ignored/);
    expect(api.logged()).not.toContain(mail.to);
    expect((await deliveryOf(mail)).status).toBe('sent');
  });

  test('several recipients are marked, each by what is said of it', async () => {
    const [one, two] = [await anAgent(api.db), await anAgent(api.db)];
    const event = sesMailEvent(
      'Bounce',
      { to: one.email },
      {
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: [{ emailAddress: `"Two" <${two.email}>`, status: '5.1.1' }],
        },
      },
    );
    await tell({ ...event, mail: { ...event.mail, destination: [one.email, two.email] } });
    expect([await isUndeliverable(one.npn), await isUndeliverable(two.npn)]).toEqual([false, true]);
  });
});

test('any other mail that comes back marks the address too, and no invitation ends for it', async () => {
  const agent = await anAgent(api.db);
  const { invitationId, ...onboarding } = await anInvitation(api.db, agent);
  const mail = await mailed({ kind: 'invitation-reminder', invitationId, ...onboarding }, agent.email);
  await tell(bounced({ ...mail, to: agent.email.toUpperCase() }));
  expect(await isUndeliverable(agent.npn)).toBe(true);
  expect(await endOf(invitationId)).toBeNull();
  expect((await eventsOf(agent.npn)).map(({ kind }) => kind)).toEqual(['mail-returned']);
});

test('a consumer’s address that returns mail is marked, and nobody else’s', async () => {
  const to = `${randomUUID()}@example.org`;
  const referralId = await aReferral(api.db, { email: to, phone: null });
  const other = await aReferral(api.db);
  await tell(bounced(await mailed({ kind: 'referral-received', referralId }, to)));
  const marked = await api.db
    .selectFrom('consumerContacts')
    .select('emailUndeliverableAt')
    .where('referralId', 'in', [referralId, other])
    .orderBy('emailUndeliverableAt')
    .execute();
  expect(marked).toEqual([{ emailUndeliverableAt: expect.any(Date) }, { emailUndeliverableAt: null }]);
});

test('mail that is not ours is nobody’s concern', async () => {
  const before = await api.db.selectFrom('outbox').selectAll().execute();
  await tell(bounced({ to: 'stranger@example.org', attemptId: randomUUID(), messageId: randomUUID() }));
  expect(await api.db.selectFrom('outbox').selectAll().execute()).toEqual(before);
});

test('what a mail server wrote about a person is neither kept nor logged', async () => {
  const { mail } = await anInvitedAgent();
  await tell(bounced(mail, `5.1.1 <${mail.to}> is gone`));
  expect((await deliveryOf(mail)).code).toBe('unknown');
  expect(api.logged()).not.toContain(mail.to);
});
