import { describe, expect, test } from '@jest/globals';
import { type ReadinessFacts, readinessAt } from '../../../domain/agents/readiness.ts';
import type { ContactFacts } from '../../../domain/notifications/contact.ts';

const now = new Date('2026-11-23T15:00:00Z');
const contact: ContactFacts = {
  contactPreference: 'email-text-app',
  mailArrives: true,
  hasPhone: true,
  lineReceivesTexts: true,
  phoneTrusted: true,
  textsAllowed: true,
  hasPushSubscription: true,
};
const ready: ReadinessFacts = {
  contact,
  hadPushSubscription: false,
  setting: { timeZone: 'America/Chicago', hours: {}, override: null, absences: [] },
  isResting: false,
  isHeld: false,
  serves: true,
  servesUntil: new Date('2027-10-31T05:00:00Z'),
  lately: {},
};
const withContact = (change: Partial<ContactFacts>, more: Partial<ReadinessFacts> = {}) =>
  readinessAt(now, { ...ready, ...more, contact: { ...contact, ...change } });

test('an agent whose channels work and who is available is ready', () => {
  expect(readinessAt(now, ready)).toEqual({
    isReady: true,
    channels: ['email', 'text', 'push'].map((channel) => ({
      channel,
      isChosen: true,
      works: true,
      because: null,
      lately: { arrivedAt: null, failures: 0, failedAt: null },
    })),
    obstacles: [],
  });
});

describe('a channel that does not work says why', () => {
  test.each<[string, string, Partial<ContactFacts>, Partial<ReadinessFacts>]>([
    ['email', 'mail-returned', { mailArrives: false }, {}],
    ['text', 'no-phone', { hasPhone: false }, {}],
    ['text', 'no-texts-on-line', { lineReceivesTexts: false, phoneTrusted: false }, {}],
    ['text', 'texts-stopped', { textsAllowed: false }, {}],
    ['text', 'phone-unconfirmed', { phoneTrusted: false }, {}],
    ['push', 'app-gone', { hasPushSubscription: false }, { hadPushSubscription: true }],
    ['push', 'app-not-installed', { hasPushSubscription: false }, {}],
  ])('%s: %s', (name, because, change, more) => {
    const { isReady, channels } = withContact(change, more);
    expect(channels.find(({ channel }) => channel === name)).toMatchObject({ works: false, because });
    // the others still reach the agent
    expect(isReady).toBe(true);
  });

  test('and without any that was chosen the agent is not ready', () => {
    const { isReady, channels } = withContact({ contactPreference: 'email', mailArrives: false });
    expect(isReady).toBe(false);
    expect(channels.map(({ isChosen }) => isChosen)).toEqual([true, false, false]);
  });
});

describe('an agent is not ready', () => {
  const { setting } = ready;
  const wednesday = { wednesday: [{ from: '09:00', until: '17:00' }] };
  test.each<[string, Partial<ReadinessFacts>, string[]]>([
    ['whom ops put on hold', { isHeld: true, serves: false }, ['on-hold']],
    ['who serves no state that they want', { serves: false }, ['not-serving']],
    ['who rests', { isResting: true }, ['resting']],
    [
      'who is away',
      { setting: { ...setting, absences: [{ from: '2026-11-20', until: '2026-11-27' }] } },
      ['away'],
    ],
    [
      'who has switched referrals off for an hour',
      { setting: { ...setting, override: { is: 'off', untilAt: new Date('2026-11-23T16:00:00Z') } } },
      ['switched-off'],
    ],
    [
      'who has switched them off for good',
      { setting: { ...setting, override: { is: 'off', untilAt: null } } },
      ['no-hours-left', 'switched-off'],
    ],
    [
      'whose next hours come after the registration',
      { setting: { ...setting, hours: wednesday }, servesUntil: new Date('2026-11-24T06:00:00Z') },
      ['no-hours-left'],
    ],
  ])('%s', (_, change, obstacles) => {
    expect(readinessAt(now, { ...ready, ...change })).toMatchObject({ isReady: false, obstacles });
  });

  test('but is, outside their weekly hours', () => {
    expect(readinessAt(now, { ...ready, setting: { ...setting, hours: wednesday } }).isReady).toBe(true);
  });
});
