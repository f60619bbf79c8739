import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Request, type Router } from 'express';
import { z } from 'zod';
import { asciiAddress } from '../../domain/values/email-address.ts';
import type { MailboxChannel } from './mailbox/message-store.ts';
import { bounceTypes } from './ses/ses-notifications.ts';

/** Where something can go wrong: with a message, with a look-up at the registry (`to` is the NPN then), or in the data catalog. */
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
 * What the outbox is told to do wrong. `outage`: an error that may pass. `refuse`: a permanent error. `delay`: the
 * answer comes after `delayMs`, and the message is taken even if the client has given up by then. `bounce`,
 * `complaint` and `undelivered`: taken at first, what went wrong is told later. `code` is the provider's code, with a `bounceType` beside it where SES is to
 * say another one than the code suggests; `connection-reset` hangs up instead of answering; `message` is the
 * provider's sentence. With `times` it wears off after so many messages. It concerns one recipient or all.
 */
export type Fault = z.output<typeof faultSchema> & { id: string };

export interface Faults {
  add(fault: Omit<Fault, 'id'>): Fault;
  list(): Fault[];
  clear(): void;
  /** The oldest fault that concerns this message; counts as one of its `times`. */
  consume(channel: FaultChannel, to: string): Fault | undefined;
}

/** Faults live in memory: a restarted outbox works again. */
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
      const found = faults.find((fault) => fault.channel === channel && concerns(fault, to));
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

function concerns(fault: Fault, to: string): boolean {
  if (fault.to === undefined) return true;
  return fault.channel === 'email'
    ? asciiAddress(fault.to).toLowerCase() === to.toLowerCase()
    : fault.to === to;
}

/**
 * Waits as long as a fault says, and hangs up if it says that.
 * @returns whether there is still someone to answer
 */
export async function applyFault(fault: Fault | undefined, request: Request): Promise<boolean> {
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
  if (fault?.code !== 'connection-reset') return true;
  request.socket.destroy();
  return false;
}

/** `POST`, `GET` and `DELETE /faults`. */
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
