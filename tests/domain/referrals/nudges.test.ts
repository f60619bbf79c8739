import { describe, expect, test } from '@jest/globals';
import type { AgentChannel } from '../../../domain/notifications/contact.ts';
import type { DeliveryStatus } from '../../../domain/notifications/notices.ts';
import { nudgeChannel, nudgeTimes, type OfferMessage } from '../../../domain/referrals/nudges.ts';

const offeredAt = new Date('2026-11-23T15:00:00Z');
const secondsAfter = (at: Date) => (at.getTime() - offeredAt.getTime()) / 1_000;
const nudgedAt = (windowSeconds: number, shares: readonly number[]) =>
  nudgeTimes({ offeredAt, expiresAt: new Date(offeredAt.getTime() + windowSeconds * 1_000) }, shares).map(
    secondsAfter,
  );

describe('an agent is told again', () => {
  test.each<[string, number, number[], number[]]>([
    ['at a third and at two thirds of 15 minutes', 900, [1 / 3, 2 / 3], [300, 600]],
    ['never where it is off', 900, [], []],
    ['never after an offer is not sent any more', 900, [0.5, 0.9, 0.95], [450, 810]],
    ['never within a minute of another message', 900, [0.01, 0.5, 0.51], [450]],
    ['once in two minutes, with a minute left', 120, [1 / 3, 1 / 2, 2 / 3], [60]],
    ['never in a window of seconds', 8, [1 / 3, 2 / 3], []],
  ])('%s', (_, window, shares, expected) => {
    expect(nudgedAt(window, shares)).toEqual(expected);
  });
});

const first = (channel: AgentChannel, status: DeliveryStatus = 'delivered'): OfferMessage => ({
  isNudge: false,
  channel,
  status,
});
const nudge = (channel: AgentChannel, status: DeliveryStatus = 'delivered'): OfferMessage => ({
  ...first(channel, status),
  isNudge: true,
});
const everywhere = [first('email'), first('text'), first('push', 'sent')];

describe('a nudge goes over one channel:', () => {
  test.each<[string, AgentChannel[], OfferMessage[], AgentChannel | undefined]>([
    ['by text first', ['email', 'text', 'push'], everywhere, 'text'],
    ['then to the app', ['email', 'text', 'push'], [...everywhere, nudge('text')], 'push'],
    ['by mail last', ['email', 'text', 'push'], [...everywhere, nudge('text'), nudge('push')], 'email'],
    ['by mail twice to who has only mail', ['email'], [first('email'), nudge('email')], 'email'],
    ['not where the first message did not arrive', ['email', 'text'], [first('text', 'refused')], 'email'],
    ['not beside one that is still being sent', ['email', 'text'], [first('text', 'pending')], 'email'],
    ['not where the nudge before did not arrive', ['email', 'text'], [nudge('text', 'refused')], 'email'],
    ['not where mail was complained about', ['email'], [first('email', 'complained')], undefined],
    ['to the app that was installed meanwhile', ['email', 'push'], [first('email')], 'push'],
    ['not over a channel that was closed meanwhile', ['email'], everywhere, 'email'],
    ['over none where none works', [], everywhere, undefined],
  ])('%s', (_, open, sent, expected) => {
    expect(nudgeChannel(open, sent)).toBe(expected);
  });
});
