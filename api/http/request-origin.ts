import { isIPv4, isIPv6 } from 'node:net';
import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

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
  return isIPv6(address) ? [ipKeyGenerator(address, 56), ipKeyGenerator(address, 48)] : [address];
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

/** Prefixes of IPv6 addresses whose last 32 bits are an IPv4 address. */
const ipv4CarrierPrefixes = ['::ffff:', '64:ff9b::'];

function embeddedIPv4(address: string): string | undefined {
  // a URL normalizes an IPv6 address to its shortest form
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const prefix = ipv4CarrierPrefixes.find((one) => short.startsWith(one));
  const words = prefix && short.slice(prefix.length).split(':');
  if (!words || words.length > 2) return undefined;
  const [high, low] = words.length === 1 ? ['0', ...words] : words;
  const bits = [high, low].map((word) => Number.parseInt(word || '0', 16));
  return bits.flatMap((word) => [word >> 8, word & 255]).join('.');
}
