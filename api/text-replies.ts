import { marketplaceTimeZone } from '../domain/calendar.ts';
import { sentencesIn } from '../domain/catalog/catalog.ts';
import { readReply, type TextAnswer, type TextReply } from '../domain/text-reply.ts';
import type { Tx } from '../store/database.ts';
import { offerByCode } from '../store/offer-replies.ts';
import { keepAnswer, keepReply, languageOfPhone, startTexts, stopTexts } from '../store/text-opt-outs.ts';
import type { Deps } from './deps.ts';
import { problemOf } from './errors.ts';
import { createOfferAnswers } from './offer-answers.ts';
import type { ProblemType } from './problems.ts';
import type { InboundText } from './schemas/webhooks.ts';

/** What is answered to a reply, in which language, and whether that is the last word. */
interface Answered {
  answer: TextAnswer | undefined;
  language: string;
  done: boolean;
}

type OfferReply = Extract<TextReply, { code: string }>;

/** One more try can change these: the answer is not kept, and the same message again is taken anew. */
const undecided: ReadonlySet<ProblemType> = new Set(['unavailable', 'offer-busy']);

/**
 * Takes replies to our texts in, and tells what to say back. The same message again gets the first answer and does
 * nothing. Who opts out gets one confirmation, and no answer to asking once more.
 */
export function createReplyDesk(deps: Deps): (text: InboundText) => Promise<string | undefined> {
  const offers = createOfferAnswers(deps);

  return async (text) => {
    const reply = readReply(text.Body);
    const { done, language, ...before } = await takeIn(text, reply);
    const isNew = !done && 'code' in reply;
    const answer = isNew ? await answerOffer(reply, text) : before.answer;
    const sentences = sentencesIn(language);
    const late = answer === 'offer-over' && 'code' in reply ? await offerOf(reply, text) : undefined;
    if (late?.endedAs && late.endedAt) {
      const when = { now: deps.now(), timeZone: late.timeZone ?? marketplaceTimeZone };
      return sentences.lateTextAnswer(late.endedAs, { endedAt: late.endedAt, when });
    }
    return answer && sentences.textAnswer[answer];
  };

  /** Keeps the reply, and does what it asks of texts; an offer is answered afterwards. */
  async function takeIn(text: InboundText, reply: TextReply): Promise<Answered> {
    const { MessageSid: providerMessageId, From: phone, OptOutType } = text;
    const at = deps.now();
    return deps.db.transaction().execute(async (tx) => {
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
  }

  /** Answers an offer by its short code, as the inbox would; the update's own id makes a repeat harmless. */
  async function answerOffer(reply: OfferReply, text: InboundText): Promise<TextAnswer> {
    const { answer, isFinal } = await answered(reply, text);
    if (isFinal) await keepAnswer(deps.db, text.MessageSid, answer);
    return answer;
  }

  async function answered(
    reply: OfferReply,
    text: InboundText,
  ): Promise<{ answer: TextAnswer; isFinal: boolean }> {
    const offer = await offerOf(reply, text);
    if (!offer) return { answer: 'answer-in-inbox', isFinal: true };
    try {
      if (reply.kind === 'accept') await offers.accept(offer);
      else await offers.decline({ ...offer, reason: 'other' });
      return { answer: reply.kind === 'accept' ? 'offer-accepted' : 'offer-declined', isFinal: true };
    } catch (error) {
      const { type } = problemOf(error);
      if (type === 'unexpected') throw error;
      if (type === 'not-answered-yet') return { answer: 'answer-on-its-way', isFinal: false };
      const answer = type === 'offer-ended' ? 'offer-over' : 'answer-in-inbox';
      return { answer, isFinal: !undecided.has(type) };
    }
  }

  function offerOf({ code }: OfferReply, { From: phone }: InboundText) {
    return offerByCode(deps.db, { phone, code });
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
