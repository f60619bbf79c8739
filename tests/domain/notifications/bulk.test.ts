import { describe, expect, test } from '@jest/globals';
import {
  isBulk,
  type NoticeKind,
  type NoticeRule,
  noticeKinds,
  noticePriority,
  sendWithinMs,
} from '../../../domain/notifications/notices.ts';

const kinds = Object.keys(noticeKinds) as NoticeKind[];
const bulk = kinds.filter((kind) => isBulk({ kind }));
const day = 24 * 60 * 60 * 1_000;

describe('bulk', () => {
  test('is what one feed or one day can cause for every agent; all of it is mail, whose rate limits its queue', () => {
    expect(bulk).toEqual([
      'invitation',
      'invitation-reminder',
      'invitation-late',
      'terms-needed',
      'terms-reminder',
      'active-again',
      'suspended',
      'states-changed',
      'expiring-soon',
      'lapsed',
    ]);
    const rules: NoticeRule[] = bulk.map((kind) => noticeKinds[kind]);
    expect(rules.map(({ to, over }) => [to, over])).toEqual(bulk.map(() => ['agent', ['email']]));
  });

  test('has a week to be sent; the mail of a link, and everything else, has a day', () => {
    const [invitation, reminder, ...others] = bulk.map((kind) => sendWithinMs({ kind }) / day);
    expect([invitation, reminder, new Set(others)]).toEqual([1, 1, new Set([7])]);
    expect(sendWithinMs({ kind: 'offer' })).toBe(day);
  });

  test('is never what its recipient asked for', () => {
    expect(isBulk({ kind: 'invitation', isRequested: true })).toBe(false);
    expect(noticePriority({ kind: 'invitation', isRequested: true }).priorityKey).toBe(1);
  });

  test('about a link that expires comes before bulk that can begin later', () => {
    const keyOf = (kind: NoticeKind) => noticePriority({ kind }).priorityKey;
    expect([keyOf('invitation'), keyOf('invitation-reminder')]).toEqual([4, 4]);
    expect(keyOf('lapsed')).toBe(5);
  });
});
