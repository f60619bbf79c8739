import { readReply, type TextAnswer, type TextReply } from '../domain/text-reply.ts';
import type { Tx } from '../store/database.ts';
import { offerByCode } from '../store/offer-replies.ts';
import { keepAnswer, keepReply, languageOfPhone, startTexts, stopTexts } from '../store/text-opt-outs.ts';
import type { Deps } from './deps.ts';
import { problemOf } from './errors.ts';
import { createOfferAnswers } from './offer-answers.ts';
import type { InboundText } from './schemas/webhooks.ts';

/** What is answered to a reply, and in which language. */
export interface Answered {
  answer: TextAnswer | undefined;
  language: string;
}

/**
 * Takes replies to our texts in. The same message again gets the first answer and does nothing. Who opts out gets one
 * confirmation, and no answer to asking once more.
 */
export function createReplyDesk(deps: Deps): (text: InboundText) => Promise<Answered> {
  const offers = createOfferAnswers(deps);

  return async ({ MessageSid: providerMessageId, From: phone, Body, OptOutType }) => {
    const reply = readReply(Body);
    const at = deps.now();
    const { done, ...answered } = await deps.db.transaction().execute(async (tx) => {
      const language = await languageOfPhone(tx, phone);
      const before = await keepReply(tx, { providerMessageId, phone, kind: reply.kind, at });
      if (before) return { language, answer: before.answer ?? undefined, done: before.answer !== null };
      if ('code' in reply) return { language, answer: undefined, done: false };
      const answer = await changeTexts(tx, reply.kind, phone, at);
      // where Twilio keeps a list of its own it has answered already
      const said = OptOutType ? undefined : answer;
      if (said) await keepAnswer(tx, providerMessageId, said);
      return { language, answer: said, done: true };
    });
    if (done || !('code' in reply)) return answered;
    const answer = await answerOffer(reply, phone);
    await keepAnswer(deps.db, providerMessageId, answer);
    return { ...answered, answer };
  };

  /** Answers an offer by its short code, as the inbox would; the update's own id makes a repeat harmless. */
  async function answerOffer(
    reply: Extract<TextReply, { code: string }>,
    phone: string,
  ): Promise<TextAnswer> {
    const offer = await offerByCode(deps.db, { phone, code: reply.code });
    if (!offer) return 'answer-in-inbox';
    try {
      if (reply.kind === 'accept') await offers.accept(offer);
      else await offers.decline({ ...offer, reason: 'other' });
      return reply.kind === 'accept' ? 'offer-accepted' : 'offer-declined';
    } catch (error) {
      const { type } = problemOf(error);
      if (type === 'unexpected') throw error;
      return type === 'offer-ended' ? 'offer-over' : 'answer-in-inbox';
    }
  }
}

async function changeTexts(
  tx: Tx,
  kind: Exclude<TextReply, { code: string }>['kind'],
  phone: string,
  at: Date,
): Promise<TextAnswer | undefined> {
  switch (kind) {
    case 'stop':
      return (await stopTexts(tx, { phone, by: 'reply', at })) ? 'stopped' : undefined;
    case 'unclear':
      // whoever is not understood may have meant it: no texts until ops or the person say otherwise
      return (await stopTexts(tx, { phone, by: 'unclear-reply', at })) ? 'stopped-for-now' : undefined;
    case 'start':
      await startTexts(tx, { phone, at });
      return 'started';
    case 'help':
      return 'help';
  }
}
