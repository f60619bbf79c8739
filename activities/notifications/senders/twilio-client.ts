import twilio from 'twilio';
import { twilioSenderFaults } from '../../../domain/notifications/twilio-sender-faults.ts';
import { outageFrom, parseRetryAfter, SendOutage } from './send-outage.ts';
import type { SendResult } from './senders.ts';
import { createHttpAgents, type SendTimeouts } from './timeouts.ts';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  /** Replaces scheme, host and port of every Twilio URL; not set for Twilio itself. */
  baseUrl?: string;
  timeouts: SendTimeouts;
}

/**
 * Creates Twilio's own client with our timeouts. No answer, a 429 or a 5xx is thrown here as `SendOutage`, because
 * Twilio's exception drops the `Retry-After` header.
 */
export function createTwilioClient(account: TwilioAccount): twilio.Twilio {
  const { connectMs, requestMs } = account.timeouts;
  const httpClient = new twilio.RequestClient({ timeout: requestMs, autoRetry: false });
  Object.assign(httpClient.axios.defaults, createHttpAgents(connectMs));

  const request = httpClient.request.bind(httpClient);
  httpClient.request = async (options) => {
    const uri = account.baseUrl ? rebaseUrl(account.baseUrl, options.uri) : options.uri;
    const answer = await request({ ...options, uri }).catch((thrown: unknown) => {
      throw outageFrom('twilio', thrown);
    });
    if (answer.statusCode === 429 || answer.statusCode >= 500) {
      const code = codeOf(answer.body) ?? `http-${answer.statusCode}`;
      throw new SendOutage('twilio', code, {
        retryAfterMs: parseRetryAfter(headerOf(answer, 'retry-after'), new Date()),
        isThrottle: answer.statusCode === 429,
      });
    }
    return answer;
  };
  return twilio(account.accountSid, account.authToken, { httpClient });
}

/**
 * Twilio's error code of a refused request, for example `21211`.
 * @throws SendOutage for every other error
 */
export function twilioCodeOf(thrown: unknown): string {
  if (!(thrown instanceof twilio.RestException)) throw outageFrom('twilio', thrown);
  return thrown.code === undefined ? `http-${thrown.status}` : String(thrown.code);
}

/**
 * Sends a request to create a message or call. `permanentCodes`, each with Twilio's meaning, are refusals that no
 * repeat within a notice's life can change.
 * @throws SendOutage for every other code: those about our account, such as 20003 (wrong credentials) or 21606 (From is
 * not ours), or temporary ones
 */
export async function sendThroughTwilio(
  create: () => Promise<{ sid?: string }>,
  permanentCodes: ReadonlyMap<string, string>,
): Promise<SendResult> {
  try {
    const { sid } = await create();
    // an answer without an id is not from Twilio but from something in between
    if (!sid) throw new SendOutage('twilio', 'no-sid');
    return { status: 'sent', providerMessageId: sid };
  } catch (thrown) {
    const code = twilioCodeOf(thrown);
    if (permanentCodes.has(code)) return { status: 'refused', code };
    throw new SendOutage('twilio', code, {
      isOurFault: twilioSenderFaults.has(code),
      // hours of texts already wait in Twilio's own queue of our number
      isThrottle: code === '21611',
    });
  }
}

/**
 * The status callback URL of each attempt. None if Twilio itself would have to call localhost: it refuses a text whose
 * callback it cannot reach.
 */
export function statusCallbacks({
  publicUrl,
  isTwilioItself,
  of,
}: {
  publicUrl: string;
  isTwilioItself: boolean;
  of: 'texts' | 'calls';
}): ((attemptId: string) => string) | undefined {
  if (isTwilioItself && new URL(publicUrl).hostname === 'localhost') return undefined;
  const path = of === 'texts' ? 'status' : 'calls';
  return (attemptId) => `${publicUrl}/v1/webhooks/twilio/${path}?attempt=${attemptId}`;
}

function rebaseUrl(baseUrl: string, uri: string): string {
  const { pathname, search } = new URL(uri);
  return new URL(pathname + search, baseUrl).href;
}

function codeOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  return typeof body.code === 'number' ? String(body.code) : undefined;
}

function headerOf(answer: object, name: string): unknown {
  if (!('headers' in answer) || typeof answer.headers !== 'object' || answer.headers === null)
    return undefined;
  return (answer.headers as Record<string, unknown>)[name];
}
