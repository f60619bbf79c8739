import { splitSentences } from './reply-normalization.ts';
import { asksToStop } from './text-opt-out.ts';

/**
 * Phrases of automatic texts: how to end their own messages, what not to send there, when the text will be read. Each
 * pattern is matched against one sentence whose words are one space apart.
 */
const servicePhrases: readonly RegExp[] = [
  /\b(?:reply|replying|respond|responding|text|texting|txt|send|sending|type|responda|responde|envie|mande|conteste|escriba)(?: (?:with|back|us|the|word|keyword|con|la|palabra)){0,3} (?:stop|stopall|unsubscribe|end|quit|cancel|optout|opt out|revoke|baja|alto|parar|cancelar)\b/,
  /^(?:or |o )?(?:stop|stopall|unsubscribe|end|quit|cancel|optout|baja|alto) (?:to|para|for (?:help|more|no)|if)\b/,
  /^(?:stop|stopping) (?:by|in|over|at)\b/,
  /^(?:to|para) /,
  /\byou (?:can|may|wish|want|would like|no longer|have|will|are|prefer)\b/,
  /\b(?:when|until|till|once|before|after) (?:i|we) /,
  /\b(?:i|we|ill|will|can|cant|can not|cannot) (?:safely )?stop\b/,
  /\b(?:911|emergency|emergencies|emergencia)\b/,
  /\b(?:do not|dont|never|no) (?:\S+ ){0,2}?(?:personal|sensitive|confidential|private|medical|health|payment|financial|credit|account|passwords?|documents|photos|informacion|datos|documentos)\b/,
  /\b(?:do not|dont|never) (?:text|message) (?:and|while|when|or)\b/,
];
/** A request to end texts that a machine can write, too. From a person it contains a word such as "I" or "me". */
const isOrder = /\bto (?:stop|end|cancel|unsubscribe|opt out|optout|quit)\b/;
const isPersonal =
  /\b(?:i|im|id|ive|me|my|us|again|anymore|any more|no mas|quiero|enviarme|escribirme|mandarme|\w{3,8}eme)\b/;
/** Phrases that may or may not ask for no more texts. */
const wordsOfDoubt =
  /\b(?:not interested|wrong number|spamming|harassing|my consent|no me interesa|numero equivocado)\b/;

/**
 * Checks whether a text that sounds automatic asks for no more texts. People, too, can begin with thanks or say that they
 * are driving, so every sentence counts that is not a service phrase.
 * @returns `unsure` if a person or a service can have written it
 */
export function automaticOptOut(text: string): 'yes' | 'unsure' | 'no' {
  const sentences = splitSentences(text).filter(
    (words) => words.length > 0 && !isServicePhrase(words.join(' ')),
  );
  const asking = sentences.filter((words) => asksToStop(words.join(' '), { beside: undefined }));
  if (asking.some(isSure)) return 'yes';
  return asking.length > 0 || sentences.some((words) => wordsOfDoubt.test(words.join(' '))) ? 'unsure' : 'no';
}

/** Phrases that only a person writes. */
const isAboutMe = /\b(?:(?:stop|quit) \w+ing me|(?:remove|unsubscribe|delete) me)\b/;

function isServicePhrase(sentence: string): boolean {
  if (isAboutMe.test(sentence)) return false;
  if (servicePhrases.some((pattern) => pattern.test(sentence))) return true;
  return isOrder.test(sentence) && !isPersonal.test(sentence);
}

function isSure(words: readonly string[]): boolean {
  if (words[0] === 'if' || words[0] === 'si') return false;
  const sentence = words.join(' ');
  return (
    isPersonal.test(sentence) ||
    /\b(?:stop|quit|cease|unsubscribe|remove|delete|opt out|optout|deje de|alto|basta)\b/.test(sentence) ||
    words.length <= 3
  );
}
