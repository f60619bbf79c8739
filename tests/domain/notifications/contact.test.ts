import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type ContactFacts,
  canBeTexted,
  channels,
  contactPreferences,
  isTextless,
  lineTypes,
  offerChannels,
  openChannels,
  preferredChannels,
} from '../../../domain/notifications/contact.ts';

const reachable: ContactFacts = {
  contactPreference: 'email-text-app',
  emailUndeliverable: false,
  phone: '+18015550123',
  phoneLineType: 'mobile',
  phoneConfirmed: true,
  textsStopped: false,
  hasPushSubscription: true,
  requireConfirmedPhone: true,
};

describe('texts reach an agent', () => {
  test.each<[string, Partial<ContactFacts>]>([
    ['at a confirmed cell phone', {}],
    ['at a phone whose line could not be looked up yet', { phoneLineType: null }],
    ['at a phone of unknown line type', { phoneLineType: 'unknown' }],
    [
      'before it is confirmed, where policy asks for no code',
      { phoneConfirmed: false, requireConfirmedPhone: false },
    ],
  ])('%s', (_, change) => {
    expect(offerChannels({ ...reachable, ...change })).toEqual(['email', 'text', 'push']);
  });

  test.each<[string, Partial<ContactFacts>]>([
    ['without a phone', { phone: null }],
    ['at a landline', { phoneLineType: 'landline' }],
    ['at a line of another kind without texts', { phoneLineType: 'no-texts' }],
    ['at an invalid number', { phoneLineType: 'no-number' }],
    ['who has asked for no more', { textsStopped: true }],
    ['before the phone is confirmed', { phoneConfirmed: false }],
    ['who did not choose them', { contactPreference: 'email-app' }],
  ])('never: %s', (_, change) => {
    expect(offerChannels({ ...reachable, ...change })).toEqual(['email', 'push']);
  });

  test('with a code first: that one goes to a phone which is not confirmed', () => {
    const unconfirmed = { ...reachable, phoneConfirmed: false };
    expect(canBeTexted(unconfirmed)).toBe(true);
    expect(openChannels(unconfirmed)).not.toContain('text');
    expect(canBeTexted({ ...unconfirmed, phoneLineType: 'landline' })).toBe(false);
  });
});

test('an agent with no working channel has none', () => {
  const facts = { ...reachable, contactPreference: 'email', emailUndeliverable: true } as const;
  expect(offerChannels(facts)).toEqual([]);
  expect(openChannels(facts)).toEqual(['text', 'push']);
});

test('whatever the facts, offers go over channels that the agent wants and that can reach them', () => {
  const facts = fc.record<ContactFacts>({
    contactPreference: fc.constantFrom(null, ...contactPreferences),
    emailUndeliverable: fc.boolean(),
    phone: fc.constantFrom(null, '+18015550123'),
    phoneLineType: fc.constantFrom(null, ...lineTypes),
    phoneConfirmed: fc.boolean(),
    textsStopped: fc.boolean(),
    hasPushSubscription: fc.boolean(),
    requireConfirmedPhone: fc.boolean(),
  });
  fc.assert(
    fc.property(facts, (given) => {
      const wanted = given.contactPreference ? preferredChannels(given.contactPreference) : ['email'];
      const isTrusted = given.phoneConfirmed || !given.requireConfirmedPhone;
      const arrives = {
        email: !given.emailUndeliverable,
        text: given.phone !== null && !isTextless(given.phoneLineType) && !given.textsStopped && isTrusted,
        push: given.hasPushSubscription,
        voice: false,
      };
      const expected = channels.filter((channel) => wanted.includes(channel) && arrives[channel]);
      expect(offerChannels(given)).toEqual(expected);
    }),
  );
});
