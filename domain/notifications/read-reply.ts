import { automaticOptOut } from './automatic-opt-out.ts';
import { isAutomaticReply, isReaction } from './automatic-reply.ts';
import { isQuestion, type OfferReply, offerRepliesIn, unclearAnswerIn } from './offer-reply.ts';
import { foldText, isCopyOfOwnText, splitWords, withoutCopies } from './reply-normalization.ts';
import { asksForHelp, asksToStart, asksToStop } from './text-opt-out.ts';

/**
 * One meaning of a text. `attempt`: it tries to answer an offer, but not clearly how or which; `isSure` if it can be
 * about nothing else. `automatic`: a phone or a service wrote it, not a person.
 */
export type TextReply =
  | { kind: 'stop' | 'start' | 'help' | 'unclear' | 'automatic' }
  | { kind: 'attempt'; isSure: boolean }
  | OfferReply;
export type TextReplyKind = TextReply['kind'];

/** Answers to a reply. */
export type TextAnswer =
  | 'stopped'
  | 'stopped-for-now'
  | 'started'
  | 'help'
  | 'offer-accepted'
  | 'offer-declined'
  | 'offer-over'
  /** It answered the agent's own test offer. */
  | 'test-arrived'
  /** The offer cannot be answered by text. */
  | 'answer-in-inbox'
  /** The answer was not recorded in time, and may still be. */
  | 'answer-on-its-way'
  /** Explains how to answer the open offer. */
  | 'how-to-answer';

/**
 * Reads a reply and returns all its meanings, at least one.
 *
 * A person may revoke consent by any reasonable means (47 CFR 64.1200(a)(10)), also beside an answer. Quoted or copied
 * words of our own texts do not count. Thanks or regret are no reason to stop texts. Takes time linear in the length.
 */
export function readReply(text: string): TextReply[] {
  const folded = foldText(text);
  if (isReaction(folded) || isCopyOfOwnText(folded)) return [{ kind: 'automatic' }];
  const written = withoutCopies(folded);
  const isAutomatic = isAutomaticReply(written);

  const { replies: named, rest, isDoubtful } = offerRepliesIn(splitWords(written));
  const beside = named.length > 0 ? rest : undefined;
  const stop = isAutomatic ? automaticOptOut(written) : asksToStop(written, { beside }) ? 'yes' : 'no';
  const isStop = stop === 'yes';
  // "A 4821 not me" takes its answer back; "A 4821, do not text me" does not
  const isTakenBack =
    named.length > 0 && ((isDoubtful && !isStop) || isQuestion(written, { asksToStop: isStop }));
  const meanings: TextReply[] = isTakenBack ? [] : [...named];
  if (isStop) meanings.push({ kind: 'stop' });
  if (meanings.length > 0) return meanings;
  if (isTakenBack) return [{ kind: 'attempt', isSure: true }];
  if (isAutomatic) return [{ kind: stop === 'unsure' ? 'unclear' : 'automatic' }];

  if (asksToStart(written)) meanings.push({ kind: 'start' });
  if (asksForHelp(written)) meanings.push({ kind: 'help' });
  // a "yes" restarts texts, and may be meanings for the open offer
  const attempt = unclearAnswerIn(written);
  if (attempt) meanings.push(attempt);
  return meanings.length > 0 ? meanings : [{ kind: 'unclear' }];
}
