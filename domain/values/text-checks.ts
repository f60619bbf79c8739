/**
 * What Postgres refuses in a text: NUL, which its strings end at, and a surrogate without its other half, which UTF-8
 * has no form for. JSON can carry both.
 */
export function isStorable(text: string): boolean {
  return !/\0|\p{Cs}/u.test(text);
}

/** Characters that turn the direction of what stands around them, so that a line reads otherwise than it is. */
const directionControls = /[\u202a-\u202e\u2066-\u2069]/g;

/** A text without what turns the direction of what it is shown beside. */
export function withoutDirection(text: string): string {
  return text.replaceAll(directionControls, '');
}

/** Letters of scripts that join, which real names hold a joiner or a non-joiner between (Persian, Indic, Mongolian …). */
const joining =
  '[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Nko}\\p{Script=Devanagari}\\p{Script=Bengali}' +
  '\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}' +
  '\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Tibetan}\\p{M}]';
const joiners = new RegExp(`(?<=${joining})[\\u200c\\u200d](?=${joining})`, 'gu');
/** The form of a letter that a name is written with, such as a variant of a Han character. */
const variants = /(?<=[\p{L}\p{M}])\p{Variation_Selector}/gu;
const invisible =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

/** Whether a line holds what nobody sees: control, direction and zero-width characters, halves of characters, line ends. */
export function hasInvisibleCharacters(text: string): boolean {
  return invisible.test(text.replace(joiners, '').replace(variants, ''));
}

/** As many marks as no script writes on one letter; Burmese and Tibetan come near, and one more is a tower. */
const stackedMarks = /\p{M}{9}/u;

/** Dots that a browser takes for the dot of a domain (IDNA), as NFKC leaves them. */
const idnDots = /[\u3002\uff61]/g;
const addresses = [
  /@/,
  /\/\/|\\\\/,
  /\b(?:h(?:tt|xx)ps?|ftps?|mailto|tel|sms|javascript|data|file):/i,
  /\bwww\d*\./i,
  // a dot with two letters right behind it: no list of top-level domains is ever complete
  /\.[\p{L}\p{M}][\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]/u,
];

/**
 * Whether a text holds what a mail program or a phone may make a link of by itself: a web or mail address in any writing,
 * or a domain. «J.P. Morgan» and «Mr.T» hold none; «St.John» looks like one until a space stands behind its dot.
 */
export function hasAddress(text: string): boolean {
  const plain = text.normalize('NFKC').replace(idnDots, '.');
  return addresses.some((address) => address.test(plain));
}

/** Digits in a row of a name, however written: five are a number to call or text, or an address of a computer. */
const maxDigits = 4;

/** Whether a text holds a number that a phone would call, which no name does. */
function hasPhoneLikeNumber(text: string): boolean {
  return (text.match(/\p{N}/gu) ?? []).length > maxDigits;
}

/** Why a text is not what a person is called. */
export const nameFaults = ['holds-address', 'holds-number', 'holds-invisible', 'not-a-name'] as const;
export type NameFault = (typeof nameFaults)[number];

/**
 * What keeps a text from being used as a person's name in a message to somebody; none for a name, in any script. A name
 * goes into greetings and subjects, where programs make links of what looks like one.
 */
export function nameFaultsOf(name: string): NameFault[] {
  if (hasInvisibleCharacters(name)) return ['holds-invisible'];
  if (hasAddress(name)) return ['holds-address'];
  if (hasPhoneLikeNumber(name)) return ['holds-number'];
  return !/\p{L}/u.test(name) || stackedMarks.test(name) ? ['not-a-name'] : [];
}

/** A dot behind an initial or one of the usual short forms, with the next word right behind it. */
const tightDots =
  /(?<=(?:^|[\s.])(?:\p{L}|st|ste|sta|sto|mr|mrs|ms|dr|dra|sr|sra|jr|ma|wm|fr)\.)(?=\p{L}{2})/giu;

/**
 * A name as it is used: «ST.JOHN» and «J.P.Morgan» of a registry get the space behind their dots without which programs
 * take them for addresses. Nobody who is listed there could put it in.
 */
export function spacedName(name: string): string {
  return name.replace(tightDots, ' ');
}
