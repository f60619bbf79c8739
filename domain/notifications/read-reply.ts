import { automaticOptOut } from './automatic-opt-out.ts';
import { isAutomaticReply, isReaction } from './automatic-reply.ts';
import { isQuestion, type OfferReply, offerRepliesIn, unclearAnswerIn } from './offer-reply.ts';
import { foldText, isCopyOfOwnText, splitWords, withoutCopies } from './reply-normalization.ts';
import { asksForHelp, asksToStart, asksToStop } from './text-opt-out.ts';

/**
 * One thing that a text means. `attempt`: it plainly means to answer an offer, and not clearly how or which;
 * `isSure` where it can be about nothing else. `automatic`: a phone or a service wrote it, not a person.
 */
export type TextReply =
  | { kind: 'stop' | 'start' | 'help' | 'unclear' | 'automatic' }
  | { kind: 'attempt'; isSure: boolean }
  | OfferReply;
export type TextReplyKind = TextReply['kind'];

/** What is said back to a reply. */
export type TextAnswer =
  | 'stopped'
  | 'stopped-for-now'
  | 'started'
  | 'help'
  | 'offer-accepted'
  | 'offer-declined'
  | 'offer-over'
  /** The answer to an offer could not be taken here. */
  | 'answer-in-inbox'
  /** It was not decided in time, and may still be recorded. */
  | 'answer-on-its-way'
  /** How to answer the offer that is open. */
  | 'how-to-answer';

/**
 * Reads a reply: everything that it means, never nothing. A person may revoke by any reasonable means, and may do so
 * beside an answer; what our own text says in a quotation or a copy of it is nobody's wish. A word of thanks or of
 * regret is no reason to stop somebody's texts. The time it takes grows with the length alone.
 */
export function readReply(text: string): TextReply[] {
  const folded = foldText(text);
  if (isReaction(folded) || isCopyOfOwnText(folded)) return [{ kind: 'automatic' }];
  const said = withoutCopies(folded);
  const isAutomatic = isAutomaticReply(said);

  const { replies: named, rest, isDoubtful } = offerRepliesIn(splitWords(said));
  const beside = named.length > 0 ? rest : undefined;
  const stop = isAutomatic ? automaticOptOut(said) : asksToStop(said, { beside }) ? 'yes' : 'no';
  const isStop = stop === 'yes';
  // «A 4821 not me» takes back what it says; «A 4821, do not text me» does not
  const isTakenBack =
    named.length > 0 && ((isDoubtful && !isStop) || isQuestion(said, { asksToStop: isStop }));
  const meant: TextReply[] = isTakenBack ? [] : [...named];
  if (isStop) meant.push({ kind: 'stop' });
  if (meant.length > 0) return meant;
  if (isTakenBack) return [{ kind: 'attempt', isSure: true }];
  if (isAutomatic) return [{ kind: stop === 'unsure' ? 'unclear' : 'automatic' }];

  if (asksToStart(said)) meant.push({ kind: 'start' });
  if (asksForHelp(said)) meant.push({ kind: 'help' });
  // a yes lets texts come again, and may be meant for the offer that is open
  const attempt = unclearAnswerIn(said);
  if (attempt) meant.push(attempt);
  return meant.length > 0 ? meant : [{ kind: 'unclear' }];
}
