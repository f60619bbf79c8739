import type { Request } from 'express';
import type { DeviceSubscription } from './push-subscriptions.ts';
import { checkVapid } from './vapid.ts';

/** The largest message that every push service accepts, in bytes (RFC 8030, 7.2). */
export const largestBody = 4_096;

/** Checks a request as a push service does. @returns status and reason of a refusal (RFC 8030 and 8292) */
export function pushRequestProblem(
  request: Request,
  body: Buffer,
  { applicationServerKey }: DeviceSubscription,
  origin: string,
): { status: number; reason: string } | undefined {
  const vapid = checkVapid(request.get('authorization'), origin, new Date());
  if ('refused' in vapid) return { status: 401, reason: vapid.refused };
  if (applicationServerKey !== undefined && applicationServerKey !== vapid.publicKey) {
    return { status: 403, reason: 'the subscription was made for another VAPID key' };
  }
  if (!/^\d+$/.test(request.get('ttl') ?? ''))
    return { status: 400, reason: 'TTL header missing or invalid' };
  if (!/^[\w-]{1,32}$/.test(request.get('topic') ?? 'none'))
    return { status: 400, reason: 'invalid Topic header' };
  if (request.get('content-encoding') !== 'aes128gcm') return { status: 415, reason: 'not aes128gcm' };
  if (body.length > largestBody) return { status: 413, reason: 'payload too large' };
  return undefined;
}
