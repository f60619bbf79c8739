import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** From where something was agreed to: address and browser, as records of consent keep them. */
export function whoAsks(request: Request): { ipAddress: string; userAgent: string } {
  return {
    ipAddress: addressOf(request),
    userAgent: (request.get('User-Agent') ?? '').replaceAll(/[^\u0020-\u007e]/g, '?').slice(0, 500),
  };
}

/**
 * The network a request comes from: an IPv4 address, or the block that one customer of an IPv6 provider gets, who
 * could take another address of it for each request.
 */
export function networkOf(request: Request): string {
  return ipKeyGenerator(addressOf(request), 56);
}

/** The client's address, as far as the proxies in front are believed. */
export function addressOf(request: Request): string {
  return request.ip ?? request.socket.remoteAddress ?? 'unknown';
}
