import { expect, test } from '@jest/globals';
import type { MailboxMessage } from '../../../standalone/fakes/mailbox/message-store.ts';
import { type BounceType, sesEvent } from '../../../standalone/fakes/ses/ses-notifications.ts';

const message = {
  to: 'ada@example.com',
  providerMessageId: 'm1',
  at: '2026-11-23T15:00:00Z',
} as MailboxMessage;

test.each<[string, BounceType | undefined, string, string, string | undefined]>([
  ['5.1.1', undefined, 'Permanent', 'General', '5.1.1'],
  ['4.2.2', undefined, 'Transient', 'MailboxFull', '4.2.2'],
  ['5.3.0', 'Transient', 'Transient', 'General', '5.3.0'],
  ['4.4.7', 'Transient', 'Transient', 'General', '4.4.7'],
  ['5.7.1', 'Undetermined', 'Undetermined', 'Undetermined', '5.7.1'],
  ['Undetermined', undefined, 'Undetermined', 'Undetermined', undefined],
  ['ContentRejected', undefined, 'Transient', 'ContentRejected', '4.2.2'],
  ['General', 'Transient', 'Transient', 'General', undefined],
  ['Suppressed', undefined, 'Permanent', 'Suppressed', '5.1.1'],
  ['ooto', undefined, 'Transient', 'General', undefined],
])('a bounce of %s (%s) is %s/%s with the status %s', (code, given, bounceType, bounceSubType, status) => {
  const { bounce } = sesEvent(message, { is: 'bounced', code, bounceType: given });
  expect(bounce).toMatchObject({ bounceType, bounceSubType });
  const { bouncedRecipients } = bounce as { bouncedRecipients: { status?: string }[] };
  expect(bouncedRecipients.map((one) => one.status)).toEqual([status]);
});
