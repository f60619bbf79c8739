import type { OfferReply } from '../../../domain/notifications/offer-reply.ts';
import { readReply, type TextAnswer, type TextReply } from '../../../domain/notifications/read-reply.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import type { Catalog } from '../../../domain/text/sentences.ts';
import { marketplaceTimeZone } from '../../../domain/time/marketplace-calendar.ts';
import { isAgentTerminated } from '../../../store/accounts/sessions.ts';
import { answerTestOffer, testOfferByCode } from '../../../store/agents/test-offers.ts';
import type { Tx } from '../../../store/database/connection.ts';
import {
  areTextsStopped,
  type KeyedPhone,
  keyedPhone,
  languageOfPhone,
  saveAnswers,
  saveReply,
  startTexts,
  stopTexts,
} from '../../../store/notifications/text-opt-outs.ts';
import { answerableCodes, offerByCode } from '../../../store/referrals/offers/offer-replies.ts';
import type { Deps } from '../../deps.ts';
import { toProblem } from '../../http/errors.ts';
import type { ProblemType } from '../../http/problems.ts';
import type { InboundText } from '../../schemas/notifications/webhooks.ts';
import { createOfferCommands } from '../referrals/offers/offer-commands.ts';

/**
 * Problems that a retry can solve: the answer is not saved, and the same message is handled again if Twilio resends
 * it.
 */
const retryableProblems: ReadonlySet<ProblemType> = new Set(['unavailable', 'offer-busy']);

/** Keyword groups that Twilio's Advanced Opt-Out has already applied and answered. */
const optOutTypes: Readonly<Record<string, 'stop' | 'start' | 'help'>> = {
  STOP: 'stop',
  START: 'start',
  HELP: 'help',
};

/**
 * Creates the handler of replies to our texts. It returns the text to send back, if any.
 *
 * One reply can both answer an offer and stop texts. A message that is received again gets the same answers and has no
 * further effect. An opt-out is confirmed once. Automatic replies get no answer. A phone that has stopped texts gets only
 * the answers to START and HELP, but its answers to offers still count.
 */
export function createReplyHandler(deps: Deps): (text: InboundText) => Promise<string | undefined> {
  const offers = createOfferCommands(deps);

  return async (text) => {
    const { replies, isAnsweredByTwilio } = interpretText(text);
    const offerReplies = replies.filter((reply) => 'code' in reply);
    const saved = await saveAndApplyOptOuts(text, replies);
    const { language } = saved;
    let answers = saved.answers;
    if (!saved.isDone) {
      const offerAnswers = [];
      // one after another, because one answer can change the state that the next one finds
      for (const reply of offerReplies) offerAnswers.push(await answerOffer(reply, text));
      answers = [...offerAnswers.map(({ answer }) => answer), ...answers];
      if (saved.isSilent) answers = answers.filter((answer) => answer === 'help');
      // Twilio has answered already, and delivers nothing else to a phone that has stopped
      if (isAnsweredByTwilio) answers = answers.filter((answer) => answer === 'how-to-answer');
      if (offerAnswers.every(({ isFinal }) => isFinal)) await saveAnswers(deps.db, text.MessageSid, answers);
    }
    const sentences = answers.map((answer, index) =>
      sentenceOf(answer, { language, text, reply: offerReplies[index] }),
    );
    return joinAnswers(await Promise.all(sentences));
  };

  /** Saves the reply and applies STOP, START and HELP; offers are answered afterwards. */
  async function saveAndApplyOptOuts(text: InboundText, replies: readonly TextReply[]) {
    const { MessageSid: providerMessageId } = text;
    const phone = keyedPhone(deps.keyring, text.From);
    const at = deps.now();
    return deps.db.transaction().execute(async (tx) => {
      const language = await languageOfPhone(tx, phone);
      const kinds = replies.map(({ kind }) => kind);
      const earlier = await saveReply(tx, { providerMessageId, kinds, at });
      if (earlier?.answers) return { language, answers: earlier.answers, isDone: true, isSilent: false };
      const isSilent = (await areTextsStopped(tx, phone)) && !kinds.includes('start');
      return { language, answers: await applyOptOuts(tx, replies, phone, at), isDone: false, isSilent };
    });
  }

  /** Answers an offer by its short code, as the inbox does; the id of the update makes a repeat harmless. */
  async function answerOffer(
    reply: OfferReply,
    text: InboundText,
  ): Promise<{ answer: TextAnswer; isFinal: boolean }> {
    const { From: phone } = text;
    const at = deps.now();
    const test = await testOfferByCode(deps.db, { phone, code: reply.code, at });
    const found = test ?? (await findOffer(reply, text));
    if (!found) {
      const open = await answerableCodes(deps.db, { phone, at });
      return { answer: open.length > 0 ? 'how-to-answer' : 'answer-in-inbox', isFinal: true };
    }
    // a termination for cause (T3, T4) holds at once, and its review takes the offer back a moment later
    if (await isAgentTerminated(deps.db, { npn: found.npn, at }))
      return { answer: 'answer-in-inbox', isFinal: true };
    if (!('offerId' in found)) {
      await answerTestOffer(deps.db, { id: found.id, channel: 'text', at });
      return { answer: 'test-arrived', isFinal: true };
    }
    try {
      const offer = await offers.read(found);
      if (reply.kind === 'accept') await offers.accept(offer, { contactShown: false });
      else await offers.decline(offer, 'other');
      return { answer: reply.kind === 'accept' ? 'offer-accepted' : 'offer-declined', isFinal: true };
    } catch (error) {
      const { type } = toProblem(error);
      if (type === 'unexpected') throw error;
      if (type === 'not-answered-yet') return { answer: 'answer-on-its-way', isFinal: false };
      const answer = type === 'offer-ended' ? 'offer-over' : 'answer-in-inbox';
      return { answer, isFinal: !retryableProblems.has(type) };
    }
  }

  function findOffer({ code }: OfferReply, { From: phone }: InboundText) {
    return offerByCode(deps.db, { phone, code });
  }

  async function sentenceOf(
    answer: TextAnswer,
    { language, text, reply }: { language: string; text: InboundText; reply: OfferReply | undefined },
  ): Promise<string> {
    const sentences: Catalog = sentencesIn(language);
    if (answer === 'how-to-answer') {
      const [code, ...more] = await answerableCodes(deps.db, { phone: text.From, at: deps.now() });
      if (code && more.length === 0) return sentences.howToAnswer(code);
    }
    const endedOffer = answer === 'offer-over' && reply ? await findOffer(reply, text) : undefined;
    if (endedOffer?.endedAs && endedOffer.endedAt) {
      const when = { now: deps.now(), timeZone: endedOffer.timeZone ?? marketplaceTimeZone };
      return sentences.lateTextAnswer(endedOffer.endedAs, { endedAt: endedOffer.endedAt, when });
    }
    return sentences.textAnswer[answer];
  }
}

/** Interprets a text. If Twilio's Advanced Opt-Out recognized a keyword, its result takes precedence. */
function interpretText({ Body, OptOutType = '' }: InboundText): {
  replies: readonly TextReply[];
  isAnsweredByTwilio: boolean;
} {
  const parsed = readReply(Body);
  const kind = optOutTypes[OptOutType.trim().toUpperCase()];
  if (!kind) return { replies: parsed, isAnsweredByTwilio: false };
  const others = parsed.filter((reply) => 'code' in reply || (kind === 'start' && reply.kind === 'attempt'));
  return { replies: [...others, { kind }], isAnsweredByTwilio: true };
}

async function applyOptOuts(
  tx: Tx,
  replies: readonly TextReply[],
  keyed: KeyedPhone,
  at: Date,
): Promise<TextAnswer[]> {
  const answers: TextAnswer[] = [];
  const attempt = replies.find((reply) => reply.kind === 'attempt');
  const open = attempt ? await answerableCodes(tx, { phone: keyed.phone, at }) : [];
  let hasStarted = false;
  for (const { kind } of replies) {
    if (kind === 'stop' && (await stopTexts(tx, { ...keyed, by: 'reply', at }))) answers.push('stopped');
    if (kind === 'start') {
      hasStarted = await startTexts(tx, { ...keyed, at });
      if (hasStarted || open.length === 0) answers.push('started');
    }
    if (kind === 'help') answers.push('help');
    if (kind === 'unclear') answers.push(...(await stopForNow(tx, keyed, at)));
  }
  if (!attempt) return answers;
  if (open.length > 0) return hasStarted ? answers : [...answers, 'how-to-answer'];
  if (attempt.isSure) return [...answers, 'answer-in-inbox'];
  // "ok" without an open offer is as unclear as any other text
  return answers.length > 0 ? answers : stopForNow(tx, keyed, at);
}

/** Stops texts after an unclear reply, which may have meant STOP, until ops or the owner of the phone resume them. */
async function stopForNow(tx: Tx, keyed: KeyedPhone, at: Date): Promise<TextAnswer[]> {
  return (await stopTexts(tx, { ...keyed, by: 'unclear-reply', at })) ? ['stopped-for-now'] : [];
}

const senderPrefix = 'Help On Demand: ';

/** Joins answers to one text that names the sender once. */
function joinAnswers([first, ...more]: readonly string[]): string | undefined {
  if (first === undefined) return undefined;
  const rest = more.map((sentence) => {
    const bare = sentence.startsWith(senderPrefix) ? sentence.slice(senderPrefix.length) : sentence;
    return bare.charAt(0).toUpperCase() + bare.slice(1);
  });
  return [first, ...rest].join(' ');
}
