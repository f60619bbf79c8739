import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readLink, repairedAddress } from '../../portal/src/link/link-token.ts';
import { linkToken } from '../../store/tokens.ts';

/** With each letter that can be taken for something else, at the places where that matters. */
const token = '-_S3cret-Of--A__Link_2b35=23'.replaceAll('=', 'x').padEnd(42, 'aB9').concat('_');
const id = randomUUID();
const zeroWidth = '%E2%80%8B';
const half = (between: string) => `${token.slice(0, 20)}${between}${token.slice(20)}`;
const percentEncoded = Buffer.from(token).toString('hex').replaceAll(/../g, '%$&');
const other = 'z'.repeat(43);

/** What stands between the page's address and the end of the address. */
const arrivals: [string, string][] = [
  ['as it was sent', `#${token}`],
  ['its # encoded', `%23${token}`],
  ['its # encoded twice', `%2523${token}`],
  ['its # encoded three times', `%252523${token}`],
  ['its # encoded, with one of a filter before it', `#%23${token}`],
  ['its # as a character reference', `&#35;${token}`],
  ['its # as a name of it', `&num;${token}`],
  ['its # of a mail that is shown undecoded', `=23${token}`],
  ['a slash before the #', `/#${token}`],
  ['a slash before an encoded #', `/%23${token}`],
  ['a slash instead of the #', `/${token}`],
  ['a query instead of the #', `?${token}`],
  ['a query before the #', `?utm_source=mail&utm_id=${other}#${token}`],
  ['a query before an encoded #', `?utm_source=mail%23${token}`],
  ['a query behind it', `#${token}?utm_source=mail&utm_id=${other}`],
  ['a query of a filter behind it', `%23${token}&data=05%7C02%7C&sdata=${other}%3D&reserved=0`],
  ['another # behind it', `#${token}#section`],
  ['a text fragment behind it', `#${token}:~:text=Register%20now`],
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
  ].map((end): [string, string] => [`${end} behind it`, `#${token}${end}`]),
  ['a full stop behind it, its # encoded', `%23${token}.`],
  ['brackets around it', `#<${token}>`],
  ['a mark that nobody sees within', `#${half(zeroWidth)}`],
  ['a soft hyphen within', `#${half('%C2%AD')}`],
  ['a byte-order mark before it', `#%EF%BB%BF${token}`],
  ['a line broken for the mail', `#${half('=%0D%0A')}`],
  ['what is left of a broken line', `#${half('=')}`],
  ['a space of a broken line', `#${half('%20')}`],
  ['letters encoded', `#${percentEncoded}`],
  ['hyphens encoded in capitals', `#${token.replaceAll('-', '%2D')}`],
  ['hyphens of a mail that is shown undecoded', `#${token.replaceAll('_', '=5F')}`],
  ['a dash of two hyphens', `#${token.replace('--', '%E2%80%94')}`],
  ['hyphens that do not break', `#${token.replaceAll('-', '%E2%80%91')}`],
  ['glued to the next word', `#${token}Register`],
  ['an underscore of Markdown behind it', `#${token}_`],
];

const addressOf = (url: string) => new URL(url, 'https://help.example.org');
const pages = [
  ['/register', '/register'],
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
    // in a browser's own writing, too
    const browsers = pathname.startsWith('//') ? { pathname, search, hash } : addressOf(`${page}${rest}`);
    expect(repairedAddress(browsers) ?? `${page}${rest}`).toBe(`${path}#${token}`);
  });
});

test('every token that the service makes has the length by which it is found', () => {
  for (let time = 0; time < 500; time += 1) {
    const made = linkToken('a secret', 'offer', randomUUID());
    expect(readLink(addressOf(`/register%23${made}.`))?.token).toBe(made);
  }
});

describe('what is no link is left alone, and what is left of one is said to be none', () => {
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
  ])('%s is another page', (path) => {
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
  ])('%s has no whole secret', (given, repaired) => {
    expect(readLink(addressOf(given))?.token).toBeUndefined();
    expect(repairedAddress(addressOf(given))).toBe(repaired);
  });

  test('a secret whose page was cut off is kept out of the path, too', () => {
    expect(repairedAddress(addressOf(`/offer/${id.slice(0, 20)}%23${token}`))).toBe(`/offer#${token}`);
  });
});
