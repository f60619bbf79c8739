import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { contactPreferences, preferredChannels } from '../../../domain/notifications/contact.ts';
import { noticeKinds } from '../../../domain/notifications/notices.ts';
import { isServed, marketplaceOf } from '../../../domain/onboarding/marketplaces.ts';
import { languageCode, languageCodes, languageName, languages } from '../../../domain/values/languages.ts';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import { marketplace } from '../onboarding/facts.ts';

describe('an NPN', () => {
  test.each([
    ['1234567', '1234567'],
    ['0001234567', '1234567'],
    [' 1002 ', '1002'],
    ['9999999999', '9999999999'],
    ['7', '7'],
  ])('%s is kept as %s', (text, npn) => {
    expect(normalizeNpn(text)).toBe(npn);
  });

  test.each(['', '0', '000', '12345678901', '12a', '-1', '1.0', '1 2', '１２'])('%j is none', (text) => {
    expect(normalizeNpn(text)).toBeUndefined();
  });

  test('is the same however many zeros lead it, and once more', () => {
    const numbers = fc.integer({ min: 1, max: 99_999_999 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 2 }), (number, zeros) => {
        const npn = normalizeNpn('0'.repeat(zeros) + number);
        expect(npn).toBe(`${number}`);
        expect(normalizeNpn(npn ?? '')).toBe(npn);
      }),
    );
  });
});

describe('a contact preference', () => {
  test.each([
    ['email-text-app', ['email', 'text', 'push']],
    ['email-text', ['email', 'text']],
    ['email-app', ['email', 'push']],
    ['email', ['email']],
  ] as const)('%s means %j', (preference, channels) => {
    expect(preferredChannels(preference)).toEqual(channels);
  });

  test('is one of the four of the guide, and email is in every one', () => {
    expect(contactPreferences).toHaveLength(4);
    for (const preference of contactPreferences) expect(preferredChannels(preference)).toContain('email');
  });
});

test('a running referral goes over the channels an agent prefers, a code to the phone it confirms, the rest by mail', () => {
  const toAgents = Object.entries(noticeKinds).filter(([, { to }]) => to === 'agent');
  const preferred = toAgents.filter(([, { over }]) => over === 'preferred').map(([kind]) => kind);
  expect(preferred.toSorted()).toEqual([
    'contact-reminder',
    'offer',
    'offer-nudge',
    'offer-over',
    'offer-taken',
    'test-offer',
  ]);
  const overSeveral = ['channel-failed', 'phone-changed'];
  const others = toAgents.filter(([kind, { over }]) => over !== 'preferred' && !overSeveral.includes(kind));
  for (const [kind, { over }] of others) expect(over).toEqual([kind === 'phone-code' ? 'text' : 'email']);
});

describe('the marketplace of a state', () => {
  const rows = [
    marketplace({ state: 'OK', planYear: 2026, effectiveOn: '2026-05-01', kind: 'SBM-FP' }),
    marketplace({ state: 'OK', planYear: 2026, effectiveOn: '2025-01-01', kind: 'FFM' }),
    marketplace({ state: 'OK', planYear: 2027, effectiveOn: '2026-01-01', kind: 'SBM' }),
  ];
  const kindOn = (on: string, planYear = 2026, state = 'OK') =>
    marketplaceOf(rows, { state, planYear, on })?.kind;

  test('is the latest that is in effect on the day', () => {
    expect(kindOn('2026-04-30')).toBe('FFM');
    expect(kindOn('2026-05-01')).toBe('SBM-FP');
    expect(kindOn('2026-12-31')).toBe('SBM-FP');
  });

  test('is that of the plan year, and unknown where nothing is known', () => {
    expect(kindOn('2026-06-01', 2027)).toBe('SBM');
    expect(kindOn('2024-12-31')).toBeUndefined();
    expect(kindOn('2026-06-01', 2026, 'ZZ')).toBeUndefined();
  });

  test.each([
    ['FFM', true],
    ['SBM-FP', true],
    ['SBM', false],
  ] as const)('of kind %s is served here: %s', (kind, served) => {
    expect(isServed(marketplace({ kind }))).toBe(served);
    expect(isServed(undefined)).toBe(false);
  });
});

describe('a language', () => {
  test('is known by its English name in any case, with spaces around it', () => {
    expect(languageCode('Spanish')).toBe('es');
    expect(languageCode(' american SIGN language ')).toBe('ase');
    expect(languageCode('Klingon')).toBeUndefined();
    expect(languageCode('es')).toBeUndefined();
  });

  test('goes from name to code and back', () => {
    for (const name of Object.keys(languages)) expect(languageName(languageCode(name) ?? '')).toBe(name);
    expect(languageName('tlh')).toBe('tlh');
  });

  test('has a code of its own that is a proper BCP-47 tag', () => {
    expect(new Set(languageCodes).size).toBe(Object.keys(languages).length);
    for (const code of languageCodes) expect(new Intl.Locale(code).language).toMatch(/^[a-z]{2,3}$/);
  });
});
