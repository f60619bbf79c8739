/** The languages of the service: English name as the feeds write it → BCP-47 code as everything else does. */
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

/** The code of a language by its English name, in any case; undefined where the service does not know it. */
export function languageCode(name: string): LanguageCode | undefined {
  return codes.get(name.trim().toLowerCase());
}

/** The English name of a language code; the code itself where it is unknown. */
export function languageName(code: string): string {
  return names.get(code) ?? code;
}
