import { expect, test } from '@jest/globals';
import { invitationEnds, invitationRules, invitationStatus } from '../../../domain/onboarding/invitation.ts';

const expiresAt = new Date('2026-11-25T15:00:00Z');
const before = new Date(expiresAt.getTime() - 1);

test('an invitation is live until the millisecond in which it expires, and only at the address it went to', () => {
  expect(invitationStatus({ endedAs: null, expiresAt }, before)).toBe('live');
  expect(invitationStatus({ endedAs: null, expiresAt }, expiresAt)).toBe('expired');
  expect(invitationStatus({ endedAs: null, expiresAt, sentToFormerAddress: true }, before)).toBe('replaced');
  expect(invitationStatus({ endedAs: null, expiresAt, sentToFormerAddress: true }, expiresAt)).toBe(
    'expired',
  );
});

test.each(invitationEnds)(
  'an invitation that ended as %s stays so, whatever clock and address say',
  (endedAs) => {
    for (const now of [before, expiresAt])
      for (const sentToFormerAddress of [false, true])
        expect(invitationStatus({ endedAs, expiresAt, sentToFormerAddress }, now)).toBe(endedAs);
  },
);

test('only a live invitation can be used and is sent, and only it is not renewed for the asking', () => {
  for (const [status, { refusal, isSent, isRenewed }] of Object.entries(invitationRules)) {
    const isLive = status === 'live';
    expect([status, refusal === undefined, isSent, isRenewed]).toEqual([status, isLive, isLive, !isLive]);
  }
});
