import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readLink, repairedAddress } from '../../portal/src/link/link-token.ts';
import { linkToken } from '../../store/tokens.ts';

/** A token with every character that may be misread, at the positions where that matters. */
const token = '-_S3cret-Of--A__Link_2b35=23'.replaceAll('=', 'x').padEnd(42, 'aB9').concat('_');
const id = randomUUID();
const zeroWidth = '%E2%80%8B';
const half = (between: string) => `${token.slice(0, 20)}${between}${token.slice(20)}`;
const percentEncoded = Buffer.from(token).toString('hex').replaceAll(/../g, '%$&');
const other = 'z'.repeat(43);

/** The part of the address after the page's own. */
const arrivals: [string, string][] = [
  ['as it was sent', `#${token}`],
  ['its # encoded', `%23${token}`],
  ['its # encoded twice', `%2523${token}`],
  ['its # encoded three times', `%252523${token}`],
  ['its # encoded, after a # of a filter', `#%23${token}`],
  ['its # as a character reference', `&#35;${token}`],
  ['its # as a named reference', `&num;${token}`],
  ['its # in a mail shown undecoded', `=23${token}`],
  ['a slash before the #', `/#${token}`],
  ['a slash before an encoded #', `/%23${token}`],
  ['a slash instead of the #', `/${token}`],
  ['a query instead of the #', `?${token}`],
  ['a query before the #', `?utm_source=mail&utm_id=${other}#${token}`],
  ['a query before an encoded #', `?utm_source=mail%23${token}`],
  ['a query after it', `#${token}?utm_source=mail&utm_id=${other}`],
  ['a query of a filter after it', `%23${token}&data=05%7C02%7C&sdata=${other}%3D&reserved=0`],
  ['another # after it', `#${token}#section`],
  ['a text fragment after it', `#${token}:~:text=Register%20now`],
  ['a text fragment with its own #', `#${token}#:~:text=Register%20now`],
  ...[
    '.',
    ',',
    ';',
    ')',
    '>',
    '"',
    ']',
    '}',
    "'",
    '*',
    '!',
    '…',
    '%20',
    '%22%3E',
    '%0D%0A',
    '=',
    '%3D',
    '%',
    '%2',
  ].map((end): [string, string] => [`${end} after it`, `#${token}${end}`]),
  ['a full stop after it, its # encoded', `%23${token}.`],
  ['brackets around it', `#<${token}>`],
  ['an invisible character inside', `#${half(zeroWidth)}`],
  ['a soft hyphen inside', `#${half('%C2%AD')}`],
  ['a byte-order mark before it', `#%EF%BB%BF${token}`],
  ['a line break of the mail', `#${half('=%0D%0A')}`],
  ['the rest of a line break', `#${half('=')}`],
  ['a space of a line break', `#${half('%20')}`],
  ['letters encoded', `#${percentEncoded}`],
  ['hyphens encoded in capitals', `#${token.replaceAll('-', '%2D')}`],
  ['underscores in a mail shown undecoded', `#${token.replaceAll('_', '=5F')}`],
  ['a dash of two hyphens', `#${token.replace('--', '%E2%80%94')}`],
  ['hyphens that do not break', `#${token.replaceAll('-', '%E2%80%91')}`],
  ['glued to the next word', `#${token}Register`],
  ['an underscore of Markdown after it', `#${token}_`],
];

const addressOf = (url: string) => new URL(url, 'https://help.example.org');
const pages = [
  ['/register', '/register'],
  ['/reset-password', '/reset-password'],
  [`/status/${id}`, `/status/${id}`],
  [`/offer/${id}`, `/offer/${id}`],
  [`/status/${id.toUpperCase()}`, `/status/${id}`],
  [`//offer/${id}`, `/offer/${id}`],
  [`/status/${zeroWidth}${id}`, `/status/${id}`],
] as const;

describe.each(pages)('a link to %s', (page, path) => {
  test.each(arrivals)('with %s is read', (_, rest) => {
    const [, pathname = '', search = '', hash = ''] =
      /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(`${page}${rest}`) ?? [];
    expect(readLink({ pathname, search, hash })).toEqual({ path, token });
    // also in a browser's own spelling
    const browsers = pathname.startsWith('//') ? { pathname, search, hash } : addressOf(`${page}${rest}`);
    expect(repairedAddress(browsers) ?? `${page}${rest}`).toBe(`${path}#${token}`);
  });
});

test('every token of the service has the length by which it is found', () => {
  for (let time = 0; time < 500; time += 1) {
    const made = linkToken('a secret', 'offer', randomUUID());
    expect(readLink(addressOf(`/register%23${made}.`))?.token).toBe(made);
  }
});

describe('addresses without a complete link', () => {
  test.each([
    '/',
    '/help',
    '/login',
    '/registering',
    '/register-now#x',
    `/statuses/${id}#${token}`,
    '/ops?stage=invited',
    '/status',
    '/offer',
  ])('%s is unchanged, because it is another page', (path) => {
    expect(readLink(addressOf(path))).toBeUndefined();
    expect(repairedAddress(addressOf(path))).toBeUndefined();
  });

  test.each([
    ['/register', undefined],
    ['/register/', '/register'],
    ['/register%23', '/register'],
    ['/register%2', '/register'],
    ['/register.', '/register'],
    [`/register#${token.slice(0, 42)}`, '/register'],
    [`/register%23${token.slice(0, 12)}`, '/register'],
    [`/status/${id}%23`, `/status/${id}`],
    [`/status/${id}`, undefined],
    [`/status/${id}.`, `/status/${id}`],
    [`/status/${id.slice(0, 20)}`, '/status'],
    [`/offer/${id}?utm_source=mail`, `/offer/${id}`],
  ])('%s has no complete token', (address, repaired) => {
    expect(readLink(addressOf(address))?.token).toBeUndefined();
    expect(repairedAddress(addressOf(address))).toBe(repaired);
  });

  test('a token after a cut-off page is moved out of the path', () => {
    expect(repairedAddress(addressOf(`/offer/${id.slice(0, 20)}%23${token}`))).toBe(`/offer#${token}`);
  });
});
