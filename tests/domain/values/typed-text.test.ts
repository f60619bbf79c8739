import { describe, expect, test } from '@jest/globals';
import { isStorable, nameFaultsOf, spacedName } from '../../../domain/values/text-checks.ts';

describe('a name of a real person passes', () => {
  test.each([
    "O'Brien-Smith",
    'Anne-Marie d’Arc',
    'María José Ñuñez',
    'Nguyễn',
    'Nguyễn'.normalize('NFD'),
    'D. J. St. John',
    'J. R. R. Tolkien',
    'Dr. J.P. Morgan',
    'Sammy Davis Jr.',
    'Mr.T',
    'Nguyen Van A.',
    'O',
    'Ỹ',
    'José (Pepe) Peña',
    'Smith, John III',
    'S:t John',
    'ʻAulani',
    '王小明',
    '阿凡提·买买提',
    'マイケル・ジョーダン',
    '山田　太郎',
    'محمد بن سلمان',
    'שרה',
  ])('%s', (name) => {
    expect(nameFaultsOf(name)).toEqual([]);
  });

  test('with the joiners of its script, the variant of its letter, and as many marks as it is written with', () => {
    const names = ['علی\u200cرضا', 'श्री\u200dराम', 'ক্\u200dষ', '葛\u{E0100}城', 'ဃြွှော်', 'ཧཱུྃ'];
    for (const name of names) expect([name, nameFaultsOf(name)]).toEqual([name, []]);
  });
});

describe('no name is', () => {
  test.each([
    'Claim 900 USD at https://prize.example/win',
    'prize.example/win',
    'prize.com',
    'Ana prize.win Reyes',
    'x.com',
    't.co/a',
    'www.prize',
    'WWW2.prize',
    'ana@prize.example',
    'ana＠prize',
    'hxxp://prize',
    'hXXps:prize',
    'mailto:ana',
    'javascript:alert',
    '//prize',
    '\\\\prize\\win',
    'prize．com',
    'prize。com',
    'prize｡com',
    'prize․com',
    'ⓟⓡⓘⓩⓔ.ⓒⓞⓜ',
    'bücher.example',
    'приз.рф',
    'prize.xn--p1ai',
    'i❤.ws',
  ])('an address: %s', (text) => {
    expect(nameFaultsOf(text)).toEqual(['holds-address']);
  });

  test.each(['Call 1-800-555-0199', 'WIN to 55555', '٠١٢٣٤٥', '10.20.30.40', '①②③④⑤⑥'])(
    'a number: %s',
    (text) => {
      expect(nameFaultsOf(text)).toEqual(['holds-number']);
    },
  );

  test.each([
    ['a null', 'A\0na'],
    ['a line break', 'Ana\nBcc: x'],
    ['a next line of C1', 'Ana\u0085x'],
    ['a line separator', 'Ana\u2028x'],
    ['an override of direction', 'Ana\u202exe'],
    ['an isolate', '\u2066Ana\u2069'],
    ['a mark of direction', 'Ana\u200f'],
    ['a zero-width space', 'A\u200bna'],
    ['a byte-order mark', '\ufeffAna'],
    ['a joiner between Latin letters', 'A\u200dna'],
    ['a non-joiner at its end', 'علی\u200c'],
    ['a soft hyphen', 'A\u00adna'],
    ['tags', 'Ana\u{E0041}'],
    ['a filler that looks empty', '\u3164'],
    ['the first half of a character', 'Ana\ud83d'],
    ['the second half of a character', '\ude00Ana'],
  ])('what holds %s', (_, text) => {
    expect(nameFaultsOf(text)).toEqual(['holds-invisible']);
  });

  test.each(['', '   ', '12', '\u2800', '---', `Z${'\u0301'.repeat(20)}`])('%j', (text) => {
    expect(nameFaultsOf(text)).toEqual(['not-a-name']);
  });
});

test('a registry’s name gets the space that is missing behind a dot, and an address does not', () => {
  expect(['ST.JOHN', 'J.P.Morgan', 'Ma.Teresa', 'D.J. St.John', 'Mr.T'].map(spacedName)).toEqual([
    'ST. JOHN',
    'J.P. Morgan',
    'Ma. Teresa',
    'D.J. St. John',
    'Mr.T',
  ]);
  expect(spacedName('prize.com')).toBe('prize.com');
});

test('a surrogate pair can be saved; half of one, or a null character, cannot', () => {
  expect(['😀', '\ud83d', '\ude00', 'a\0'].map(isStorable)).toEqual([true, false, false, false]);
});
