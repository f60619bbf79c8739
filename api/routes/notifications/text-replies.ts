import type { OfferReply } from '../../../domain/notifications/offer-reply.ts';
import { readReply, type TextAnswer, type TextReply } from '../../../domain/notifications/read-reply.ts';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import type { Sentences } from '../../../domain/text/sentences.ts';
import { marketplaceTimeZone } from '../../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../../../store/database/connection.ts';
import {
  areTextsStopped,
  languageOfPhone,
  saveAnswers,
  saveReply,
  startTexts,
  stopTexts,
} from '../../../store/notifications/text-opt-outs.ts';
import { answerableCodes, offerByCode } from '../../../store/referrals/offer-replies.ts';
import type { Deps } from '../../deps.ts';
import { toProblem } from '../../http/errors.ts';
import type { ProblemType } from '../../http/problems.ts';
import type { InboundText } from '../../schemas/notifications/webhooks.ts';
import { createOfferCommands } from '../referrals/offer-commands.ts';

/** One more try can change these: the answer is not saved, and the same message again is taken anew. */
const retryableProblems: ReadonlySet<ProblemType> = new Set(['unavailable', 'offer-busy']);

/** What Twilio's Advanced Opt-Out has done and answered already, by its word for it. */
const optOutTypes: Readonly<Record<string, 'stop' | 'start' | 'help'>> = {
  STOP: 'stop',
  START: 'start',
  HELP: 'help',
};

/**
 * Takes replies to our texts in, and tells what to say back. One reply can answer an offer and end texts, too. The
 * same message again gets the first answers and does nothing. Who opts out gets one confirmation, and no answer to
 * asking once more; what a phone or a service wrote by itself gets none at all. To a phone that has stopped nothing is
 * said but what START and HELP ask for; an answer to an offer counts from there all the same.
 */
export function createReplyHandler(deps: Deps): (text: InboundText) => Promise<string | undefined> {
  const offers = createOfferCommands(deps);

  return async (text) => {
    const { replies, isAnsweredByTwilio } = interpretText(text);
    const offerReplies = replies.filter((reply) => 'code' in reply);
    const taken = await takeIn(text, replies);
    const { language } = taken;
    let answers = taken.answers;
    if (!taken.isDone) {
      const given = [];
      // one after another: an answer can change what the next one finds
      for (const reply of offerReplies) given.push(await answered(reply, text));
      answers = [...given.map(({ answer }) => answer), ...answers];
      if (taken.isSilent) answers = answers.filter((answer) => answer === 'help');
      // Twilio answers whoever stopped there, and delivers nothing of ours any more
      if (isAnsweredByTwilio) answers = answers.filter((answer) => answer === 'how-to-answer');
      if (given.every(({ isFinal }) => isFinal)) await saveAnswers(deps.db, text.MessageSid, answers);
    }
    const said = answers.map((answer, index) =>
      sentenceOf(answer, { language, text, reply: offerReplies[index] }),
    );
    return joinAnswers(await Promise.all(said));
  };

  /** Saves the reply, and does what it asks of texts; offers are answered afterwards. */
  async function takeIn(text: InboundText, replies: readonly TextReply[]) {
    const { MessageSid: providerMessageId, From: phone } = text;
    const at = deps.now();
    return deps.db.transaction().execute(async (tx) => {
      const language = await languageOfPhone(tx, phone);
      const kinds = replies.map(({ kind }) => kind);
      const before = await saveReply(tx, { providerMessageId, phone, kinds, at });
      if (before?.answers) return { language, answers: before.answers, isDone: true, isSilent: false };
      const isSilent = (await areTextsStopped(tx, phone)) && !kinds.includes('start');
      return { language, answers: await applyOptOuts(tx, replies, phone, at), isDone: false, isSilent };
    });
  }

  /** Answers an offer by its short code, as the inbox would; the update's own id makes a repeat harmless. */
  async function answered(
    reply: OfferReply,
    text: InboundText,
  ): Promise<{ answer: TextAnswer; isFinal: boolean }> {
    const offer = await offerOf(reply, text);
    if (!offer) {
      const open = await answerableCodes(deps.db, { phone: text.From, at: deps.now() });
      return { answer: open.length > 0 ? 'how-to-answer' : 'answer-in-inbox', isFinal: true };
    }
    try {
      if (reply.kind === 'accept') await offers.accept(offer);
      else await offers.decline({ ...offer, reason: 'other' });
      return { answer: reply.kind === 'accept' ? 'offer-accepted' : 'offer-declined', isFinal: true };
    } catch (error) {
      const { type } = toProblem(error);
      if (type === 'unexpected') throw error;
      if (type === 'not-answered-yet') return { answer: 'answer-on-its-way', isFinal: false };
      const answer = type === 'offer-ended' ? 'offer-over' : 'answer-in-inbox';
      return { answer, isFinal: !retryableProblems.has(type) };
    }
  }

  function offerOf({ code }: OfferReply, { From: phone }: InboundText) {
    return offerByCode(deps.db, { phone, code });
  }

  async function sentenceOf(
    answer: TextAnswer,
    { language, text, reply }: { language: string; text: InboundText; reply: OfferReply | undefined },
  ): Promise<string> {
    const sentences: Sentences = sentencesIn(language);
    if (answer === 'how-to-answer') {
      const [code, ...more] = await answerableCodes(deps.db, { phone: text.From, at: deps.now() });
      if (code && more.length === 0) return sentences.howToAnswer(code);
    }
    const late = answer === 'offer-over' && reply ? await offerOf(reply, text) : undefined;
    if (late?.endedAs && late.endedAt) {
      const when = { now: deps.now(), timeZone: late.timeZone ?? marketplaceTimeZone };
      return sentences.lateTextAnswer(late.endedAs, { endedAt: late.endedAt, when });
    }
    return sentences.textAnswer[answer];
  }
}

/** What a text means: where Twilio keeps a list of who opted out, its word for that is the last. */
function interpretText({ Body, OptOutType = '' }: InboundText): {
  replies: readonly TextReply[];
  isAnsweredByTwilio: boolean;
} {
  const read = readReply(Body);
  const kind = optOutTypes[OptOutType.trim().toUpperCase()];
  if (!kind) return { replies: read, isAnsweredByTwilio: false };
  const about = read.filter((reply) => 'code' in reply || (kind === 'start' && reply.kind === 'attempt'));
  return { replies: [...about, { kind }], isAnsweredByTwilio: true };
}

async function applyOptOuts(
  tx: Tx,
  replies: readonly TextReply[],
  phone: string,
  at: Date,
): Promise<TextAnswer[]> {
  const answers: TextAnswer[] = [];
  const attempt = replies.find((reply) => reply.kind === 'attempt');
  const open = attempt ? await answerableCodes(tx, { phone, at }) : [];
  let hasStarted = false;
  for (const { kind } of replies) {
    if (kind === 'stop' && (await stopTexts(tx, { phone, by: 'reply', at }))) answers.push('stopped');
    if (kind === 'start') {
      hasStarted = await startTexts(tx, { phone, at });
      if (hasStarted || open.length === 0) answers.push('started');
    }
    if (kind === 'help') answers.push('help');
    if (kind === 'unclear') answers.push(...(await stopForNow(tx, phone, at)));
  }
  if (!attempt) return answers;
  if (open.length > 0) return hasStarted ? answers : [...answers, 'how-to-answer'];
  if (attempt.isSure) return [...answers, 'answer-in-inbox'];
  // «ok» to nothing that was asked is no clearer than anything else
  return answers.length > 0 ? answers : stopForNow(tx, phone, at);
}

/** Whoever is not understood may have meant it: no texts until ops or the person say otherwise. */
async function stopForNow(tx: Tx, phone: string, at: Date): Promise<TextAnswer[]> {
  return (await stopTexts(tx, { phone, by: 'unclear-reply', at })) ? ['stopped-for-now'] : [];
}

const senderPrefix = 'Help On Demand: ';

/** Several answers in one text, which says once whose it is. */
function joinAnswers([first, ...more]: readonly string[]): string | undefined {
  if (first === undefined) return undefined;
  const rest = more.map((sentence) => {
    const said = sentence.startsWith(senderPrefix) ? sentence.slice(senderPrefix.length) : sentence;
    return said.charAt(0).toUpperCase() + said.slice(1);
  });
  return [first, ...rest].join(' ');
}
