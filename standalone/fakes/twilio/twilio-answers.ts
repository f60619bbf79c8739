import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { isValidPhoneNumber } from 'libphonenumber-js/max';
import { applyFault, type Fault } from '../faults.ts';
import type { MailboxMessage } from '../mailbox/message-store.ts';

/** A request below an account's path. */
export type TwilioRequest = Request<{ accountSid: string }>;

/** The HTTP status and message of each Twilio error code. */
const errors: Record<string, { status: number; sentence: string }> = {
  '20003': { status: 401, sentence: 'Authenticate' },
  '20404': { status: 404, sentence: 'The requested resource was not found' },
  '20429': { status: 429, sentence: 'Too Many Requests' },
  '20500': { status: 500, sentence: 'Internal Server Error' },
  '20503': { status: 503, sentence: 'Service Unavailable' },
  '21201': { status: 400, sentence: "No 'To' number specified" },
  '21205': { status: 400, sentence: 'Url parameter is required' },
  '21212': { status: 400, sentence: "Invalid 'From' phone number" },
  '21216': { status: 400, sentence: 'Account not allowed to call this phone number' },
  '21211': { status: 400, sentence: "Invalid 'To' Phone Number" },
  '21266': { status: 400, sentence: "'To' and 'From' number cannot be the same" },
  '21408': {
    status: 400,
    sentence: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
  },
  '21602': { status: 400, sentence: 'Message body is required' },
  '21603': { status: 400, sentence: "A 'From' phone number is required" },
  '21604': { status: 400, sentence: "A 'To' phone number is required" },
  '21606': {
    status: 400,
    sentence: "The 'From' phone number is not a valid, message-capable Twilio phone number",
  },
  '21610': { status: 400, sentence: 'Attempt to send to unsubscribed recipient' },
  '21614': { status: 400, sentence: "'To' number is not a valid mobile number" },
  '21617': { status: 400, sentence: 'The concatenated message body exceeds the 1600 character limit' },
  '30034': { status: 400, sentence: 'Message from an Unregistered Number' },
};

/** Answers with an error in Twilio's format. @param message replaces Twilio's usual message */
export function failTwilio(
  response: Response,
  code: string,
  message?: string,
  retryAfterSeconds?: number,
): void {
  const { status, sentence } = errors[code] ?? { status: 400, sentence: 'The request failed' };
  if (status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="Twilio API"');
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', retryAfterSeconds);
  response.status(status).json({
    code: Number(code),
    message: message ?? sentence,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  });
}

/**
 * Applies a fault; if the fault keeps Twilio from accepting the request, answers with its error.
 * @returns true when the request is accepted
 */
export async function isAccepted(
  fault: Fault | undefined,
  { request, response, refusal }: { request: Request; response: Response; refusal: string },
): Promise<boolean> {
  if (!(await applyFault(fault, request))) return false;
  if (fault?.kind !== 'outage' && fault?.kind !== 'refuse' && fault?.kind !== 'throttle') return true;
  const usual = { outage: '20503', refuse: refusal, throttle: '20429' };
  failTwilio(response, fault.code ?? usual[fault.kind], fault.message, fault.retryAfterSeconds);
  return false;
}

/** Twilio's message for a code, where it quotes the number. */
export function sentenceOf(code: string, to: string): string | undefined {
  return code === '21211' ? `Invalid 'To' Phone Number: ${to}` : undefined;
}

/** Checks basic authentication with the account's SID, which must match the path, and the auth token. */
export function twilioAuthentication(authToken: string): RequestHandler<{ accountSid?: string }> {
  return (request, response, next) => {
    const credentials = Buffer.from(
      (request.get('authorization') ?? '').replace(/^Basic /, ''),
      'base64',
    ).toString();
    const [user = '', ...rest] = credentials.split(':');
    const isOwnAccount = /^AC\w+$/.test(user) && (request.params.accountSid ?? user) === user;
    if (isOwnAccount && isEqual(rest.join(':'), authToken)) next();
    else failTwilio(response, '20003');
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const isEqual = (text: string, secret: string) => timingSafeEqual(sha256(text), sha256(secret));

/** Builds a message resource of Twilio's REST API. */
export function messageResource(message: MailboxMessage, accountSid: string): Record<string, unknown> {
  const latest = message.statuses.at(-1);
  const isSent = message.statuses.some(({ status }) => status === 'sent');
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.text,
    date_created: new Date(message.at).toUTCString(),
    date_sent: isSent ? new Date(message.at).toUTCString() : null,
    date_updated: new Date(latest?.at ?? message.at).toUTCString(),
    direction: 'outbound-api',
    error_code: latest?.code === undefined ? null : Number(latest.code),
    error_message: null,
    from: message.from ?? null,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: String(segments(message.text)),
    price: null,
    price_unit: 'USD',
    sid: message.providerMessageId,
    status: latest?.status ?? 'queued',
    subresource_uris: {},
    to: message.to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${message.providerMessageId}.json`,
  };
}

const gsmOnly =
  /^[A-Za-z0-9_ \n\r@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[\]~|€]*$/;

/** Characters that count twice in the GSM alphabet. */
const extended = /[\^{}\\[\]~|€]/g;

/** Number of segments of a text. Segments are shorter when a character is outside the GSM alphabet. */
export function segments(text: string): number {
  const isGsm = gsmOnly.test(text);
  const [single, part] = isGsm ? [160, 153] : [70, 67];
  const length = isGsm ? text.length + (text.match(extended)?.length ?? 0) : text.length;
  return length <= single ? 1 : Math.ceil(length / part);
}

/**
 * Checks if a text or a call can reach a number. Carriers route a new area code from its first day; the library's list
 * and Lookup's list get it later.
 */
export function isRouted(number: string): boolean {
  return isValidPhoneNumber(number) || /^\+1[2-9][0-8]\d[2-9]\d{6}$/.test(number);
}
