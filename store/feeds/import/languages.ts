import { languageCode, languageCodes } from '../../../domain/values/languages.ts';

// Languages that agents speak beyond those of the service itself, so that only a word that is no language is reported.
const additionalCodes = new Map(
  Object.entries({
    afrikaans: 'af',
    albanian: 'sq',
    amharic: 'am',
    armenian: 'hy',
    bengali: 'bn',
    bosnian: 'bs',
    bulgarian: 'bg',
    burmese: 'my',
    cantonese: 'yue',
    chuukese: 'chk',
    croatian: 'hr',
    czech: 'cs',
    danish: 'da',
    dutch: 'nl',
    farsi: 'fa',
    filipino: 'tl',
    finnish: 'fi',
    greek: 'el',
    gujarati: 'gu',
    haitian: 'ht',
    hausa: 'ha',
    hawaiian: 'haw',
    hebrew: 'he',
    hmong: 'hmn',
    hungarian: 'hu',
    igbo: 'ig',
    ilocano: 'ilo',
    indonesian: 'id',
    kannada: 'kn',
    khmer: 'km',
    kinyarwanda: 'rw',
    kurdish: 'ku',
    lao: 'lo',
    lithuanian: 'lt',
    malayalam: 'ml',
    mandarin: 'zh',
    marathi: 'mr',
    marshallese: 'mh',
    navajo: 'nv',
    nepali: 'ne',
    norwegian: 'no',
    oromo: 'om',
    pashto: 'ps',
    persian: 'fa',
    punjabi: 'pa',
    romanian: 'ro',
    samoan: 'sm',
    serbian: 'sr',
    slovak: 'sk',
    somali: 'so',
    swahili: 'sw',
    swedish: 'sv',
    tamil: 'ta',
    telugu: 'te',
    thai: 'th',
    tigrinya: 'ti',
    tongan: 'to',
    turkish: 'tr',
    ukrainian: 'uk',
    urdu: 'ur',
    yiddish: 'yi',
    yoruba: 'yo',
  }),
);

const spokenCodes = new Set<string>([...languageCodes, ...additionalCodes.values()]);
// "no" in this column means no other language, not Norwegian
spokenCodes.delete('no');

/**
 * All other languages with an English name in the runtime's Unicode CLDR data, so that a gap in our list never turns an
 * agent away. Filled once, at the first unlisted name: there are 18,000 codes to try.
 */
const runtimeCodes = new Map<string, string>();

function findRuntimeCode(name: string): string | undefined {
  if (runtimeCodes.size === 0) {
    const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
    const codes = letters.flatMap((one) => letters.map((two) => one + two));
    // two-letter codes come last and replace three-letter ones
    for (const code of [...codes.flatMap((two) => letters.map((three) => two + three)), ...codes]) {
      const languageName = names.of(code);
      // deprecated codes have names too
      if (languageName !== undefined && Intl.getCanonicalLocales(code)[0] === code)
        runtimeCodes.set(languageName.toLowerCase(), code);
    }
  }
  return runtimeCodes.get(name);
}

/**
 * Returns the BCP 47 code of a language, by its English name or one of its codes (`es`, `es-MX`) in any case; undefined
 * for any other word.
 */
export function spokenLanguageCode(word: string): string | undefined {
  const folded = word.toLowerCase().replace(/\s+/g, ' ');
  const [, code = ''] = /^([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*$/.exec(folded) ?? [];
  const known = languageCode(folded) ?? additionalCodes.get(folded) ?? findRuntimeCode(folded);
  return known ?? (spokenCodes.has(code) ? code : undefined);
}
