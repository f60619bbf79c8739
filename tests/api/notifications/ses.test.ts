import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NoticeKind } from '../../../domain/notifications/notices.ts';
import { findOrCreateDelivery, recordDeliveryResult } from '../../../store/notifications/deliveries.ts';
import { createNotice } from '../../../store/notifications/notices.ts';
import { type ApiHarness, openApiHarness } from '../../harness/api-harness.ts';
import { anAgent, anInvitation, aReferral } from '../../harness/people/notified-people.ts';
import { recordStatements } from '../../harness/statements.ts';
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

/** Adds a notice whose mail was sent to SES; with `recorded: false` the sending is not recorded yet. */
async function mailed(
  notice: { kind: NoticeKind; npn?: string; referralId?: string; invitationId?: string; planYear?: number },
  to: string,
  { recorded = true } = {},
): Promise<Mail> {
  const at = new Date();
  const { noticeId } = await createNotice(api.db, { ...notice, at, dedupeKey: randomUUID() });
  const { id: attemptId } = await findOrCreateDelivery(api.db, { noticeId, channel: 'email', at });
  const messageId = `0100${randomUUID()}-000000`;
  if (recorded) await recordSent({ to, attemptId, messageId });
  return { to, attemptId, messageId };
}

const recordSent = ({ attemptId: deliveryId, messageId: providerMessageId }: Mail) =>
  recordDeliveryResult(api.db, { status: 'sent', providerMessageId, deliveryId, at: new Date() });

async function anInvitedAgent(options?: { recorded: boolean }) {
  const agent = await anAgent(api.db);
  const invitation = await anInvitation(api.db, agent);
  const mail = await mailed({ kind: 'invitation', ...invitation }, agent.email, options);
  return { ...agent, ...invitation, mail };
}

async function report(event: unknown): Promise<Fields> {
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
  test('is delivered, found by the tag of its attempt', async () => {
    const { mail } = await anInvitedAgent();
    await report(delivered(mail));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'delivered', code: null });
  });

  test('costs one write: nothing is locked for it, and no message of SNS is claimed', async () => {
    const { mail } = await anInvitedAgent();
    const statements = await recordStatements(() => report(delivered(mail)));
    const sent = statements.filter((statement) => !statement.includes('with committed as'));
    expect(sent.map((statement) => statement.split(' ')[0])).toEqual(['update']);
  });

  test('is delivered, found by SES’s own id where events have no tags', async () => {
    const { mail } = await anInvitedAgent();
    const { eventType: notificationType, ...event } = delivered({ ...mail, attemptId: '' });
    await report({ notificationType, ...event });
    expect((await deliveryOf(mail)).status).toBe('delivered');
  });

  test('is delivered before the sending is recorded, and stays delivered', async () => {
    const { mail } = await anInvitedAgent({ recorded: false });
    await report(delivered(mail));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'delivered', providerMessageId: mail.messageId });
    expect(await recordSent(mail)).toBe('delivered');
  });

  test('was accepted by SES, so a worker that died meanwhile need not send it again', async () => {
    const { mail } = await anInvitedAgent({ recorded: false });
    await report(sesMailEvent('Send', mail, { send: {} }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'sent', providerMessageId: mail.messageId });
  });
});

describe('an invitation that bounces permanently', () => {
  test('ends as undeliverable; the address is marked, and the onboarding is woken', async () => {
    const { npn, invitationId, mail } = await anInvitedAgent();
    await report(bounced(mail));
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
    const message = await report(bounced(mail));
    const [events, wakes] = [await eventsOf(npn), await wakesOf(npn)];
    for (const address of ['elsewhere@example.org', email]) {
      const values = { email: address, emailUndeliverableAt: null };
      await api.db.updateTable('agents').set(values).where('npn', '=', npn).execute();
    }
    expect((await postSns(api, message)).status).toBe(204);
    expect(await isUndeliverable(npn)).toBe(false);
    expect([await eventsOf(npn), await wakesOf(npn)]).toEqual([events, wakes]);
  });

  test('is handled before the sending is recorded', async () => {
    const { invitationId, mail } = await anInvitedAgent({ recorded: false });
    await report(bounced(mail));
    expect(await endOf(invitationId)).toBe('undeliverable');
    expect(await recordSent(mail)).toBe('bounced');
  });

  test('may have been delivered first; a late delivery report does not undo the bounce', async () => {
    const { mail } = await anInvitedAgent();
    for (const event of [delivered(mail), bounced(mail), delivered(mail)]) await report(event);
    expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: '5.1.1' });
  });

  test('changes neither a newer invitation nor an address that was corrected meanwhile', async () => {
    const { npn, invitationId, mail } = await anInvitedAgent();
    const ended = { endedAs: 'replaced', endedAt: new Date() };
    await api.db.updateTable('invitations').set(ended).where('id', '=', invitationId).execute();
    await api.db.updateTable('agents').set({ email: 'new@example.org' }).where('npn', '=', npn).execute();
    await report(bounced(mail));
    expect(await endOf(invitationId)).toBe('replaced');
    expect(await isUndeliverable(npn)).toBe(false);
    expect(await eventsOf(npn)).toEqual([]);
  });

  test('ends also when SES itself rejects the mail; the address is not marked', async () => {
    const { npn, invitationId, mail } = await anInvitedAgent();
    await report(sesMailEvent('Reject', mail, { reject: { reason: 'Bad content' } }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'refused', code: 'rejected' });
    expect(await endOf(invitationId)).toBe('undeliverable');
    expect(await isUndeliverable(npn)).toBe(false);
  });
});

test('a complaint about an invitation ends it, and the address is not mailed again', async () => {
  const { npn, invitationId, mail } = await anInvitedAgent();
  await report(delivered(mail));
  await report(complained(mail));
  expect(await deliveryOf(mail)).toMatchObject({ status: 'complained', code: 'abuse' });
  expect(await endOf(invitationId)).toBe('undeliverable');
  expect(await isUndeliverable(npn)).toBe(true);
});

test('moving our mail out of the spam folder is not a complaint', async () => {
  const { npn, mail } = await anInvitedAgent();
  await report(complained(mail, 'not-spam'));
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
    'a bounce of undetermined type',
    (mail: Mail) => bouncedAs(mail, 'Undetermined', 'Undetermined'),
    'Undetermined',
  ],
  [
    'a server that keeps trying',
    (mail: Mail) => bouncedAs(mail, 'Transient', 'General', { action: 'delayed', status: '4.4.1' }),
    'General',
  ],
  [
    'a delay',
    (mail: Mail) => sesMailEvent('DeliveryDelay', mail, { deliveryDelay: { delayType: 'MailboxFull' } }),
    'MailboxFull',
  ],
])('%s changes only the code of the delivery', async (_, event, code) => {
  const { npn, invitationId, mail } = await anInvitedAgent();
  await report(event(mail));
  expect(await deliveryOf(mail)).toMatchObject({ status: 'sent', code });
  expect([await endOf(invitationId), await isUndeliverable(npn), await eventsOf(npn)]).toEqual([
    null,
    false,
    [],
  ]);
  await report(delivered(mail));
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

  test.each(failures)(
    'by %s: ops see the reason, and the agent is invited again later',
    async (_, event, code) => {
      const { npn, invitationId, mail } = await anInvitedAgent();
      await report(event(mail));
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
    },
  );

  test('also after it had been delivered', async () => {
    const { invitationId, mail } = await anInvitedAgent();
    await report(delivered(mail));
    await report(bouncedAs(mail, 'Transient', 'ContentRejected', { status: '5.7.1', action: 'failed' }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'refused', code: 'ContentRejected' });
    expect(await endOf(invitationId)).toBe('undeliverable');
    await report(delivered(mail));
    expect((await deliveryOf(mail)).status).toBe('refused');
  });

  test('is tried again as often as the policy says, and then no more', async () => {
    const agent = await anAgent(api.db);
    const retries: boolean[] = [];
    for (let count = 1; count <= 3; count += 1) {
      const invitation = await anInvitation(api.db, agent, count);
      const mail = await mailed({ kind: 'invitation', ...invitation }, agent.email);
      await report(bounced(mail, '4.2.2'));
      const row = api.db
        .selectFrom('invitations')
        .select('retryAt')
        .where('id', '=', invitation.invitationId);
      retries.push((await row.executeTakeFirstOrThrow()).retryAt !== null);
    }
    expect(retries).toEqual([true, true, false]);
  });
});

describe('our SES account’s suppression list', () => {
  test.each(['OnAccountSuppressionList', 'Suppressed'])(
    'is the reason of a bounce (%s), and the address is not mailed again',
    async (subType) => {
      const { npn, invitationId, mail } = await anInvitedAgent();
      await report(bouncedAs(mail, 'Permanent', subType, { status: '5.1.1', action: 'failed' }));
      expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: subType });
      expect([await endOf(invitationId), await isUndeliverable(npn)]).toEqual(['undeliverable', true]);
    },
  );

  test('keeps a mail from being sent after an earlier complaint: it has not arrived', async () => {
    const { npn, mail } = await anInvitedAgent();
    const event = sesMailEvent('Complaint', mail, {
      complaint: {
        complainedRecipients: [{ emailAddress: mail.to }],
        complaintSubType: 'OnAccountSuppressionList',
      },
    });
    await report(event);
    expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: 'OnAccountSuppressionList' });
    expect(await isUndeliverable(npn)).toBe(true);
  });
});

describe('an irregular report is never lost:', () => {
  test.each([
    ['null for optional fields', { diagnosticCode: null, action: null, status: null }],
    ['a number for a text', { diagnosticCode: 550, action: 'failed', status: 5 }],
  ])('%s', async (_, recipient) => {
    const { npn, mail } = await anInvitedAgent();
    const bounce = {
      bounceType: 'Permanent',
      bounceSubType: 'NoEmail',
      bouncedRecipients: [{ emailAddress: mail.to, ...recipient }],
    };
    await report(sesMailEvent('Bounce', mail, { bounce }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'bounced', code: 'NoEmail' });
    expect(await isUndeliverable(npn)).toBe(true);
  });

  test('no recipients, no type', async () => {
    const { mail } = await anInvitedAgent();
    await report(sesMailEvent('Bounce', mail, { bounce: { bouncedRecipients: null } }));
    expect(await deliveryOf(mail)).toMatchObject({ status: 'sent', code: 'unknown' });
  });

  test('a tag that is not ours, or a text instead of a list', async () => {
    const { mail } = await anInvitedAgent();
    const event = delivered(mail);
    await report({ ...event, mail: { ...event.mail, tags: { attempt: mail.attemptId, odd: null } } });
    expect((await deliveryOf(mail)).status).toBe('delivered');
    const { mail: other } = await anInvitedAgent();
    const strange = delivered(other);
    await report({
      ...strange,
      mail: { ...strange.mail, tags: { attempt: ['not an id'] }, destination: undefined },
    });
    expect((await deliveryOf(other)).status).toBe('delivered');
  });

  test.each(['Delivery', 'DELIVERY', 'delivery'])('its type spelled %s', async (eventType) => {
    const { mail } = await anInvitedAgent();
    await report({ ...delivered(mail), eventType });
    expect((await deliveryOf(mail)).status).toBe('delivered');
  });

  test('an unknown type is logged without anybody’s address', async () => {
    const { mail } = await anInvitedAgent();
    await report({ ...delivered(mail), eventType: 'Quarantine' });
    await report({ ...delivered(mail), eventType: `for ${mail.to}` });
    await report({ eventType: 'Bounce' });
    expect(api.logged()).toMatch(/"type":"Quarantine".*Unknown SES event type ignored/);
    expect(api.logged()).not.toContain(mail.to);
    expect((await deliveryOf(mail)).status).toBe('sent');
  });

  test('several recipients are marked, each by its own report', async () => {
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
    await report({ ...event, mail: { ...event.mail, destination: [one.email, two.email] } });
    expect([await isUndeliverable(one.npn), await isUndeliverable(two.npn)]).toEqual([false, true]);
  });
});

test('any other mail that bounces marks the address too, and ends no invitation', async () => {
  const agent = await anAgent(api.db);
  const { invitationId, ...onboarding } = await anInvitation(api.db, agent);
  const mail = await mailed({ kind: 'invitation-reminder', invitationId, ...onboarding }, agent.email);
  await report(bounced({ ...mail, to: agent.email.toUpperCase() }));
  expect(await isUndeliverable(agent.npn)).toBe(true);
  expect(await endOf(invitationId)).toBeNull();
  expect((await eventsOf(agent.npn)).map(({ kind }) => kind)).toEqual(['mail-returned']);
});

test('a consumer’s address that bounces is marked, and nobody else’s', async () => {
  const to = `${randomUUID()}@example.org`;
  const referralId = await aReferral(api.db, { email: to, phone: null });
  const other = await aReferral(api.db);
  await report(bounced(await mailed({ kind: 'referral-received', referralId }, to)));
  const marked = await api.db
    .selectFrom('consumerContacts')
    .select('emailUndeliverableAt')
    .where('referralId', 'in', [referralId, other])
    .orderBy('emailUndeliverableAt')
    .execute();
  expect(marked).toEqual([{ emailUndeliverableAt: expect.any(Date) }, { emailUndeliverableAt: null }]);
});

test('a report about mail that is not ours changes nothing', async () => {
  const before = await api.db.selectFrom('outbox').selectAll().execute();
  await report(bounced({ to: 'stranger@example.org', attemptId: randomUUID(), messageId: randomUUID() }));
  expect(await api.db.selectFrom('outbox').selectAll().execute()).toEqual(before);
});

test('what a mail server wrote about a person is neither stored nor logged', async () => {
  const { mail } = await anInvitedAgent();
  await report(bounced(mail, `5.1.1 <${mail.to}> is gone`));
  expect((await deliveryOf(mail)).code).toBe('unknown');
  expect(api.logged()).not.toContain(mail.to);
});
