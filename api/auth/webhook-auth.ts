import type { Request } from 'express';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import type { CallerByKind } from '../access.ts';
import type { Deps } from '../deps.ts';
import { fail } from '../http/problems.ts';
import { readFormBody, readTextBody } from '../http/requests/read-body.ts';
import { createSnsVerifier } from './sns.ts';

/** Maximum length of a text message at Twilio (error 21617); longer fields are cut here. */
const maxFieldCharacters = 1600;

/**
 * Removes NUL characters, which Postgres refuses, and cuts long fields, which would slow down the parsing of replies.
 */
function sanitizeField(value: string): string {
  const text = value.replaceAll('\0', '');
  return text.length <= maxFieldCharacters
    ? text
    : text.slice(0, maxFieldCharacters).replace(/[\ud800-\udbff]$/, '');
}

/**
 * Creates the authentication of webhook calls by the provider's signature. The signature covers the body, so the body is
 * read here, and its content is what the handler gets as `caller`. Without webhook settings every call is refused.
 */
export function createWebhookAuth({ settings, log, now }: Deps) {
  const { webhooks } = settings;
  const verifySns = webhooks && createSnsVerifier(webhooks, { log, now });
  return {
    async twilio(request: Request): Promise<CallerByKind['twilio']> {
      const signature = request.get('X-Twilio-Signature');
      if (!webhooks || !signature) return fail('not-signed');
      const fields = await readFormBody(request);
      // the URL that Twilio was configured with: the request's own `Host` header can be forged
      const url = settings.publicUrl + request.originalUrl;
      if (!validateRequest(webhooks.twilioAuthToken, signature, url, fields)) fail('not-signed');
      return Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [
          name,
          typeof value === 'string' ? sanitizeField(value) : value.map(sanitizeField),
        ]),
      );
    },
    async sns(request: Request): Promise<CallerByKind['sns']> {
      return verifySns ? verifySns(await readTextBody(request)) : fail('not-signed');
    },
  };
}
