import { capitalized } from '../../../domain/text/locale-format.ts';
import type { Sentences } from '../../../domain/text/sentences.ts';
import { languageCodes } from '../../../domain/values/languages.ts';

/** Options of a list of the languages in which consumers can talk. */
export function languageOptions(sentences: Sentences): { value: string; label: string }[] {
  return languageCodes.map((code) => ({ value: code, label: languageLabel(code, sentences) }));
}

/** Name of a language by itself, outside a sentence: Spanish writes it with a small letter there. */
export function languageLabel(code: string, sentences: Sentences): string {
  const name = sentences.languageName(code);
  // feeds have languages without names in the catalog; the browser names those
  const known =
    name === code ? new Intl.DisplayNames([sentences.language], { type: 'language' }).of(code) : name;
  return capitalized(known ?? code);
}
