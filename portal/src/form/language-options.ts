import type { Sentences } from '../../../domain/text/sentences.ts';
import { languageCodes } from '../../../domain/values/languages.ts';

/** Options of a list of the languages in which consumers can talk. */
export function languageOptions(sentences: Sentences): { value: string; label: string }[] {
  return languageCodes.map((code) => ({ value: code, label: capitalized(sentences.languageName(code)) }));
}

/** Lower-case names of languages, as Spanish writes them even outside sentences. */
function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
