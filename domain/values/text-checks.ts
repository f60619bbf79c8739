/**
 * True when Postgres can store a text: it refuses NUL, and a lone surrogate, for which UTF-8 has no form. JSON can
 * contain both.
 */
export function isStorable(text: string): boolean {
  return !/\0|\p{Cs}/u.test(text);
}

/** Direction controls, which make the text around them read in another order. */
const directionControls = /[\u202a-\u202e\u2066-\u2069]/g;

/** Removes direction controls from a text that is shown beside others. */
export function withoutDirection(text: string): string {
  return text.replaceAll(directionControls, '');
}

/** Letters of scripts in which real names contain joiners and non-joiners (Persian, Indic, Mongolian …). */
const joining =
  '[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Nko}\\p{Script=Devanagari}\\p{Script=Bengali}' +
  '\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}' +
  '\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Tibetan}\\p{M}]';
const joiners = new RegExp(`(?<=${joining})[\\u200c\\u200d](?=${joining})`, 'gu');
/** Variation selectors after a letter, as for the variant of a Han character in a name. */
const variants = /(?<=[\p{L}\p{M}])\p{Variation_Selector}/gu;
const invisible =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

/** True for a text with invisible characters: control, direction, zero-width, lone surrogates, line ends. */
export function hasInvisibleCharacters(text: string): boolean {
  return invisible.test(text.replace(joiners, '').replace(variants, ''));
}

/** More combining marks on one letter than any script uses; Burmese and Tibetan use almost as many. */
const stackedMarks = /\p{M}{9}/u;

/** Characters that browsers accept as the dot of a domain (IDNA). NFKC does not make them a dot. */
const idnDots = /[\u3002\uff61]/g;
const addresses = [
  /@/,
  /\/\/|\\\\/,
  /\b(?:h(?:tt|xx)ps?|ftps?|mailto|tel|sms|javascript|data|file):/i,
  /\bwww\d*\./i,
  // a dot directly before two letters, because no list of top-level domains stays complete
  /\.[\p{L}\p{M}][\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]/u,
];

/**
 * True when a mail program or a phone may turn part of a text into a link: a web or mail address in any spelling, or a
 * domain. "J.P. Morgan" and "Mr.T" pass; "St.John" looks like a domain until it has a space after its dot.
 */
export function hasAddress(text: string): boolean {
  const plain = text.normalize('NFKC').replace(idnDots, '.');
  return addresses.some((address) => address.test(plain));
}

/** Largest number of digits in a name; five can be a number to call or text, or an IP address. */
const maxDigits = 4;

/** True when a text contains a number that a phone could call. */
function hasPhoneLikeNumber(text: string): boolean {
  return (text.match(/\p{N}/gu) ?? []).length > maxDigits;
}

/** Faults of a person's name. */
export const nameFaults = ['holds-address', 'holds-number', 'holds-invisible', 'not-a-name'] as const;
export type NameFault = (typeof nameFaults)[number];

/**
 * Finds the fault that keeps a text from being used as a person's name in messages; empty for a name in any script. Names
 * go into greetings and subjects, where programs turn anything like an address into a link.
 */
export function nameFaultsOf(name: string): NameFault[] {
  if (hasInvisibleCharacters(name)) return ['holds-invisible'];
  if (hasAddress(name)) return ['holds-address'];
  if (hasPhoneLikeNumber(name)) return ['holds-number'];
  return !/\p{L}/u.test(name) || stackedMarks.test(name) ? ['not-a-name'] : [];
}

/** Dots after initials and usual short forms that have no space before the next word. */
const tightDots =
  /(?<=(?:^|[\s.])(?:\p{L}|st|ste|sta|sto|mr|mrs|ms|dr|dra|sr|sra|jr|ma|wm|fr)\.)(?=\p{L}{2})/giu;

/**
 * Puts a space after the dots of a name from a registry, such as "ST.JOHN" or "J.P.Morgan", which programs otherwise take
 * for an address. The person cannot change the registry's spelling.
 */
export function spacedName(name: string): string {
  return name.replace(tightDots, ' ');
}
