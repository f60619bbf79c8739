import { expect, test } from '@jest/globals';
import type { Request } from 'express';
import { clientAddressOf, networksOf, parseIpAddress } from '../../../api/http/requests/request-origin.ts';

const from = (ip: string, remoteAddress = '192.0.2.1') => ({ ip, socket: { remoteAddress } }) as Request;

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['192.0.2.7:5678', '192.0.2.7'],
  [' 192.0.2.7 ', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:C000:207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ['[::ffff:192.0.2.7]:443', '192.0.2.7'],
  ['64:ff9b::192.0.2.7', '192.0.2.7'],
  ['64:ff9b::c000:207', '192.0.2.7'],
  ['::ffff:0:1', '0.0.0.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['64:ff9b:1::1', '64:ff9b:1::1'],
  ['::1', '::1'],
  ['unknown', undefined],
  ['_hidden', undefined],
  ['', undefined],
  ['192.0.2.7.9:1', undefined],
  ['192.0.2.256', undefined],
])('%s is the address %s', (written, address) => {
  expect(parseIpAddress(written)).toBe(address);
});

test('whatever is not an address counts as the proxy that wrote it', () => {
  for (const written of ['unknown', '_a1', "${print('x')}", ''])
    expect(clientAddressOf(from(written))).toBe('192.0.2.1');
});

test('a network is an IPv4 address, or the IPv6 blocks that one customer can have', () => {
  expect(networksOf(from('192.0.2.7:99'))).toEqual(['192.0.2.7']);
  const [narrow, wide, ...more] = networksOf(from('2001:db8:1:1ab::7'));
  expect(more).toEqual([]);
  expect(networksOf(from('2001:db8:1:100:ffff::1'))).toEqual([narrow, wide]);
  expect(networksOf(from('2001:db8:1:200::1'))).toEqual([expect.not.stringMatching(`^${narrow}$`), wide]);
  expect(networksOf(from('2001:db8:2::1'))).not.toContain(wide);
});
