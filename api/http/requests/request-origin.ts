import { isIPv4, isIPv6 } from 'node:net';
import type { Request } from 'express';

/** Returns the IP address and the browser of a request, as records of consent and of accepted terms keep them. */
export function requestOrigin(request: Request): { ipAddress: string; userAgent: string } {
  return {
    ipAddress: clientAddressOf(request),
    userAgent: (request.get('User-Agent') ?? '').replaceAll(/[^\u0020-\u007e]/g, '?').slice(0, 500),
  };
}

/**
 * Returns the networks of a request, the narrowest first: an IPv4 address, or the IPv6 blocks /56 and /48. A /56 is what
 * one customer of a provider gets, a /48 what tunnel brokers give away. The owner of a block could use another address
 * of it for each request.
 */
export function networksOf(request: Request): [string, ...string[]] {
  const address = clientAddressOf(request);
  return isIPv6(address) ? [blockOf(address, 56), blockOf(address, 48)] : [address];
}

/** Returns the narrowest network of a request. */
export function networkOf(request: Request): string {
  return networksOf(request)[0];
}

/**
 * Returns the client's IP address as reported by trusted proxies. If a proxy reports no valid address, its own address is
 * used for all its clients.
 */
export function clientAddressOf(request: Request): string {
  return parseIpAddress(request.ip ?? '') ?? parseIpAddress(request.socket.remoteAddress ?? '') ?? 'unknown';
}

/**
 * Parses an IP address, without the port and the brackets that some proxies add, so that each connection of a client has
 * the same address. An IPv4 address inside an IPv6 address (IPv4-mapped, NAT64) is returned as IPv4.
 * @returns undefined if the text is not an IP address
 */
export function parseIpAddress(header: string): string | undefined {
  const text = header.trim();
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text.split('%')[0] ?? '';
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return undefined;
  return embeddedIPv4(bare) ?? bare;
}

/** First six words of IPv6 addresses whose last two are an IPv4 address: IPv4-mapped, and NAT64. */
const ipv4Carriers = ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'];

function embeddedIPv4(address: string): string | undefined {
  const words = wordsOf(address);
  const carrier = words.slice(0, 6).map((word) => word.toString(16));
  if (!ipv4Carriers.includes(carrier.join(':'))) return undefined;
  return words
    .slice(6)
    .flatMap((word) => [word >> 8, word & 255])
    .join('.');
}

/** Returns the block of an IPv6 address that its first bits name, such as 2001:db8:1:100::/56. */
function blockOf(address: string, bits: number): string {
  const words = wordsOf(address).map((word, at) => {
    const freeBits = Math.min(Math.max(16 * (at + 1) - bits, 0), 16);
    return ((word >> freeBits) << freeBits).toString(16);
  });
  return `${shortForm(words.join(':'))}/${bits}`;
}

/** Returns the eight 16-bit words of an IPv6 address. */
function wordsOf(address: string): number[] {
  const [before = [], after = []] = shortForm(address)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((word) => Number.parseInt(word, 16));
}

/** Returns the shortest form of an IPv6 address, without dots, as a URL has it. */
const shortForm = (address: string) => new URL(`http://[${address}]`).hostname.slice(1, -1);
