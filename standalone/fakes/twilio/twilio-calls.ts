import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import { XMLParser } from 'fast-xml-parser';
import { failTwilio, isAccepted, isRouted, sentenceOf, type TwilioRequest } from './twilio-answers.ts';
import { sendStatusCallbacks, type TwilioDependencies, type TwilioStep } from './twilio-callbacks.ts';

/** `POST …/Calls.json`: the call is answered and heard to its end, unless a fault gives it another end. */
export async function createCall(
  dependencies: TwilioDependencies,
  request: TwilioRequest,
  response: Response,
): Promise<void> {
  const form: Record<string, string | undefined> = { ...request.body };
  const { To: to = '', From: from = '', Twiml: twiml = '', StatusCallback: callbackUrl } = form;
  const invalid = invalidCode(to, from, twiml);
  if (invalid !== undefined) return failTwilio(response, invalid, sentenceOf(invalid, to));

  const fault = dependencies.faults.consume('voice', to);
  if (!(await isAccepted(fault, { request, response, refusal: '21216' }))) return;
  const { accountSid } = request.params;
  const call = dependencies.store.add({
    channel: 'voice',
    to,
    from,
    text: spokenIn(twiml),
    providerMessageId: `CA${randomBytes(16).toString('hex')}`,
    status: 'queued',
  });
  const { providerMessageId: sid } = call;
  const common = { AccountSid: accountSid, ApiVersion: '2010-04-01', Direction: 'outbound-api' };
  const formOf = ({ status }: TwilioStep) => ({
    ...common,
    CallSid: sid,
    CallStatus: status,
    CallbackSource: 'call-progress-events',
    From: from,
    To: to,
  });
  // without `StatusCallbackEvent` Twilio reports only the end
  const steps = [{ status: fault?.kind === 'undelivered' ? (fault.code ?? 'no-answer') : 'completed' }];
  dependencies.background.run(() => sendStatusCallbacks(dependencies, call, callbackUrl, { steps, formOf }));
  response.status(201).json({
    account_sid: accountSid,
    api_version: '2010-04-01',
    direction: 'outbound-api',
    from,
    sid,
    status: 'queued',
    to,
    uri: `/2010-04-01/Accounts/${accountSid}/Calls/${sid}.json`,
  });
}

function invalidCode(to: string, from: string, twiml: string): string | undefined {
  if (to === '') return '21201';
  if (!isRouted(from)) return '21212';
  if (twiml === '') return '21205';
  return isRouted(to) ? undefined : '21211';
}

/** Returns the spoken text of TwiML. Attributes, which choose the voice, are ignored. */
function spokenIn(twiml: string): string {
  const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false });
  const { Response: response } = parser.parse(twiml) as { Response?: { Say?: string | string[] } };
  return [response?.Say ?? []].flat().join('\n');
}
