import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import { asciiAddress } from '../../domain/values/email-address.ts';
import type { MailboxChannel } from './mailbox/message-store.ts';
import { bounceTypes } from './ses/ses-notifications.ts';

/** A fake that a fault can affect: a message channel, the license registry (`to` is then an NPN) or the data catalog. */
type FaultChannel = MailboxChannel | 'nipr' | 'catalog';

const kinds = {
  email: ['outage', 'refuse', 'delay', 'bounce', 'complaint', 'throttle'],
  text: ['outage', 'refuse', 'delay', 'undelivered', 'throttle'],
  push: ['outage', 'refuse', 'delay'],
  voice: ['outage', 'refuse', 'delay', 'undelivered', 'throttle'],
  nipr: ['outage', 'refuse', 'delay'],
  catalog: ['outage', 'refuse', 'delay'],
} as const satisfies Record<FaultChannel, readonly string[]>;

const faultSchema = z
  .strictObject({
    channel: z.enum(['email', 'text', 'push', 'voice', 'nipr', 'catalog']),
    to: z.string().min(1).optional(),
    kind: z.enum(['outage', 'refuse', 'delay', 'bounce', 'complaint', 'undelivered', 'throttle']),
    code: z.union([z.string().regex(/^[\w.-]{1,64}$/), z.int().positive().transform(String)]).optional(),
    bounceType: z.enum(bounceTypes).optional(),
    message: z.string().max(500).optional(),
    delayMs: z.int().min(0).max(600_000).optional(),
    retryAfterSeconds: z.int().positive().optional(),
    times: z.int().positive().optional(),
    perSecond: z.number().min(0).optional(),
  })
  .refine(({ channel, kind }) => (kinds[channel] as readonly string[]).includes(kind), {
    path: ['kind'],
    error: 'not a fault of this channel',
  })
  .refine(({ kind, bounceType }) => bounceType === undefined || kind === 'bounce', {
    path: ['bounceType'],
    error: 'only a bounce has one',
  })
  .refine(({ kind, perSecond }) => (perSecond !== undefined) === (kind === 'throttle'), {
    path: ['perSecond'],
    error: 'a throttle has one, nothing else has',
  });

/**
 * A failure that a fake provider is set to produce, for one recipient (`to`) or for all.
 *
 * - `outage`: a temporary error.
 * - `refuse`: a permanent error.
 * - `delay`: the response comes after `delayMs`; the message is accepted even if the client has given up by then.
 * - `throttle`: the rate of the account: what comes faster than `perSecond`, after a burst of one second, is refused.
 * - `bounce`, `complaint`, `undelivered`: the message is accepted, and the failure is reported later.
 *
 * `code` is the provider's error code; `connection-reset` closes the connection without a response. `bounceType`
 * overrides the type that SES would derive from the code. `message` is the provider's error text. With `times` the
 * fault ends after that many messages.
 */
export type Fault = z.output<typeof faultSchema> & {
  id: string;
  /** Number of messages that it affected. */
  count: number;
};

export interface Faults {
  add(fault: Omit<Fault, 'id' | 'count'>): Fault;
  list(): Fault[];
  clear(): void;
  /** Returns the oldest fault that applies to this message, and counts one of its `times`. */
  consume(channel: FaultChannel, to: string): Fault | undefined;
}

/** Keeps faults in memory, so a restart ends them. */
export function createFaults(): Faults {
  let faults: Fault[] = [];
  const throttles = new Map<string, () => boolean>();
  const isAllowed = ({ id }: Fault) => throttles.get(id)?.() ?? false;
  return {
    add(fault) {
      const added = { ...fault, id: randomUUID(), count: 0 };
      faults.push(added);
      if (fault.perSecond !== undefined) throttles.set(added.id, createRateLimit(fault.perSecond));
      return added;
    },
    list: () => [...faults],
    clear() {
      faults = [];
      throttles.clear();
    },
    consume(channel, to) {
      const found = faults.find(
        (fault) => fault.channel === channel && appliesTo(fault, to) && !isAllowed(fault),
      );
      if (!found) return undefined;
      faults = faults.flatMap((fault) => {
        if (fault.id !== found.id) return [fault];
        const { times, count } = fault;
        if (times === 1) return [];
        return [{ ...fault, count: count + 1, ...(times !== undefined && { times: times - 1 }) }];
      });
      return found;
    },
  };
}

/** Creates a limit as providers have it: allowance grows with time, up to that of one second. */
function createRateLimit(perSecond: number): () => boolean {
  const most = perSecond === 0 ? 0 : Math.max(1, perSecond);
  let left = most;
  let countedAt = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(most, left + ((now - countedAt) / 1_000) * perSecond);
    countedAt = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

function appliesTo(fault: Fault, to: string): boolean {
  if (fault.to === undefined) return true;
  return fault.channel === 'email'
    ? asciiAddress(fault.to).toLowerCase() === to.toLowerCase()
    : fault.to === to;
}

/**
 * Applies a fault's delay, and closes the connection if the fault says so.
 * @returns false when the connection is closed and no response can be sent
 */
export async function applyFault(fault: Fault | undefined, request: Request): Promise<boolean> {
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  if (fault?.code !== 'connection-reset') return true;
  request.socket.destroy();
  return false;
}

/** Serves `POST`, `GET` and `DELETE /faults`. */
export function faultsRouter(faults: Faults): Router {
  const router = express.Router();
  router.post('/faults', express.json(), (request, response) => {
    const parsed = faultSchema.safeParse(request.body);
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path, message }) => ({
        pointer: `/${path.join('/')}`,
        detail: message,
      }));
      response
        .status(422)
        .type('application/problem+json')
        .send({ title: 'no such fault', status: 422, errors });
      return;
    }
    response.status(201).json(faults.add(parsed.data));
  });
  router.get('/faults', (_request, response) => {
    response.json(faults.list());
  });
  router.delete('/faults', (_request, response) => {
    faults.clear();
    response.status(204).end();
  });
  return router;
}
