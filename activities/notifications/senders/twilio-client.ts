import twilio from 'twilio';
import { twilioSenderFaults } from '../../../domain/notifications/twilio-sender-faults.ts';
import { outageFrom, parseRetryAfter, SendOutage } from './send-outage.ts';
import type { SendResult } from './senders.ts';
import { createHttpAgents, type SendTimeouts } from './timeouts.ts';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  /** Replaces scheme, host and port of every Twilio address; nothing for Twilio itself. */
  baseUrl?: string;
  timeouts: SendTimeouts;
}

/**
 * Twilio's own client on our timeouts. What says nothing about the request itself, no answer, a 429 or a 5xx,
 * is already thrown here as `SendOutage`, because Twilio's exception drops the `Retry-After` header.
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
      throw new SendOutage('twilio', code, parseRetryAfter(headerOf(answer, 'retry-after'), new Date()));
    }
    return answer;
  };
  return twilio(account.accountSid, account.authToken, { httpClient });
}

/**
 * Twilio's error code of a refused request, for example `21211`; throws everything that is no refusal by Twilio.
 * @throws SendOutage
 */
export function twilioCodeOf(thrown: unknown): string {
  if (!(thrown instanceof twilio.RestException)) throw outageFrom('twilio', thrown);
  return thrown.code === undefined ? `http-${thrown.status}` : String(thrown.code);
}

/**
 * Gives something to Twilio. What `permanentCodes` names, each with Twilio's meaning, no repeat within a notice's life can
 * turn; every other code is about our account or the moment (20003 wrong credentials, 21606 a From that is not ours, …).
 * @throws SendOutage
 */
export async function sendThroughTwilio(
  create: () => Promise<{ sid?: string }>,
  permanentCodes: ReadonlyMap<string, string>,
): Promise<SendResult> {
  try {
    const { sid } = await create();
    // an answer without it is not Twilio's: something between us and it has answered
    if (!sid) throw new SendOutage('twilio', 'no-sid');
    return { status: 'sent', providerMessageId: sid };
  } catch (thrown) {
    const code = twilioCodeOf(thrown);
    if (permanentCodes.has(code)) return { status: 'refused', code };
    throw new SendOutage('twilio', code, undefined, twilioSenderFaults.has(code));
  }
}

/**
 * Where the fate of each attempt is told. None where Twilio itself would have to reach this machine: it refuses a
 * text whose callback it cannot call.
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
  const door = of === 'texts' ? 'status' : 'calls';
  return (attemptId) => `${publicUrl}/v1/webhooks/twilio/${door}?attempt=${attemptId}`;
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
