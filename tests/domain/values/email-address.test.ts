import { domainToASCII } from 'node:url';
import { expect, test } from '@jest/globals';
import { asciiAddress, type EmailFault, readEmailAddress } from '../../../domain/values/email-address.ts';

test.each([
  ['hana@bücher.example', 'hana@bücher.example'],
  ['hana@BÜCHER.example', 'hana@bücher.example'],
  // decomposed, as some keyboards and file names write it
  ['hana@bu\u0308cher.example', 'hana@bücher.example'],
  ['hana@xn--bcher-kva.example', 'hana@xn--bcher-kva.example'],
  ['ana@почта.рф', 'ana@почта.рф'],
  ['ana@xn--80a1acny.xn--p1ai', 'ana@xn--80a1acny.xn--p1ai'],
  ['ana@例え.みんな', 'ana@例え.みんな'],
  // a top-level domain of any length and of any year
  ['ana@clinic.healthcare', 'ana@clinic.healthcare'],
  ['ana@example.technology', 'ana@example.technology'],
  ['ana@mail.test0.example.com', 'ana@mail.test0.example.com'],
  ['Ana.Reyes@Example.COM', 'Ana.Reyes@Example.COM'],
  ["o'neil@example.com", "o'neil@example.com"],
  ['ana+help@example.com', 'ana+help@example.com'],
  ['a&b=c/d!{}|~^`?*%$#@example.com', 'a&b=c/d!{}|~^`?*%$#@example.com'],
  ['-ana-@example.com', '-ana-@example.com'],
  ['a@b.co', 'a@b.co'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  [' ana@example.com ', 'ana@example.com'],
  ['ana@example.com\n', 'ana@example.com'],
  ['\u200bana@example.com\ufeff', 'ana@example.com'],
  ['\u2068ana@exam\u00adple.com\u2069', 'ana@example.com'],
  ['ana＠example．com', 'ana@example.com'],
  ['ana@example.com.', 'ana@example.com'],
  ['ana@example.com,', 'ana@example.com'],
  ['<ana@example.com>', 'ana@example.com'],
  ['mailto:ana@example.com', 'ana@example.com'],
  ['mailto:ana%2Bhelp@example.com?subject=Help', 'ana+help@example.com'],
])('%j is the address %j', (typed, address) => {
  expect(readEmailAddress(typed)).toEqual({ address });
  // reading the result again gives the same
  expect(readEmailAddress(address)).toEqual({ address });
});

test.each<[string, EmailFault]>([
  ['hána@example.com', 'email-not-ascii'],
  ['ха@example.com', 'email-not-ascii'],
  // a Cyrillic а among Latin letters
  ['аna@example.com', 'email-not-ascii'],
  ['ana😀@example.com', 'email-not-ascii'],
  ['Ana Reyes <ana@example.com>', 'email-alone'],
  ['"Reyes, Ana" <ana@example.com>', 'email-alone'],
  ['ana@example.com, luis@example.com', 'email-alone'],
  ['ana@example.com luis@example.com', 'email-alone'],
  ['ana@example.com;luis@example.com', 'email-alone'],
  ['', 'not-an-email'],
  ['ana', 'not-an-email'],
  ['ana@', 'not-an-email'],
  ['@example.com', 'not-an-email'],
  ['ana@example', 'not-an-email'],
  ['ana@localhost', 'not-an-email'],
  ['ana@@example.com', 'not-an-email'],
  ['ana..reyes@example.com', 'not-an-email'],
  ['.ana@example.com', 'not-an-email'],
  ['ana.@example.com', 'not-an-email'],
  ['ana reyes@example.com', 'not-an-email'],
  // SES refuses it: "Local address contains control or whitespace"
  ['"ana reyes"@example.com', 'not-an-email'],
  ['"ana"@example.com', 'not-an-email'],
  ['ana@example..com', 'not-an-email'],
  ['ana@-example.com', 'not-an-email'],
  ['ana@exa_mple.com', 'not-an-email'],
  ['ana@example.com:25', 'not-an-email'],
  ['ana@example.com/path', 'not-an-email'],
  ['ana@127.0.0.1', 'not-an-email'],
  ['ana@0x7f.1', 'not-an-email'],
  ['ana@[127.0.0.1]', 'not-an-email'],
  ['ana@xn--a.example', 'not-an-email'],
  ['ana@example.com\u0000', 'not-an-email'],
  ['ana\r\nBcc: x@example.com', 'not-an-email'],
  [`${'a'.repeat(65)}@example.com`, 'not-an-email'],
  [`ana@${'a'.repeat(64)}.com`, 'not-an-email'],
  [`ana@${`${'a'.repeat(60)}.`.repeat(4)}example.com`, 'not-an-email'],
  // mail servers count 254 characters in Punycode
  [`${'a'.repeat(60)}@${`${'ü'.repeat(40)}.`.repeat(4)}example`, 'not-an-email'],
])('%j is refused as %s', (typed, fault) => {
  expect(readEmailAddress(typed)).toEqual({ fault });
});

test.each([
  'hana@bücher.example',
  'hana@BÜCHER.example',
  'hana@bu\u0308cher.example',
  'ana@почта.рф',
  'a@straße.example',
])('mail servers know %j in Punycode, as Node makes it', (address) => {
  const [local, domain = ''] = address.split('@');
  expect(asciiAddress(address)).toBe(`${local}@${domainToASCII(domain)}`);
  expect(asciiAddress(asciiAddress(address))).toBe(asciiAddress(address));
});

test('what is no address stays as it is, for the provider to refuse', () => {
  for (const text of ['ana', 'one@example.com, two@example.com', '', 'ana@', '@bücher.example'])
    expect(asciiAddress(text)).toBe(text);
});
