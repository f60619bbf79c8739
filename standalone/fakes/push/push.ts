import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { applyFault, type Fault, type Faults } from '../faults.ts';
import type { MessageStore } from '../mailbox/message-store.ts';
import { largestBody, pushRequestProblem } from './push-checks.ts';
import { decryptPush } from './push-crypto.ts';
import type { DeviceSubscription, DeviceSubscriptions } from './push-subscriptions.ts';

export interface PushDependencies {
  store: MessageStore;
  faults: Faults;
  subscriptions: DeviceSubscriptions;
  /** Origin of the fake: endpoints start with it, and VAPID tokens must name it. */
  origin: () => string;
}

const subscriptionRequest = z.strictObject({ applicationServerKey: z.string().optional() });

/** Longest time that a push is kept, in seconds. A longer TTL is shortened, as push services do. */
const longestTtlSeconds = 28 * 24 * 60 * 60;

/**
 * Fakes a push service and the browser behind it. `POST /push/subscriptions`, with `{applicationServerKey}` or an
 * empty body, returns what a browser's `PushSubscription.toJSON()` would; `DELETE /push/subscriptions/{id}` ends it.
 * A pushed message is decrypted at once, as on a device that is online. A newer push replaces an older one of the
 * same topic.
 */
export function pushRouter(dependencies: PushDependencies): Router {
  const router = express.Router();
  const { subscriptions } = dependencies;

  router.post('/push/subscriptions', express.json(), (request, response) => {
    const parsed = subscriptionRequest.safeParse(request.body ?? {});
    if (!parsed.success) return refuse(response, 422, 'only applicationServerKey can be given');
    const created = subscriptions.create(parsed.data.applicationServerKey);
    const keys = { p256dh: created.keys.publicKey, auth: created.keys.auth };
    response.status(201).json({ endpoint: endpointOf(dependencies, created), expirationTime: null, keys });
  });
  router.delete('/push/subscriptions/:id', (request, response) => {
    subscriptions.end(request.params.id);
    response.status(204).end();
  });
  router.post('/push/send/:id', (request: Request<{ id: string }>, response) =>
    accept(dependencies, request, response),
  );
  return router;
}

const endpointOf = ({ origin }: PushDependencies, { id }: DeviceSubscription) =>
  `${origin()}/push/send/${id}`;

function refuse(response: Response, status: number, reason: string, retryAfterSeconds?: number): void {
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', retryAfterSeconds);
  response.status(status).json({ code: status, message: reason });
}

async function accept(
  dependencies: PushDependencies,
  request: Request<{ id: string }>,
  response: Response,
): Promise<void> {
  const subscription = dependencies.subscriptions.find(request.params.id);
  if (subscription === undefined) return refuse(response, 404, 'no such subscription');
  if (subscription.isGone) return refuse(response, 410, 'the subscription has ended');
  const body = await bodyOf(request);
  const problem = pushRequestProblem(request, body, subscription, dependencies.origin());
  if (problem !== undefined) return refuse(response, problem.status, problem.reason);

  const endpoint = endpointOf(dependencies, subscription);
  const fault = dependencies.faults.consume('push', endpoint);
  if (!(await applyFault(fault, request))) return;
  if (fault?.kind === 'outage' || fault?.kind === 'refuse') return sendFaultError(fault, response);

  const payload = decrypted(body, subscription);
  if (payload === undefined) return refuse(response, 400, 'not encrypted for this subscription');
  const topic = request.get('topic');
  replaceOlder(dependencies.store, subscription.id, topic);
  const ttlSeconds = Math.min(Number(request.get('ttl')), longestTtlSeconds);
  const message = dependencies.store.add({
    channel: 'push',
    to: endpoint,
    ...displayOf(payload),
    providerMessageId: crypto.randomUUID(),
    status: 'delivered',
    push: {
      subscriptionId: subscription.id,
      topic,
      urgency: request.get('urgency'),
      expiresAt: new Date(Date.now() + ttlSeconds * 1_000).toISOString(),
      payload,
    },
  });
  response.setHeader('Location', `${dependencies.origin()}/push/messages/${message.providerMessageId}`);
  response.setHeader('TTL', ttlSeconds);
  response.status(201).end();
}

function sendFaultError({ kind, code, message, retryAfterSeconds }: Fault, response: Response): void {
  const status = Number(code ?? (kind === 'outage' ? 503 : 410));
  const isStatus = Number.isInteger(status) && status >= 400 && status <= 599;
  // Apple answers with a reason code; the other services answer with a sentence
  if (isStatus && message !== undefined && /^[A-Z]\w+$/.test(message))
    response.status(status).json({ reason: message });
  else refuse(response, isStatus ? status : 500, message ?? 'as set by a fault', retryAfterSeconds);
}

/** Reads the raw body. Express's parsers refuse `aes128gcm`, which is the encryption of the message itself. */
async function bodyOf(request: Request): Promise<Buffer> {
  let body = Buffer.alloc(0);
  for await (const chunk of request) {
    // a body that is too large is read to its end, so that the client gets the response
    if (body.length <= largestBody) body = Buffer.concat([body, chunk]);
  }
  return body;
}

function decrypted(body: Buffer, { keys }: DeviceSubscription): string | undefined {
  try {
    return decryptPush(body, keys);
  } catch {
    return undefined;
  }
}

function replaceOlder(store: MessageStore, subscriptionId: string, topic: string | undefined): void {
  if (topic === undefined) return;
  const older = store
    .list()
    .filter(({ push }) => push?.subscriptionId === subscriptionId && push.topic === topic);
  for (const { id } of older) store.remove(id);
}

/** Title and body of a notification; a payload in another format is shown as it is. */
function displayOf(payload: string): { subject?: string; text: string } {
  const notification = z.looseObject({ title: z.string(), body: z.string() });
  try {
    const { title, body } = notification.parse(JSON.parse(payload));
    return { subject: title, text: body };
  } catch {
    return { text: payload };
  }
}
