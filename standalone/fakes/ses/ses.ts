import { randomBytes, randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { BackgroundTasks } from '../background-tasks.ts';
import { applyFault, type Fault, type Faults } from '../faults.ts';
import type { MailboxMessage, MessageStore } from '../mailbox/message-store.ts';
import { sesAnswer, sesError } from './ses-answers.ts';
import { addressFault, type QueryParameters, rawMailOf, type SesMail, simpleMailOf } from './ses-mail.ts';
import { bounceTypes, type MailOutcome, publish, sesEvent } from './ses-notifications.ts';
import type { Sns } from './sns.ts';

export interface SesDependencies {
  store: MessageStore;
  faults: Faults;
  background: BackgroundTasks;
  sns: Sns;
  /** Webhook that SNS posts the outcomes of mails to; without it none are posted. */
  notificationUrl: () => string | undefined;
}

/**
 * Fakes the sending part of SES's Query protocol: SendRawEmail, SendEmail, GetSendQuota, GetAccountSendingEnabled.
 * `POST /messages/{id}/outcomes` makes a delivered mail bounce or its reader complain, for tests and for the page.
 * A request needs an AWS signature, which is not verified, because the fake has no secret to verify it with.
 */
export function sesRouter(dependencies: SesDependencies): Router {
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: '40mb', parameterLimit: 1_000 });
  router.post('/', form, (request, response) => handleAction(dependencies, request, response));
  router.post('/messages/:id/outcomes', express.json(), (request: Request<{ id: string }>, response) => {
    const message = dependencies.store.find(request.params.id);
    const outcome = outcomeSchema.safeParse(request.body).data;
    if (message?.channel !== 'email' || outcome === undefined) {
      const status = outcome === undefined ? 422 : 404;
      response.status(status).type('application/problem+json').send({ title: 'no such outcome', status });
      return;
    }
    const { is, code = usualCodes[is], bounceType } = outcome;
    dependencies.background.run(() => deliver(dependencies, message, [{ is, code, bounceType }]));
    response.status(202).end();
  });
  return router;
}

const usualErrors = {
  outage: 'ServiceUnavailable',
  refuse: 'MessageRejected',
  throttle: 'Throttling',
} as const;

const usualCodes = { bounced: '5.1.1', complained: 'abuse' } as const;

/** Later outcomes of a delivered mail. */
const outcomeSchema = z
  .strictObject({
    is: z.enum(['bounced', 'complained']),
    code: z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .optional(),
    bounceType: z.enum(bounceTypes).optional(),
  })
  .refine(({ is, bounceType }) => bounceType === undefined || is === 'bounced');

async function handleAction(
  dependencies: SesDependencies,
  request: Request,
  response: Response,
): Promise<void> {
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
  if (mail.recipients.length > 50)
    return fail(response, 'InvalidParameterValue', 'Recipient count exceeds 50.');
  const invalid = mail.recipients.map(addressFault).find((sentence) => sentence !== undefined);
  if (invalid !== undefined) return fail(response, 'InvalidParameterValue', invalid);

  const faults = mail.recipients.map((to) => dependencies.faults.consume('email', to));
  for (const fault of faults) {
    if (!(await applyFault(fault, request))) return;
    if (fault?.kind === 'outage' || fault?.kind === 'refuse' || fault?.kind === 'throttle') {
      const usual = usualErrors[fault.kind];
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
    dependencies.background.run(() => deliver(dependencies, message, outcomesOf(fault)));
  }
  succeed(response, action, { MessageId: providerMessageId });
}

/** Outcomes that a fault leads to. A complaint follows a delivery, because a reader complains about mail that arrived. */
function outcomesOf(fault: Fault | undefined): MailOutcome[] {
  if (fault?.kind === 'bounce') {
    const { code = usualCodes.bounced, bounceType } = fault;
    return [{ is: 'bounced', code, bounceType }];
  }
  if (fault?.kind === 'complaint')
    return [{ is: 'delivered' }, { is: 'complained', code: fault.code ?? usualCodes.complained }];
  return [{ is: 'delivered' }];
}

async function deliver(
  { store, background, sns, notificationUrl }: SesDependencies,
  message: MailboxMessage,
  outcomes: readonly MailOutcome[],
): Promise<void> {
  for (const outcome of outcomes) {
    await background.pause();
    const url = notificationUrl();
    const answer = url && (await publish(sns, url, sesEvent(message, outcome), background));
    const code = outcome.is === 'delivered' ? {} : { code: outcome.code };
    store.addStatus(message.id, { status: outcome.is, ...code, ...(answer && { told: answer }) });
  }
}
