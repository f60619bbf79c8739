import { randomBytes } from 'node:crypto';
import express, { type Router } from 'express';
import { z } from 'zod';
import type { MessageStore } from '../mailbox/message-store.ts';
import { twilioSignature } from './twilio-callbacks.ts';
import type { OptOuts } from './twilio-opt-outs.ts';

export interface ReplyDependencies {
  store: MessageStore;
  optOuts: OptOuts;
  authToken: string;
  /** Webhook that Twilio posts incoming texts to; without it texts are refused. */
  messagesUrl: () => string | undefined;
}

const replySchema = z.strictObject({
  from: z.string().regex(/^\+[1-9]\d{7,14}$/),
  text: z.string().max(1_600),
});

/**
 * `POST /texts`: a person sends a text to the service. The messages of the service's TwiML response go to that phone. An
 * opt-out word gets Twilio's own reply instead.
 */
export function repliesRouter({ store, optOuts, authToken, messagesUrl }: ReplyDependencies): Router {
  const router = express.Router();
  router.post('/texts', express.json(), async (request, response) => {
    const parsed = replySchema.safeParse(request.body);
    const url = messagesUrl();
    if (!parsed.success || url === undefined) {
      const title = url === undefined ? 'no webhook for incoming texts' : 'not a text';
      response.status(422).type('application/problem+json').send({ title, status: 422 });
      return;
    }
    const { from, text } = parsed.data;
    const [latest] = store.list(from);
    const form = formOf({ from, to: latest?.from ?? '+15005550006', text });
    const twilioReply = optOuts.receive(from, text);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': twilioSignature(authToken, url, form) },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(15_000),
      redirect: 'manual',
    });
    // a reply to a phone that has opted out is refused like any other text to it
    const answers = optOuts.has(from) ? [] : messagesIn(await answer.text());
    for (const replyText of twilioReply === undefined ? answers : [twilioReply]) {
      const providerMessageId = `SM${randomBytes(16).toString('hex')}`;
      store.add({
        channel: 'text',
        to: from,
        from: form['To'],
        text: replyText,
        providerMessageId,
        status: 'sent',
      });
    }
    response.status(201).json({ status: answer.status, answers });
  });
  return router;
}

function formOf({ from, to, text }: { from: string; to: string; text: string }): Record<string, string> {
  const sid = `SM${randomBytes(16).toString('hex')}`;
  return {
    AccountSid: `AC${'0'.repeat(32)}`,
    ApiVersion: '2010-04-01',
    Body: text,
    From: from,
    FromCountry: 'US',
    MessageSid: sid,
    NumMedia: '0',
    NumSegments: '1',
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'received',
    To: to,
    ToCountry: 'US',
  };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Texts of the `<Message>` elements of TwiML. */
function messagesIn(twiml: string): string[] {
  return [...twiml.matchAll(/<Message[^>]*>([^<]*)<\/Message>/g)].map(([, text = '']) =>
    text.replaceAll(/&(\w+);/g, (entity, name: string) => entities[name] ?? entity),
  );
}
