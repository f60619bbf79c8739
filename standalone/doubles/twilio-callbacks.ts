import { createHmac } from 'node:crypto';
import { type Later, told } from './later.ts';
import type { MessageStore, OutboxMessage } from './message-store.ts';

export interface CallbackDependencies {
  store: MessageStore;
  later: Later;
  authToken: string;
}

/** How a text's way ends: with a code where a carrier did not deliver it. */
export interface TextOutcome {
  status: 'delivered' | 'undelivered';
  code?: string;
}

/** Takes a text from queued to its outcome and tells each step to the callback address, one after another. */
export async function tellStatuses(
  { store, later, authToken }: CallbackDependencies,
  message: OutboxMessage,
  accountSid: string,
  callbackUrl: string | undefined,
  outcome: TextOutcome,
): Promise<void> {
  for (const step of [{ status: 'queued' }, { status: 'sent' }, outcome]) {
    await later.pause();
    const form = callbackForm(message, accountSid, step);
    const answer =
      callbackUrl === undefined ? undefined : await told(post(callbackUrl, form, authToken, later.signal));
    store.addStatus(message.id, { ...step, told: answer });
  }
}

function callbackForm(
  { providerMessageId, to, from }: OutboxMessage,
  accountSid: string,
  { status, code }: { status: string; code?: string },
): Record<string, string> {
  return {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    From: from ?? '',
    MessageSid: providerMessageId,
    MessageStatus: status,
    SmsSid: providerMessageId,
    SmsStatus: status,
    To: to,
    ...(code !== undefined && { ErrorCode: code }),
  };
}

async function post(
  url: string,
  form: Record<string, string>,
  authToken: string,
  signal: AbortSignal,
): Promise<{ status: number }> {
  return fetch(url, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': twilioSignature(authToken, url, form) },
    body: new URLSearchParams(form),
    signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    redirect: 'manual',
  });
}

/** Twilio's signature of a webhook: HMAC-SHA1 over the address and the sorted form fields, in base64. */
export function twilioSignature(authToken: string, url: string, form: Record<string, string>): string {
  const fields = Object.keys(form)
    .toSorted()
    .map((name) => name + form[name]);
  return createHmac('sha1', authToken)
    .update(url + fields.join(''))
    .digest('base64');
}
