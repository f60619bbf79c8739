import type { Request } from 'express';

/** From where something was agreed to: address and browser, as records of consent keep them. */
export function whoAsks(request: Request): { ipAddress: string; userAgent: string } {
  return {
    ipAddress: addressOf(request),
    userAgent: (request.get('User-Agent') ?? '').replaceAll(/[^\u0020-\u007e]/g, '?').slice(0, 500),
  };
}

/** The client's address, as far as the proxies in front are believed. */
export function addressOf(request: Request): string {
  return request.ip ?? request.socket.remoteAddress ?? 'unknown';
}
