import { randomBytes, randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { type Faults, playFault } from './faults.ts';
import { type Later, told } from './later.ts';
import type { MessageStore, OutboxMessage } from './message-store.ts';
import { sesAnswer, sesError } from './ses-answers.ts';
import { addressFault, type QueryParameters, rawMailOf, type SesMail, simpleMailOf } from './ses-mail.ts';
import { postSnsEnvelope, sesNotification, snsEnvelope } from './ses-notifications.ts';

export interface SesDependencies {
  store: MessageStore;
  faults: Faults;
  later: Later;
  /** Where SNS would post deliveries and bounces; nobody is told without it. */
  notificationUrl?: string;
}

/**
 * SES's Query protocol, as far as sending goes: SendRawEmail, SendEmail, GetSendQuota, GetAccountSendingEnabled.
 * A request needs an AWS signature, which is not verified: the double has no secret to verify it with.
 */
export function sesRouter(dependencies: SesDependencies): Router {
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: '40mb', parameterLimit: 1_000 });
  router.post('/', form, (request, response) => act(dependencies, request, response));
  return router;
}

async function act(dependencies: SesDependencies, request: Request, response: Response): Promise<void> {
  if (!request.get('authorization')?.startsWith('AWS4-HMAC-SHA256 ')) {
    return fail(response, 'MissingAuthenticationToken');
  }
  const parameters: QueryParameters = { ...request.body };
  const action = parameters['Action'] ?? '';
  switch (action) {
    case 'SendRawEmail':
      return send(dependencies, action, await rawMailOf(parameters), request, response);
    case 'SendEmail':
      return send(dependencies, action, simpleMailOf(parameters), request, response);
    case 'GetSendQuota':
      return succeed(response, action, quota(dependencies.store));
    case 'GetAccountSendingEnabled':
      return succeed(response, action, { Enabled: 'true' });
    default:
      return fail(response, 'InvalidAction');
  }
}

function succeed(response: Response, action: string, fields: Record<string, string>): void {
  response.type('text/xml').send(sesAnswer(action, fields));
}

function fail(response: Response, code: string, message?: string, retryAfterSeconds?: number): void {
  const { status, xml } = sesError(code, message);
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', retryAfterSeconds);
  response.status(status).type('text/xml').send(xml);
}

function quota(store: MessageStore): Record<string, string> {
  const dayAgo = new Date(Date.now() - 24 * 60 * 60 * 1_000).toISOString();
  const sent = store.list().filter(({ channel, at }) => channel === 'email' && at > dayAgo);
  return { Max24HourSend: '50000.0', MaxSendRate: '14.0', SentLast24Hours: `${sent.length}.0` };
}

async function send(
  dependencies: SesDependencies,
  action: string,
  mail: SesMail,
  request: Request,
  response: Response,
): Promise<void> {
  if (mail.recipients.length === 0)
    return fail(response, 'InvalidParameterValue', "Missing required header 'To'.");
  const invalid = mail.recipients.map(addressFault).find((sentence) => sentence !== undefined);
  if (invalid !== undefined) return fail(response, 'InvalidParameterValue', invalid);

  const faults = mail.recipients.map((to) => dependencies.faults.take('email', to));
  for (const fault of faults) {
    if (!(await playFault(fault, request))) return;
    if (fault?.kind === 'outage' || fault?.kind === 'refuse') {
      const usual = fault.kind === 'outage' ? 'ServiceUnavailable' : 'MessageRejected';
      return fail(response, fault.code ?? usual, fault.message, fault.retryAfterSeconds);
    }
  }
  const providerMessageId = `0100${randomBytes(6).toString('hex')}-${randomUUID()}-000000`;
  for (const [index, to] of mail.recipients.entries()) {
    const { recipients: _, ...content } = mail;
    const message = dependencies.store.add({
      channel: 'email',
      to,
      ...content,
      providerMessageId,
      status: 'sent',
    });
    const fault = faults[index];
    const bounceCode = fault?.kind === 'bounce' ? (fault.code ?? '5.1.1') : undefined;
    dependencies.later.run(() => deliver(dependencies, message, bounceCode));
  }
  succeed(response, action, { MessageId: providerMessageId });
}

async function deliver(
  { store, later, notificationUrl }: SesDependencies,
  message: OutboxMessage,
  bounceCode?: string,
): Promise<void> {
  await later.pause();
  const outcome = bounceCode === undefined ? 'delivered' : 'bounced';
  if (notificationUrl === undefined) {
    store.addStatus(message.id, { status: outcome, code: bounceCode });
    return;
  }
  const envelope = snsEnvelope(sesNotification(message, bounceCode));
  const answer = await told(postSnsEnvelope(notificationUrl, envelope, later.signal));
  store.addStatus(message.id, { status: outcome, code: bounceCode, told: answer });
}
