import { isIPv4, isIPv6 } from 'node:net';
import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** From where something was agreed to: address and browser, as records of consent keep them. */
export function requestOrigin(request: Request): { ipAddress: string; userAgent: string } {
  return {
    ipAddress: clientAddressOf(request),
    userAgent: (request.get('User-Agent') ?? '').replaceAll(/[^\u0020-\u007e]/g, '?').slice(0, 500),
  };
}

/**
 * The networks a request comes from, the narrowest first: an IPv4 address, or the block that one customer of an IPv6
 * provider gets (/56) and the largest that anybody gets for nothing (/48, as tunnel brokers give). Who has a block could
 * take another address of it for each request.
 */
export function networksOf(request: Request): [string, ...string[]] {
  const address = clientAddressOf(request);
  return isIPv6(address) ? [ipKeyGenerator(address, 56), ipKeyGenerator(address, 48)] : [address];
}

/** The narrowest of them. */
export function networkOf(request: Request): string {
  return networksOf(request)[0];
}

/**
 * The client's address, as far as the proxies in front are believed. What is no address comes from a proxy that does
 * not know the client either, so that the proxy's own stands for all of them.
 */
export function clientAddressOf(request: Request): string {
  return parseIpAddress(request.ip ?? '') ?? parseIpAddress(request.socket.remoteAddress ?? '') ?? 'unknown';
}

/**
 * An address without the port and the brackets that some proxies write around it, so that another connection is no
 * other client. One that an IPv6 address only carries (IPv4-mapped, NAT64) is the IPv4 address itself.
 * @returns undefined where the text is none
 */
export function parseIpAddress(written: string): string | undefined {
  const text = written.trim();
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text.split('%')[0] ?? '';
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return undefined;
  return embeddedIPv4(bare) ?? bare;
}

/** The prefixes of addresses that carry an IPv4 address in their last 32 bits. */
const ipv4CarrierPrefixes = ['::ffff:', '64:ff9b::'];

function embeddedIPv4(address: string): string | undefined {
  // a URL writes an IPv6 address in its one shortest form
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const prefix = ipv4CarrierPrefixes.find((one) => short.startsWith(one));
  const words = prefix && short.slice(prefix.length).split(':');
  if (!words || words.length > 2) return undefined;
  const [high, low] = words.length === 1 ? ['0', ...words] : words;
  const bits = [high, low].map((word) => Number.parseInt(word || '0', 16));
  return bits.flatMap((word) => [word >> 8, word & 255]).join('.');
}
