import { createHash, ECDH } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import webPush from 'web-push';
import { isAllowedEndpoint, knownPushHosts } from './push-endpoint.ts';
import { outageFrom, parseRetryAfter, SendOutage } from './send-outage.ts';
import type { PushMessage, Sender, SendResult } from './senders.ts';
import { createHttpAgents, type SendTimeouts } from './timeouts.ts';

export interface PushSettings {
  /** `subject` is a mailto: or https: address of ours; the keys are base64url. */
  vapid: { subject: string; publicKey: string; privateKey: string };
  /** Hosts we may post to; the known push services by default. */
  allowedHosts?: readonly string[];
  /** The one origin that may be plain http on this machine: the outbox's. */
  fakeOrigin?: string;
  timeouts: SendTimeouts;
}

/** What the service worker finds in a push, as JSON. */
export interface PushPayload {
  title: string;
  body: string;
  url?: string;
  /** Lets the browser replace an older notification too, where the push service had already delivered it. */
  tag?: string;
}

/**
 * Statuses that end this subscription or this message (RFC 8030 and 8292): 403 it was made for another VAPID key,
 * 404 and 410 it is gone, 413 the payload is too large. 400 and 401 say that our own request is wrong, which ops
 * can mend; with 429 and the rest they are outages.
 */
const permanentStatuses = new Set([403, 404, 410, 413]);
const ourStatuses = new Set([400, 401]);
/** Apple answers 403 to a token that it does not like, such as one whose subject names no host: no subscription is to blame. */
const tokenFault = /jwt/i;
/** A reason is a word of JSON; nothing longer is read. */
const maxReasonLength = 1_024;

/**
 * Sends web pushes, encrypted and VAPID-signed by web-push. The request is made here, because web-push's own one
 * has neither a timeout for the whole request nor plain http for the double. Beside the push service's statuses a
 * refusal's code can be `endpoint-not-allowed` or `subscription-invalid`.
 */
export function createPushSender(settings: PushSettings): Sender<PushMessage> {
  const { timeouts } = settings;
  const agents = createHttpAgents(timeouts.connectMs);
  const allowedHosts = settings.allowedHosts ?? knownPushHosts;

  return {
    async send(message) {
      if (!isAllowedEndpoint(message.to.endpoint, allowedHosts, settings.fakeOrigin)) {
        return { status: 'refused', code: 'endpoint-not-allowed' };
      }
      const request = encryptPush(message, settings.vapid);
      if (request === undefined) return { status: 'refused', code: 'subscription-invalid' };
      const answer = await post(request, agents, timeouts.requestMs).catch((thrown: unknown) => {
        throw outageFrom('web-push', thrown);
      });
      return resultOf(answer, message.attemptId);
    },
  };
}

function encryptPush(message: PushMessage, vapid: PushSettings['vapid']): webPush.RequestDetails | undefined {
  if (!hasUsableKeys(message.to)) return undefined;
  const tag = message.topic === undefined ? undefined : topicOf(message.topic);
  const payload: PushPayload = { title: message.title, body: message.body, url: message.url, tag };
  return webPush.generateRequestDetails(message.to, JSON.stringify(payload), {
    vapidDetails: vapid,
    TTL: Math.max(0, Math.floor(message.ttlMs / 1_000)),
    urgency: 'high',
    ...(tag && { topic: tag }),
  });
}

/** Whether the keys are what RFC 8291 asks for: a point on P-256, uncompressed, and 16 bytes. */
function hasUsableKeys({ keys }: PushMessage['to']): boolean {
  try {
    ECDH.convertKey(keys.p256dh, 'prime256v1', 'base64url');
    return bytesIn(keys.p256dh) === 65 && bytesIn(keys.auth) === 16;
  } catch {
    return false;
  }
}

const bytesIn = (key: string) => Buffer.from(key, 'base64url').length;

/** A Topic has at most 32 characters of base64url (RFC 8030, 5.4), fewer than a UUID: so a hash of any string. */
function topicOf(topic: string): string {
  return createHash('sha256').update(topic).digest('base64url').slice(0, 32);
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** The beginning of the body. */
  body: string;
}

function post(
  details: webPush.RequestDetails,
  agents: ReturnType<typeof createHttpAgents>,
  requestMs: number,
): Promise<Answer> {
  const isHttps = details.endpoint.startsWith('https:');
  return new Promise((resolve, reject) => {
    const request = (isHttps ? https : http).request(details.endpoint, {
      method: 'POST',
      headers: details.headers,
      agent: isHttps ? agents.httpsAgent : agents.httpAgent,
      signal: AbortSignal.timeout(requestMs),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      let body = '';
      // drained to its end, and hardly read: it is the other side's
      response.on('data', (part: Buffer) => {
        if (body.length < maxReasonLength) body += part.toString().slice(0, maxReasonLength);
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.end(details.body);
  });
}

function resultOf({ status, headers, body }: Answer, attemptId: string): SendResult {
  if (status >= 200 && status < 300) {
    // Location is the message's own address at the push service; its last part tells it from others
    return { status: 'sent', providerMessageId: headers.location?.split('/').at(-1) || attemptId };
  }
  const isOurs = ourStatuses.has(status) || (status === 403 && tokenFault.test(body));
  if (permanentStatuses.has(status) && !isOurs) return { status: 'refused', code: String(status) };
  const pause = parseRetryAfter(headers['retry-after'], new Date());
  throw new SendOutage('web-push', `http-${status}`, pause, isOurs);
}
