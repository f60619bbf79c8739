import { createHash, ECDH } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import webPush from 'web-push';
import type { PushPayload } from '../../../domain/notifications/push-payload.ts';
import { isAllowedEndpoint, knownPushHosts } from './push-endpoint.ts';
import { outageFrom, parseRetryAfter, SendOutage } from './send-outage.ts';
import type { PushMessage, Sender, SendResult } from './senders.ts';
import { createHttpAgents, type SendTimeouts } from './timeouts.ts';

export interface PushSettings {
  /** `subject` is our mailto: or https: address; the keys are base64url. */
  vapid: { subject: string; publicKey: string; privateKey: string };
  /** Hosts we may post to; the known push services by default. */
  allowedHosts?: readonly string[];
  /** The one origin that may be plain http: that of the fake on this machine. */
  fakeOrigin?: string;
  timeouts: SendTimeouts;
}

/**
 * Statuses that end this subscription or message (RFC 8030 and 8292): 403 made for another VAPID key, 404 and 410 gone,
 * 413 payload too large. All others are outages: 400 and 401 mean that our own request is wrong, which ops can fix.
 */
const permanentStatuses = new Set([403, 404, 410, 413]);
const ourStatuses = new Set([400, 401]);
/**
 * Apple answers 403 to a token that it rejects, such as one whose subject has no host: not a fault of the subscription.
 */
const tokenFault = /jwt/i;
/** Enough for the reason in the body, a short JSON text. */
const maxReasonLength = 1_024;

/**
 * Creates a sender for web pushes. The package web-push encrypts and signs them; the request is made here, because that
 * of web-push has neither a timeout for the whole request nor plain http for the fake. The code of a refusal is the
 * push service's status, `endpoint-not-allowed` or `subscription-invalid`.
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
  const { attemptId: _, to, topic, ttlMs, ...content } = message;
  if (!hasUsableKeys(to)) return undefined;
  const tag = topic === undefined ? undefined : topicOf(topic);
  const payload: PushPayload = { ...content, tag };
  return webPush.generateRequestDetails(to, JSON.stringify(payload), {
    vapidDetails: vapid,
    TTL: Math.max(0, Math.floor(ttlMs / 1_000)),
    urgency: 'high',
    ...(tag && { topic: tag }),
  });
}

/** Returns whether the keys are valid by RFC 8291: an uncompressed point on P-256, and 16 bytes. */
function hasUsableKeys({ keys }: PushMessage['to']): boolean {
  try {
    ECDH.convertKey(keys.p256dh, 'prime256v1', 'base64url');
    return bytesIn(keys.p256dh) === 65 && bytesIn(keys.auth) === 16;
  } catch {
    return false;
  }
}

const bytesIn = (key: string) => Buffer.from(key, 'base64url').length;

/** Hashes a topic, because a Topic header has at most 32 base64url characters (RFC 8030, 5.4), fewer than a UUID. */
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
      // drained to its end, but only the beginning is kept
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
    // Location is the address of the message at the push service; its last part is unique
    return { status: 'sent', providerMessageId: headers.location?.split('/').at(-1) || attemptId };
  }
  const isOurs = ourStatuses.has(status) || (status === 403 && tokenFault.test(body));
  if (permanentStatuses.has(status) && !isOurs) return { status: 'refused', code: String(status) };
  const pause = parseRetryAfter(headers['retry-after'], new Date());
  throw new SendOutage('web-push', `http-${status}`, {
    retryAfterMs: pause,
    isOurFault: isOurs,
    isThrottle: status === 429,
  });
}
