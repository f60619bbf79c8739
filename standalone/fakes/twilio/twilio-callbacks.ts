import { createHmac } from 'node:crypto';
import { withTimeLimit } from '../../../runtime/stop-signals.ts';
import { type BackgroundTasks, callbackResult } from '../background-tasks.ts';
import type { Faults } from '../faults.ts';
import type { MailboxMessage, MessageStore } from '../mailbox/message-store.ts';
import type { OptOuts } from './twilio-opt-outs.ts';

export interface CallbackDependencies {
  store: MessageStore;
  background: BackgroundTasks;
  authToken: string;
}

export interface TwilioDependencies extends CallbackDependencies {
  faults: Faults;
  optOuts: OptOuts;
}

/** A status of a message in Twilio's own word, with the error code if it failed. */
export interface TwilioStep {
  status: string;
  code?: string;
}

/** Posts each status of a message to the callback address, one after another. */
export async function sendStatusCallbacks(
  { store, background, authToken }: CallbackDependencies,
  message: MailboxMessage,
  callbackUrl: string | undefined,
  { steps, formOf }: { steps: readonly TwilioStep[]; formOf: (step: TwilioStep) => Record<string, string> },
): Promise<void> {
  for (const step of steps) {
    await background.pause();
    const answer =
      callbackUrl === undefined
        ? undefined
        : await callbackResult(post(callbackUrl, formOf(step), authToken, background.signal));
    store.addStatus(message.id, { ...step, told: answer });
  }
}

async function post(
  url: string,
  form: Record<string, string>,
  authToken: string,
  signal: AbortSignal,
): Promise<{ status: number }> {
  return withTimeLimit({ withinMs: 15_000, stopping: signal }, (ended) =>
    fetch(url, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': twilioSignature(authToken, url, form) },
      body: new URLSearchParams(form),
      signal: ended,
      redirect: 'manual',
    }),
  );
}

/** Signs a webhook as Twilio does: HMAC-SHA1 over the address and the sorted form fields, in base64. */
export function twilioSignature(authToken: string, url: string, form: Record<string, string>): string {
  const fields = Object.keys(form)
    .toSorted()
    .map((name) => name + form[name]);
  return createHmac('sha1', authToken)
    .update(url + fields.join(''))
    .digest('base64');
}
