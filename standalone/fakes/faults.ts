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
  email: ['outage', 'refuse', 'delay', 'bounce', 'complaint'],
  text: ['outage', 'refuse', 'delay', 'undelivered'],
  push: ['outage', 'refuse', 'delay'],
  voice: ['outage', 'refuse', 'delay', 'undelivered'],
  nipr: ['outage', 'refuse', 'delay'],
  catalog: ['outage', 'refuse', 'delay'],
} as const satisfies Record<FaultChannel, readonly string[]>;

const faultSchema = z
  .strictObject({
    channel: z.enum(['email', 'text', 'push', 'voice', 'nipr', 'catalog']),
    to: z.string().min(1).optional(),
    kind: z.enum(['outage', 'refuse', 'delay', 'bounce', 'complaint', 'undelivered']),
    code: z.union([z.string().regex(/^[\w.-]{1,64}$/), z.int().positive().transform(String)]).optional(),
    bounceType: z.enum(bounceTypes).optional(),
    message: z.string().max(500).optional(),
    delayMs: z.int().min(0).max(600_000).optional(),
    retryAfterSeconds: z.int().positive().optional(),
    times: z.int().positive().optional(),
  })
  .refine(({ channel, kind }) => (kinds[channel] as readonly string[]).includes(kind), {
    path: ['kind'],
    error: 'not a fault of this channel',
  })
  .refine(({ kind, bounceType }) => bounceType === undefined || kind === 'bounce', {
    path: ['bounceType'],
    error: 'only a bounce has one',
  });

/**
 * A failure that a fake provider is set to produce, for one recipient (`to`) or for all.
 *
 * - `outage`: a temporary error.
 * - `refuse`: a permanent error.
 * - `delay`: the response comes after `delayMs`; the message is accepted even if the client has given up by then.
 * - `bounce`, `complaint`, `undelivered`: the message is accepted, and the failure is reported later.
 *
 * `code` is the provider's error code; `connection-reset` closes the connection without a response. `bounceType`
 * overrides the type that SES would derive from the code. `message` is the provider's error text. With `times` the
 * fault ends after that many messages.
 */
export type Fault = z.output<typeof faultSchema> & { id: string };

export interface Faults {
  add(fault: Omit<Fault, 'id'>): Fault;
  list(): Fault[];
  clear(): void;
  /** Returns the oldest fault that applies to this message, and counts one of its `times`. */
  consume(channel: FaultChannel, to: string): Fault | undefined;
}

/** Keeps faults in memory, so a restart ends them. */
export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add(fault) {
      const added = { ...fault, id: randomUUID() };
      faults.push(added);
      return added;
    },
    list: () => [...faults],
    clear() {
      faults = [];
    },
    consume(channel, to) {
      const found = faults.find((fault) => fault.channel === channel && appliesTo(fault, to));
      if (found?.times === undefined) return found;
      const left = found.times - 1;
      faults = faults.flatMap((fault) => {
        if (fault.id !== found.id) return [fault];
        return left > 0 ? [{ ...fault, times: left }] : [];
      });
      return found;
    },
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
