import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  guessableFaults,
  normalizePassword,
  type PasswordFault,
  passwordFaults,
  passwordLength,
  passwordVariants,
} from '../../../domain/accounts/password.ts';

/** Checks the guide's rule and the usual reading of it, character by character. */
function faultsByTheGuide(password: string): Set<PasswordFault> {
  const faults = new Set<PasswordFault>(['no-upper-case', 'no-lower-case', 'no-digit', 'no-special']);
  let count = 0;
  let alike = 0;
  let previous = '';
  for (const character of password) {
    count += 1;
    alike = character === previous ? alike + 1 : 1;
    previous = character;
    if (alike > 3) faults.add('repeated');
    const isLetter = character.toLowerCase() !== character.toUpperCase();
    if (character.trim() === '') faults.add('space');
    else if ('0123456789'.includes(character)) faults.delete('no-digit');
    else if (!isLetter) faults.delete('no-special');
    else if (character === character.toUpperCase()) faults.delete('no-upper-case');
    else faults.delete('no-lower-case');
  }
  if (count < 8) faults.add('too-short');
  if (count > 128) faults.add('too-long');
  const rows = ['abcdefghijklmnopqrstuvwxyz', 'zyxwvutsrqponmlkjihgfedcba', '0123456789', '9876543210'];
  for (const row of rows) {
    for (let start = 0; start + 4 <= row.length; start += 1) {
      if (password.toLowerCase().includes(row.slice(start, start + 4))) faults.add('sequence');
    }
  }
  return faults;
}

const pieces = fc.constantFrom(
  ...'a b c d Z Y X W Q 0 1 2 3 9 8 7 6 ! - _ € 😀 é Ñ abc DCBA 4321 789 xyz aaa !!! 890'.split(' '),
  ' ',
  '\t',
);

test('a password has exactly the faults that the guide names', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 16 }), (parts) => {
      const password = parts.join('');
      expect(new Set(passwordFaults(password))).toEqual(faultsByTheGuide(password));
    }),
    { numRuns: 3_000 },
  );
});

test('the two readings of the rule agree on any text', () => {
  const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 140 });
  fc.assert(
    fc.property(ascii, (password) => {
      expect(new Set(passwordFaults(password))).toEqual(faultsByTheGuide(password));
    }),
    { numRuns: 1_000 },
  );
});

describe('to the letter', () => {
  test.each<[string, PasswordFault[]]>([
    ['Blue-Kite7', []],
    ['Blue-K7', ['too-short']],
    ['Blue-K7e', []],
    ['blue-kite7', ['no-upper-case']],
    ['BLUE-KITE7', ['no-lower-case']],
    ['Blue-Kites', ['no-digit']],
    ['BlueKite77', ['no-special']],
    ['Blue Kite-7', ['space']],
    ['Blue-Kiteeee7', ['repeated']],
    ['Blue-Kiteee7', []],
    ['Blue-Kite777', []],
    ['Blue-KiteEeE7', []],
    ['abcd-Kite-7', ['sequence']],
    ['aBcD-Kite-7', ['sequence']],
    ['dcba-Kite-7', ['sequence']],
    ['abc-Kite-7', []],
    ['Kite-4321', ['sequence']],
    ['Kite-432', []],
    ['Kite-8901', []],
    ['Kite-yzab7', []],
    ['', ['too-short', 'no-upper-case', 'no-lower-case', 'no-digit', 'no-special']],
  ])('%s', (password, faults) => {
    expect(passwordFaults(password)).toEqual(faults);
  });

  test('128 characters are taken, one more is not, and a character is one whatever it is written with', () => {
    const long = 'Kite-7'.repeat(30);
    expect(passwordFaults(long.slice(0, 128))).toEqual([]);
    expect(passwordFaults(long.slice(0, 129))).toEqual(['too-long']);
    expect(passwordFaults('Ki-7😀😁😂')).toEqual(['too-short']);
  });
});

test('a password is measured in its composed form, whatever keyboard wrote it', () => {
  const typed = 'Ñandú!77';
  for (const form of ['NFC', 'NFD'] as const) {
    expect(passwordFaults(typed.normalize(form))).toEqual([]);
    expect(passwordFaults(typed.normalize(form).slice(form === 'NFC' ? 1 : 2))).toContain('too-short');
    expect(normalizePassword(typed.normalize(form))).toBe(typed.normalize('NFC'));
  }
  expect(passwordVariants('Blue-Kite7')).toEqual(['Blue-Kite7']);
  expect(passwordVariants(typed.normalize('NFD'))).toEqual([typed.normalize('NFC'), typed.normalize('NFD')]);
  // compatibility characters stay as they are: RFC 8265 applies NFC, not NFKC
  expect(normalizePassword('ﬁve…Ｋ')).toBe('ﬁve…Ｋ');
});

describe('what others would guess', () => {
  const common = new Set(['p@ssw0rd!x', 'letmein', 'dragon', 'love', 'abc-defg']);
  const nobody = { common, owner: {} };

  test('is a password on the list of common ones, in any case', () => {
    expect(guessableFaults('P@ssW0rd!x', nobody)).toEqual(['common']);
    expect(guessableFaults('P@ssW0rd!xy', nobody)).toEqual([]);
  });

  test.each(['Dragon77!', '#1Dragon', '!!2027-DRAGON-7!', 'Letmein2027!', '#P@ssw0rd!x-99'])(
    'is a common one that was only framed with digits and special characters: %s',
    (password) => {
      expect(guessableFaults(password, nobody)).toEqual(['common']);
    },
  );

  test.each(['Dragon-Kite-7', 'Snapdragon-77', 'Love-7-7-7', 'Dr@gonfly77'])(
    'is not one with a common word inside, or a short one framed: %s',
    (password) => {
      expect(guessableFaults(password, nobody)).toEqual([]);
    },
  );

  test.each([
    'Dr@gon77',
    'Dr4g0n!!7',
    '$L3tm31n77!',
    'n0garD-77',
    'HelpOnDemand1!',
    'H3lp-0n-D3m@nd!7',
    'Healthcare.gov1',
    'Cms-Broker#27',
    'Marketplace2027!',
    'OpenEnrollment2027!',
    'Agent2026!',
    'Adm1n!23',
    'Passw()rd1',
    'P@sswørd1!',
    'Ｐassword1!',
    'H.O.D.-Agent2027!',
  ])('is a common word or our own in the usual disguise: %s', (password) => {
    expect(guessableFaults(password, nobody)).toEqual(['common']);
  });

  test.each(['Broker!Sunset42', 'Help!Kite-77', 'Agentur!7-Blau', 'Montaña!7-Lluvia'])(
    'is not a phrase that holds one of our words: %s',
    (password) => {
      expect(guessableFaults(password, nobody)).toEqual([]);
    },
  );

  test('is not looked for where a password is too long, which would take time', () => {
    const long = `Dragon-${'1'.repeat(passwordLength.max - 'Dragon-'.length)}`;
    expect(guessableFaults(long, nobody)).toEqual(['common']);
    expect([guessableFaults(`${long}1`, nobody), passwordFaults(`${long}1`).includes('too-long')]).toEqual([
      [],
      true,
    ]);
  });

  const owner = {
    firstName: 'Ada',
    lastName: 'Núñez-Alder',
    email: 'a.lovelace@example.com',
    npn: '17593264',
    username: 'adaa_1',
  };

  test.each([
    'My-ALDER-77',
    'Nunez!2027x',
    'nÚñEz!2027x',
    'Q!example9',
    'Q!17593264x',
    'Q!0017593264',
    'Love-Lovelace-7',
    'AdaNunez-Alder7',
    'X7!a.lovelace@example.com',
    'Is-adaa_1-7',
    'Blue-Ada-77',
    '7ada7-Kites!',
    'X-L0v3l@ce-77',
    'My-4ld3r-77',
  ])('is one with something of its owner: %s', (password) => {
    expect(guessableFaults(password, { common: new Set(), owner })).toEqual(['personal']);
  });

  test.each([
    ['Canada-Sky-7', { firstName: 'Ada', email: 'a.b@c.de' }],
    ['Blue-Kite-7', { firstName: '', lastName: ' ', npn: '7', email: 'b@k.io', username: null }],
    ['Kite-1759-32', { npn: '17593264' }],
    ['X-Kite-77', { firstName: 'X' }],
  ])('is not one that only looks like it: %s', (password, its) => {
    expect(guessableFaults(password, { common: new Set(), owner: its })).toEqual([]);
  });

  test.each([
    ['k3V-tran-Q9xLmZ', ['personal']],
    ['k3V-tran-Q9xLmZw', []],
    ['TranTranTran-tr4n-Q9xLm', ['personal']],
    ['k3V-le-Q9xLmZ', ['personal']],
    ['k3V-le-Q9xLmZw', []],
    ['linh.tran@example.com-Q9', ['personal']],
  ])('is not one with twelve other characters, which may hold a name by chance: %s', (password, faults) => {
    const its = { firstName: 'Le', lastName: 'Tran', email: 'linh.tran@example.com' };
    expect(guessableFaults(password, { common: new Set(), owner: its })).toEqual(faults);
  });

  /** Implements the same rule in another way: compares every substring of the password with every name. */
  const holdsName = (password: string, name: string): boolean => {
    const isLetter = (at: number) => /[a-z]/i.test(password[at] ?? ' ');
    for (let from = 0; from + name.length <= password.length; from += 1) {
      const to = from + name.length;
      if (password.slice(from, to).toUpperCase() !== name.toUpperCase()) continue;
      if (name.length > 3 || (name.length > 1 && !isLetter(from - 1) && !isLetter(to))) return true;
    }
    return false;
  };

  test('says the same of any name and any password', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'n', 'N'), maxLength: 6 });
    // together fewer than twelve characters
    const part = fc.string({ unit: fc.constantFrom('a', 'n', 'N', '7', '!', '-'), maxLength: 5 });
    fc.assert(
      fc.property(letters, part, part, fc.boolean(), (lastName, before, behind, isInside) => {
        const password = `${before}${isInside ? lastName : ''}${behind}`;
        const faults = guessableFaults(password, { common: new Set(), owner: { lastName } });
        expect(faults.includes('personal')).toBe(holdsName(password, lastName));
      }),
      { numRuns: 3_000 },
    );
  });
});
