import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import type { MailboxMessage } from '../mailbox/message-store.ts';
import {
  failTwilio,
  isAccepted,
  isRouted,
  messageResource,
  sentenceOf,
  type TwilioRequest,
} from './twilio-answers.ts';
import { sendStatusCallbacks, type TwilioDependencies, type TwilioStep } from './twilio-callbacks.ts';

/** `POST …/Messages.json`: accepts a text and posts its statuses to the callback address. */
export async function createMessage(
  dependencies: TwilioDependencies,
  request: TwilioRequest,
  response: Response,
): Promise<void> {
  const form: Record<string, string | undefined> = { ...request.body };
  const { To: to = '', Body: text = '', StatusCallback: callbackUrl } = form;
  const from = form['From'] ?? form['MessagingServiceSid'];
  const invalid = invalidCode(to, from, text);
  if (invalid !== undefined) return failTwilio(response, invalid, sentenceOf(invalid, to));

  if (dependencies.optOuts.has(to)) return failTwilio(response, '21610');
  const fault = dependencies.faults.consume('text', to);
  if (!(await isAccepted(fault, { request, response, refusal: '21610' }))) return;
  const { accountSid } = request.params;
  const message = dependencies.store.add({
    channel: 'text',
    to,
    from,
    text,
    providerMessageId: `SM${randomBytes(16).toString('hex')}`,
    status: 'accepted',
  });
  const end: TwilioStep =
    fault?.kind === 'undelivered'
      ? { status: 'undelivered', code: fault.code ?? '30003' }
      : { status: 'delivered' };
  const steps = [{ status: 'queued' }, { status: 'sent' }, end];
  const formOf = (step: TwilioStep) => callbackForm(message, accountSid, step);
  dependencies.background.run(() =>
    sendStatusCallbacks(dependencies, message, callbackUrl, { steps, formOf }),
  );
  response.status(201).json({ ...messageResource(message, accountSid), status: 'queued' });
}

function invalidCode(to: string, from: string | undefined, text: string): string | undefined {
  if (to === '') return '21604';
  if (!from) return '21603';
  if (text === '') return '21602';
  if (to === from) return '21266';
  if (!isRouted(to)) return '21211';
  return text.length > 1_600 ? '21617' : undefined;
}

function callbackForm(
  { providerMessageId, to, from }: MailboxMessage,
  accountSid: string,
  { status, code }: TwilioStep,
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
