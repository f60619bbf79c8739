import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NoticeKind } from '../../domain/notices.ts';
import { keepDelivery, recordDelivery } from '../../store/deliveries.ts';
import { createNotice } from '../../store/notices.ts';
import { anAgent, anInvitation, aReferral } from '../activities/told-people.ts';
import { type Doors, openDoors } from '../api/doors.ts';
import {
  bounceOf,
  complaintOf,
  type Fields,
  newCertificate,
  notification,
  postSns,
  publicUrl,
  sesEvent,
  signed,
  startSns,
  topicArn,
  twilioAuthToken,
} from './providers.ts';

let sns: Awaited<ReturnType<typeof startSns>>;
let doors: Doors;
let own: { key: string; certUrl: string };

beforeAll(async () => {
  sns = await startSns();
  const webhooks = { topicArn, snsOrigin: sns.origin, maxAgeMs: 60 * 60_000, twilioAuthToken };
  doors = await openDoors({ publicUrl, webhooks });
  const { key, cert } = await newCertificate();
  own = { key, certUrl: sns.serve(cert) };
});
afterAll(async () => {
  await doors.close();
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
  const { noticeId } = await createNotice(doors.db, { ...notice, at, dedupeKey: randomUUID() });
  const { id: attemptId } = await keepDelivery(doors.db, { noticeId, channel: 'email', at });
  const messageId = `0100${randomUUID()}-000000`;
  if (noted) await note({ to, attemptId, messageId });
  return { to, attemptId, messageId };
}

const note = ({ attemptId: deliveryId, messageId: providerMessageId }: Mail) =>
  recordDelivery(doors.db, { status: 'sent', providerMessageId, deliveryId, at: new Date() });

async function anInvitedAgent(options?: { noted: boolean }) {
  const agent = await anAgent(doors.db);
  const invitation = await anInvitation(doors.db, agent);
  const mail = await mailed({ kind: 'invitation', ...invitation }, agent.email, options);
  return { ...agent, ...invitation, mail };
}

async function tell(event: unknown): Promise<Fields> {
  const message = signed(notification(event), own);
  expect((await postSns(doors, message)).status).toBe(204);
  return message;
}

const delivered = (mail: Mail) => sesEvent('Delivery', mail, { delivery: { recipients: [mail.to] } });
const bounced = (mail: Mail, code?: string) => sesEvent('Bounce', mail, bounceOf(mail.to, code));
const complained = (mail: Mail, type?: string | null) =>
  sesEvent('Complaint', mail, complaintOf(mail.to, type));

const deliveryOf = ({ attemptId }: Mail) =>
  doors.db
    .selectFrom('deliveries')
    .select(['status', 'code', 'providerMessageId'])
    .where('id', '=', attemptId)
    .executeTakeFirstOrThrow();
const isUndeliverable = async (npn: string) =>
  (
    await doors.db
      .selectFrom('agents')
      .select('emailUndeliverableAt')
      .where('npn', '=', npn)
      .executeTakeFirst()
  )?.emailUndeliverableAt !== null;
const endOf = async (id: string) =>
  (await doors.db.selectFrom('invitations').select('endedAs').where('id', '=', id).executeTakeFirst())
    ?.endedAs;
const eventsOf = async (npn: string) =>
  doors.db
    .selectFrom('events')
    .select(['kind', 'data'])
    .where('subjectId', '=', `${npn}-2027`)
    .orderBy('sequence')
    .execute();
const wakesOf = async (npn: string) => {
  const rows = await doors.db.selectFrom('outbox').select(['deed', 'subject']).execute();
  return rows.filter(
    ({ deed, subject }) => deed === 'wake-onboarding' && (subject as { npn: string }).npn === npn,
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
    await tell(sesEvent('Send', mail, { send: {} }));
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
      { kind: 'invitation-returned', data: { invitationId, code: '5.1.1' } },
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
      await doors.db.updateTable('agents').set(values).where('npn', '=', npn).execute();
    }
    expect((await postSns(doors, message)).status).toBe(204);
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
    await doors.db.updateTable('invitations').set(ended).where('id', '=', invitationId).execute();
    await doors.db.updateTable('agents').set({ email: 'new@example.org' }).where('npn', '=', npn).execute();
    await tell(bounced(mail));
    expect(await endOf(invitationId)).toBe('replaced');
    expect(await isUndeliverable(npn)).toBe(false);
    expect(await eventsOf(npn)).toEqual([]);
  });

  test('ends too when SES itself rejects the mail; the address is not to blame', async () => {
    const { npn, invitationId, mail } = await anInvitedAgent();
    await tell(sesEvent('Reject', mail, { reject: { reason: 'Bad content' } }));
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

test.each([
  ['a bounce that is not for good', (mail: Mail) => bounced(mail, '4.2.2'), 'MailboxFull'],
  [
    'a delay',
    (mail: Mail) => sesEvent('DeliveryDelay', mail, { deliveryDelay: { delayType: 'MailboxFull' } }),
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
});

test('any other mail that comes back marks the address too, and no invitation ends for it', async () => {
  const agent = await anAgent(doors.db);
  const { invitationId, ...onboarding } = await anInvitation(doors.db, agent);
  const mail = await mailed({ kind: 'invitation-reminder', invitationId, ...onboarding }, agent.email);
  await tell(bounced({ ...mail, to: agent.email.toUpperCase() }));
  expect(await isUndeliverable(agent.npn)).toBe(true);
  expect(await endOf(invitationId)).toBeNull();
  expect((await eventsOf(agent.npn)).map(({ kind }) => kind)).toEqual(['mail-returned']);
});

test('a consumer’s address that returns mail is marked, and nobody else’s', async () => {
  const to = `${randomUUID()}@example.org`;
  const referralId = await aReferral(doors.db, { email: to, phone: null });
  const other = await aReferral(doors.db);
  await tell(bounced(await mailed({ kind: 'referral-received', referralId }, to)));
  const marked = await doors.db
    .selectFrom('consumerContacts')
    .select('emailUndeliverableAt')
    .where('referralId', 'in', [referralId, other])
    .orderBy('emailUndeliverableAt')
    .execute();
  expect(marked).toEqual([{ emailUndeliverableAt: expect.any(Date) }, { emailUndeliverableAt: null }]);
});

test('mail that is not ours is nobody’s concern', async () => {
  const before = await doors.db.selectFrom('outbox').selectAll().execute();
  await tell(bounced({ to: 'stranger@example.org', attemptId: randomUUID(), messageId: randomUUID() }));
  expect(await doors.db.selectFrom('outbox').selectAll().execute()).toEqual(before);
});

test('what a mail server wrote about a person is neither kept nor logged', async () => {
  const { mail } = await anInvitedAgent();
  await tell(bounced(mail, `5.1.1 <${mail.to}> is gone`));
  expect((await deliveryOf(mail)).code).toBe('unknown');
  expect(doors.logged()).not.toContain(mail.to);
});
