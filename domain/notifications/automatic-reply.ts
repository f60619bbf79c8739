import { foldText, hasOwnWords, quotationMarks, splitWords } from './reply-normalization.ts';
import { asksToStop } from './text-opt-out.ts';

/**
 * Words that phones put before a message to which somebody reacted, folded. They differ by the language of the phone. A
 * reaction that contains an emoji needs no list.
 */
const reactionWords: ReadonlySet<string> = new Set(
  [
    'liked, loved, disliked, laughed at, emphasized, emphasised, questioned, reacted to, reacted with a sticker to, thumbs up, hearted',
    'le gusto, le gusta, le encanto, le encanta, no le gusto, no le gusta, le dio risa, se rio de, se rio con, exclamo por',
    'enfatizo, destaco, dudo sobre, cuestiono, pregunto por, reacciono a, me gusta, me encanta',
    'a aime, a adore, na pas aime, a ri de, a ri a, a exclame sur, a mis en evidence, a insiste sur, a questionne, sest interroge sur',
    'amou, curtiu, adorou, gostou de, nao gostou de, descurtiu, riu de, achou graca de, enfatizou, destacou, questionou',
    'liebt, mag, gefallt, gefallt nicht, lacht uber, hat gelacht uber, betont, hinterfragt, hat geliebt',
    'ha amato, ha adorato, ha messo mi piace a, piace, non piace, ha riso per, ha riso di, ha enfatizzato, ha messo in dubbio',
    'đa thich, đa yeu thich, đa khong thich, đa cuoi, đa nhan manh, đa hoi',
    '喜欢, 喜歡, 赞了, 讚了, 不喜欢, 不喜歡, 大笑, 强调了, 強調了, 质疑, 質疑, いいねしました, 좋아함',
  ]
    .flatMap((line) => line.split(', '))
    .map(foldText),
);
const removedReaction =
  /^(?:removed|elimino|quito|a retire|a supprime|removeu|ha rimosso|hat) .{1,40}(?: from| de| da| di| von)?$/;
const attachmentReaction =
  /^(.{2,40}?) (?:an?|the|this|your|un|una|el|la|une|um|uma|eine?n?)? ?(?:image|photo|picture|movie|video|attachment|audio message|voice message|message|contact|location|link|sticker|gif|imagen|foto|archivo adjunto|mensaje|mensaje de audio|piece jointe|imagem|anexo|bild|immagine)$/;

/** Largest length of the words before the quotation; people write longer ones. */
const maxHeadLength = 60;

/** True when a folded text is a phone's notice of a reaction, such as `Liked "…"`, `👍 to "…"` or `Liked an image`. */
export function isReaction(folded: string): boolean {
  const text = folded.trim();
  if (text.length <= 80 && isAttachmentReaction(text)) return true;
  const marks = [...text.matchAll(quotationMarks)].map(({ index }) => index);
  const [first] = marks;
  if (first === undefined || first > maxHeadLength) return false;
  const isCutOff = marks.length === 1;
  const last = isCutOff ? text.length : (marks.at(-1) ?? first);
  const [head, quoted, tail] = [text.slice(0, first), text.slice(first, last), text.slice(last + 1)];
  if (tail.length > maxHeadLength || (isCutOff && !hasOwnWords(quoted))) return false;
  const said = splitWords(tail).length === 0 ? head.trim() : '';
  if (said !== '' && isReactionWord(said)) return true;
  // people, too, may put an emoji before a quotation of their own
  if (said !== '' && hasEmoji(said) && isQuotedFromUs(quoted)) return true;
  return hasOwnWords(quoted) && isShortRemark(`${head} ${tail}`);
}

/** True for a quotation of our own text, or a long one that does not ask to stop. */
function isQuotedFromUs(quoted: string): boolean {
  return hasOwnWords(quoted) || (quoted.length > maxHeadLength && !asksToStop(quoted, { beside: undefined }));
}

function isReactionWord(said: string): boolean {
  const words = splitWords(said).join(' ');
  return reactionWords.has(words) || removedReaction.test(words);
}

/** True for an emoji with a few words around it, such as `Reacted 😂 to`, in any language. */
function hasEmoji(said: string): boolean {
  return /\p{Extended_Pictographic}/u.test(said) && splitWords(said).length <= 4;
}

function isAttachmentReaction(text: string): boolean {
  const [, verb = ''] = attachmentReaction.exec(text) ?? [];
  return verb !== '' && (isReactionWord(verb) || hasEmoji(verb));
}

/** True for a few words beside the quotation, which some languages put after it. Questions, answers and requests are not. */
function isShortRemark(remark: string): boolean {
  const words = splitWords(remark);
  return (
    words.length > 0 &&
    words.length <= 5 &&
    !/[?\d]/.test(remark) &&
    !asksToStop(remark, { beside: undefined }) &&
    !words.some((word) => requestWords.has(word))
  );
}
const requestWords: ReadonlySet<string> = new Set(
  'stop stopall unsubscribe optout alto quit cancel end revoke start unstop yes no ok help info accept decline who what why'.split(
    ' ',
  ),
);

/** Automatic answers of phones while driving or silenced, of closed offices and of carriers, folded. */
const automaticWords: readonly string[] = [
  'do not disturb while driving, driving focus, im driving with, im currently driving, im driving right now, i am driving',
  'i am currently driving, im driving and, sent from my car, sent from my vehicle, not receiving notifications',
  'notifications silenced, has notifications silenced, reply urgent to send, reply “urgent”, auto reply, auto-reply, autoreply',
  'automatic reply, automatic response, auto response, auto-response, automated reply, automated response, automated message',
  'out of office, out of the office, out-of-office, away from my desk, thank you for contacting, thanks for contacting',
  'thank you for reaching out, thanks for reaching out, thank you for texting, thanks for texting, thank you for your message',
  'thanks for your message, your message has been received, we have received your message, we received your message',
  'is not monitored, isnt monitored, unmonitored, does not accept text, does not receive text, cannot receive text',
  'unable to receive text, free msg, freemsg, unable to deliver, unable to send message, message blocking is active',
  'could not be delivered, was not delivered, estoy conduciendo, estoy manejando, fuera de la oficina, respuesta automatica',
  'mensaje automatico, gracias por contactar, gracias por comunicarse, gracias por su mensaje, gracias por escribir',
  'no recibo notificaciones, je conduis, je suis au volant, reponse automatique, absent du bureau, estou dirigindo',
  'resposta automatica, fora do escritorio, ich fahre gerade, automatische antwort, abwesenheitsnotiz',
  'sto guidando, risposta automatica, đang lai xe, 我正在开车, 我正在開車, 自动回复, 自動回覆, 운전 중, 자동 응답',
]
  .flatMap((line) => line.split(', '))
  .map(foldText);

/** True when a folded text contains a phrase of an automatic answer. */
export function isAutomaticReply(folded: string): boolean {
  return automaticWords.some((words) => folded.includes(words));
}
