import type { Request } from 'express';
import twilio from 'twilio';
import type { CallerByKind } from '../access.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../http/problems.ts';
import { readFormBody, readTextBody } from '../http/read-body.ts';
import { createSnsVerifier } from './sns.ts';

/** As long as Twilio lets a message be (its error 21617); a longer one is read this far. */
const maxFieldCharacters = 1600;

/** A field as the rest may read it: Postgres takes no NUL, and what reads texts takes its time for long ones. */
function sanitizeField(value: string): string {
  const text = value.replaceAll('\0', '');
  return text.length <= maxFieldCharacters
    ? text
    : text.slice(0, maxFieldCharacters).replace(/[\ud800-\udbff]$/, '');
}

/**
 * Who calls as a provider: whoever signed what the body says. So the body is read here, and what it says is the
 * caller. Without settings nobody is let in.
 */
export function createWebhookAuth({ settings, log, now }: Deps) {
  const { webhooks } = settings;
  const admitSns = webhooks && createSnsVerifier(webhooks, { log, now });
  return {
    async twilio(request: Request): Promise<CallerByKind['twilio']> {
      const signature = request.get('X-Twilio-Signature');
      if (!webhooks || !signature) return fail('not-signed');
      const fields = await readFormBody(request);
      // the address as Twilio was given it: what the request says of our host can be anything
      const url = settings.publicUrl + request.originalUrl;
      if (!twilio.validateRequest(webhooks.twilioAuthToken, signature, url, fields)) fail('not-signed');
      return Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [
          name,
          typeof value === 'string' ? sanitizeField(value) : value.map(sanitizeField),
        ]),
      );
    },
    async sns(request: Request): Promise<CallerByKind['sns']> {
      return admitSns ? admitSns(await readTextBody(request)) : fail('not-signed');
    },
  };
}
