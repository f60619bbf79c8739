import express, { type Router } from 'express';
import { failTwilio, messageResource, type TwilioRequest, twilioAuthentication } from './twilio-answers.ts';
import type { TwilioDependencies } from './twilio-callbacks.ts';
import { createCall } from './twilio-calls.ts';
import { lookupResource } from './twilio-lookup.ts';
import { createMessage } from './twilio-messages.ts';

/** Fakes Twilio's REST API: creates and reads messages, creates calls, and answers Lookup v2. */
export function twilioRouter(dependencies: TwilioDependencies): Router {
  const router = express.Router();
  const authenticated = twilioAuthentication(dependencies.authToken);
  const account = '/2010-04-01/Accounts/:accountSid';

  router.use([account, '/v2/PhoneNumbers'], authenticated);
  const form = express.urlencoded({ extended: false });
  router.post(`${account}/Messages.json`, form, (request: TwilioRequest, response) =>
    createMessage(dependencies, request, response),
  );
  router.post(`${account}/Calls.json`, form, (request: TwilioRequest, response) =>
    createCall(dependencies, request, response),
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
