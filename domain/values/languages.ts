/** Languages of the service: English names, as in the feeds, to BCP-47 codes, as everywhere else. */
export const languages = {
  English: 'en',
  Spanish: 'es',
  Arabic: 'ar',
  'American Sign Language': 'ase',
  Chinese: 'zh',
  French: 'fr',
  German: 'de',
  'Haitian Creole': 'ht',
  Hindi: 'hi',
  Italian: 'it',
  Japanese: 'ja',
  Korean: 'ko',
  Polish: 'pl',
  Portuguese: 'pt',
  Russian: 'ru',
  Tagalog: 'tl',
  Vietnamese: 'vi',
} as const;

export type LanguageCode = (typeof languages)[keyof typeof languages];
export const languageCodes = Object.values(languages) as [LanguageCode, ...LanguageCode[]];

const codes: ReadonlyMap<string, LanguageCode> = new Map(
  Object.entries(languages).map(([name, code]) => [name.toLowerCase(), code]),
);
const names: ReadonlyMap<string, string> = new Map(
  Object.entries(languages).map(([name, code]) => [code, name]),
);

/** Code of a language by its English name, in any case; undefined for an unknown name. */
export function languageCode(name: string): LanguageCode | undefined {
  return codes.get(name.trim().toLowerCase());
}

/** English name of a language code; the code itself if it is unknown. */
export function languageName(code: string): string {
  return names.get(code) ?? code;
}
