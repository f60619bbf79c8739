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
  /** Where Twilio hands in texts to our number; none are taken without it. */
  messagesUrl: () => string | undefined;
}

const replySchema = z.strictObject({
  from: z.string().regex(/^\+[1-9]\d{7,14}$/),
  text: z.string().max(1_600),
});

/**
 * `POST /texts`: somebody texts us. What the service answers goes to that phone, as Twilio carries TwiML out; a word that
 * ends texts is answered by Twilio itself, and nothing else is.
 */
export function repliesRouter({ store, optOuts, authToken, messagesUrl }: ReplyDependencies): Router {
  const router = express.Router();
  router.post('/texts', express.json(), async (request, response) => {
    const parsed = replySchema.safeParse(request.body);
    const url = messagesUrl();
    if (!parsed.success || url === undefined) {
      const title = url === undefined ? 'nobody reads texts' : 'no such text';
      response.status(422).type('application/problem+json').send({ title, status: 422 });
      return;
    }
    const { from, text } = parsed.data;
    const [latest] = store.list(from);
    const form = formOf({ from, to: latest?.from ?? '+15005550006', text });
    const own = optOuts.receive(from, text);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': twilioSignature(authToken, url, form) },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(15_000),
      redirect: 'manual',
    });
    // what is to be said to a phone that has stopped is refused like any other text to it
    const answers = optOuts.has(from) ? [] : messagesIn(await answer.text());
    for (const said of own === undefined ? answers : [own]) {
      const providerMessageId = `SM${randomBytes(16).toString('hex')}`;
      store.add({
        channel: 'text',
        to: from,
        from: form['To'],
        text: said,
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

/** The texts that TwiML wants sent. */
function messagesIn(twiml: string): string[] {
  return [...twiml.matchAll(/<Message[^>]*>([^<]*)<\/Message>/g)].map(([, text = '']) =>
    text.replaceAll(/&(\w+);/g, (entity, name: string) => entities[name] ?? entity),
  );
}
