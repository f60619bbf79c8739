import { describe, expect, test } from '@jest/globals';
import {
  type ContactFacts,
  canBeTexted,
  offerChannels,
  openChannels,
} from '../../../domain/notifications/contact.ts';

const reachable: ContactFacts = {
  contactPreference: 'email-text-app',
  mailArrives: true,
  hasPhone: true,
  lineReceivesTexts: true,
  phoneTrusted: true,
  textsAllowed: true,
  hasPushSubscription: true,
};

describe('texts reach an agent', () => {
  test('at a phone of theirs whose line receives texts', () => {
    expect(offerChannels(reachable)).toEqual(['email', 'text', 'push']);
  });

  test.each<[string, Partial<ContactFacts>]>([
    ['without a phone', { hasPhone: false }],
    ['at a line that receives none', { lineReceivesTexts: false }],
    ['who has asked for no more', { textsAllowed: false }],
    ['before the phone is confirmed', { phoneTrusted: false }],
    ['who did not choose them', { contactPreference: 'email-app' }],
  ])('never: %s', (_, change) => {
    expect(offerChannels({ ...reachable, ...change })).toEqual(['email', 'push']);
  });

  test('with a code first: that one goes to a phone which is not confirmed', () => {
    const unconfirmed = { ...reachable, phoneTrusted: false };
    expect(canBeTexted(unconfirmed)).toBe(true);
    expect(openChannels(unconfirmed)).not.toContain('text');
    expect(canBeTexted({ ...unconfirmed, lineReceivesTexts: false })).toBe(false);
  });
});

test('an agent with no working channel has none', () => {
  const facts = { ...reachable, contactPreference: 'email', mailArrives: false } as const;
  expect(offerChannels(facts)).toEqual([]);
  expect(openChannels(facts)).toEqual(['text', 'push']);
});
