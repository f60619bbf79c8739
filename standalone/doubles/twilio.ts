import { randomBytes } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { isValidPhoneNumber } from 'libphonenumber-js/max';
import { type Faults, playFault } from './faults.ts';
import { failTwilio, messageResource, twilioAuthentication } from './twilio-answers.ts';
import { type CallbackDependencies, type TextOutcome, tellStatuses } from './twilio-callbacks.ts';
import { lookupResource } from './twilio-lookup.ts';

export interface TwilioDependencies extends CallbackDependencies {
  faults: Faults;
}

/** Twilio's REST: messages are made and fetched, Lookup v2 names a number's line type. */
export function twilioRouter(dependencies: TwilioDependencies): Router {
  const router = express.Router();
  const authenticated = twilioAuthentication(dependencies.authToken);
  const account = '/2010-04-01/Accounts/:accountSid';

  router.use([account, '/v2/PhoneNumbers'], authenticated);
  router.post(
    `${account}/Messages.json`,
    express.urlencoded({ extended: false }),
    (request: Request<{ accountSid: string }>, response) => createMessage(dependencies, request, response),
  );
  router.get(`${account}/Messages/:file`, (request, response) => {
    const sid = request.params.file.replace(/\.json$/, '');
    const message = dependencies.store.list().find(({ providerMessageId }) => providerMessageId === sid);
    if (message === undefined) failTwilio(response, '20404');
    else response.json(messageResource(message, request.params.accountSid));
  });
  router.get('/v2/PhoneNumbers/:number', (request, response) => {
    const resource = lookupResource(request.params.number, request.query['Fields']);
    if (resource === undefined) failTwilio(response, '20404');
    else response.json(resource);
  });
  return router;
}

async function createMessage(
  dependencies: TwilioDependencies,
  request: Request<{ accountSid: string }>,
  response: Response,
): Promise<void> {
  const form: Record<string, string | undefined> = { ...request.body };
  const { To: to = '', Body: text = '', StatusCallback: callbackUrl } = form;
  const from = form['From'] ?? form['MessagingServiceSid'];
  const invalid = invalidCode(to, from, text);
  if (invalid !== undefined) {
    return failTwilio(
      response,
      invalid,
      invalid === '21211' ? `Invalid 'To' Phone Number: ${to}` : undefined,
    );
  }

  const fault = dependencies.faults.take('text', to);
  if (!(await playFault(fault, request))) return;
  if (fault?.kind === 'outage' || fault?.kind === 'refuse') {
    const usual = fault.kind === 'outage' ? '20503' : '21610';
    return failTwilio(response, fault.code ?? usual, fault.message, fault.retryAfterSeconds);
  }
  const { accountSid } = request.params;
  const message = dependencies.store.add({
    channel: 'text',
    to,
    from,
    text,
    providerMessageId: `SM${randomBytes(16).toString('hex')}`,
    status: 'accepted',
  });
  const outcome: TextOutcome =
    fault?.kind === 'undelivered'
      ? { status: 'undelivered', code: fault.code ?? '30003' }
      : { status: 'delivered' };
  dependencies.later.run(() => tellStatuses(dependencies, message, accountSid, callbackUrl, outcome));
  response.status(201).json({ ...messageResource(message, accountSid), status: 'queued' });
}

function invalidCode(to: string, from: string | undefined, text: string): string | undefined {
  if (to === '') return '21604';
  if (!from) return '21603';
  if (text === '') return '21602';
  if (!isValidPhoneNumber(to)) return '21211';
  return text.length > 1_600 ? '21617' : undefined;
}
