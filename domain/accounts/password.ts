/** A rule of the guide's password note that a password breaks. */
export type PasswordFault =
  | 'too-short'
  | 'too-long'
  | 'no-upper-case'
  | 'no-lower-case'
  | 'no-digit'
  | 'no-special'
  | 'space'
  | 'repeated'
  | 'sequence'
  | 'common'
  | 'personal';

/** The upper bound is ours: it keeps hashing bounded while leaving room for any passphrase. */
export const passwordLength = { min: 8, max: 128 } as const;

/**
 * A password as it is checked and hashed: in the composed form of Unicode (RFC 8265, OpaqueString: NFC), since keyboards
 * differ in how they write an `ñ`.
 */
export function normalizePassword(typed: string): string {
  return typed.normalize('NFC');
}

/**
 * The writings in which a typed password is tried against a hash: the normal one first; then as it was typed and
 * decomposed, since a hash from before was made of what its keyboard wrote.
 */
export function passwordVariants(typed: string): [string, ...string[]] {
  const normal = normalizePassword(typed);
  const others = new Set([typed, typed.normalize('NFD')]);
  others.delete(normal);
  return [normal, ...others];
}

/**
 * Every rule that a password breaks, all at once: at least eight characters, an upper and a lower case letter, a
 * special character, a digit, no space, at most three characters alike in a row and at most three in sequence
 * (letters a to z or digits, up or down, in any case). The portal shows the same answer while one types.
 */
export function passwordFaults(typed: string): PasswordFault[] {
  const password = normalizePassword(typed);
  const characters = Array.from(password);
  const faults: [PasswordFault, boolean][] = [
    ['too-short', characters.length < passwordLength.min],
    ['too-long', characters.length > passwordLength.max],
    ['no-upper-case', !/\p{Lu}/u.test(password)],
    ['no-lower-case', !/\p{Ll}/u.test(password)],
    ['no-digit', !/\d/.test(password)],
    ['no-special', !/[^\p{L}\p{N}\s]/u.test(password)],
    ['space', /\s/u.test(password)],
    ['repeated', /(.)\1{3}/su.test(password)],
    ['sequence', hasSequenceOfFour(password.toLowerCase())],
  ];
  return faults.filter(([, broken]) => broken).map(([fault]) => fault);
}

/** Whose password it is to be: what others know of the person, as far as it is known. */
export interface PasswordOwner {
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  npn?: string | null;
  username?: string | null;
}

/**
 * Faults that need knowledge of the world. `common`: the password is on the list of common ones, or is one of at least
 * six characters with nothing but digits and special characters before and behind it (`Dragon-77`), or is made of the
 * words of this service alone (`HelpOnDemand1!`). `personal`: it holds something of the owner's own. In both, characters
 * that stand for letters are read as these (`P@$$w0rd1`). One that is too long is not looked into.
 */
export function guessableFaults(
  typed: string,
  { common, owner }: { common: ReadonlySet<string>; owner: PasswordOwner },
): PasswordFault[] {
  const password = normalizePassword(typed);
  if (Array.from(password).length > passwordLength.max) return [];
  const faults: PasswordFault[] = [];
  const lower = password.toLowerCase();
  if ([lower, asciiLetters(lower)].some((text) => isCommon(text, common))) faults.push('common');
  if (isPersonal(password, owner)) faults.push('personal');
  return faults;
}

/** Without accents, in narrow letters, and with the letters that look alike as these: `Contraseña` is `contrasena`. */
function asciiLetters(lower: string): string {
  return plain(lower).replaceAll('ø', 'o').replaceAll('ß', 'ss').replaceAll('()', 'o');
}

function isCommon(lower: string, common: ReadonlySet<string>): boolean {
  if (common.has(lower)) return true;
  const isKnown = (word: string) =>
    word.length >= 6 && (common.has(word) || common.has(Array.from(word).toReversed().join('')));
  return (
    framed(lower).flatMap(readings).some(isKnown) ||
    [lower, ...framed(lower).flatMap(readings)].some((text) =>
      isMadeOfServiceWords(text.replaceAll(/[^a-z]/g, '')),
    )
  );
}

/** How many characters of the frame around a word may be letters of it that are written as digits or symbols. */
const maxFrameLetters = 2;

/**
 * A password without the digits and special characters around its letters, also with a few of them: a word can begin
 * or end with one that stands for a letter (`$unshine`).
 */
function framed(lower: string): string[] {
  const characters = Array.from(lower);
  const isLetter = (character: string) => /\p{L}/u.test(character);
  const from = characters.findIndex(isLetter);
  if (from < 0) return [];
  const to = characters.findLastIndex(isLetter) + 1;
  const shares = Array.from({ length: maxFrameLetters + 1 }, (_, share) => share);
  return shares.flatMap((before) =>
    shares.map((behind) => characters.slice(Math.max(0, from - before), to + behind).join('')),
  );
}

/** Letters, each with the digits and symbols that stand for it; some can stand for two, so that there are two readings. */
const substitutes = [
  'a@4 b8 c( e3€ g69 h# i1!| l£ o0 s$5 t7+ z2',
  'a@4 b68 c( e3€ h# l1!|£ o0 q9 r2 s$5 t7+',
].map(
  (rows) =>
    new Map(
      rows.split(' ').flatMap(([letter = '', ...signs]) => signs.map((sign) => [sign, letter] as const)),
    ),
);

/** A text as it is written, and with the letters that its digits and symbols stand for. */
function readings(text: string): string[] {
  const read = substitutes.map((letters) =>
    Array.from(text, (character) => letters.get(character) ?? character).join(''),
  );
  return [text, ...read];
}

/** The service's own words, and those that people put beside them. */
const serviceWords =
  /^(?:help|on|demand|open|hod|health|care|gov|market|place|medic(?:are|aid)|cms|hhs|ffm|mlms|nipr|npn|insur(?:ance|ed|er)|agents?|brokers?|agency|license[ds]?|consumers?|referrals?|enroll(?:ment|ed)?|cover(?:age|ed)|plans?|obama|aca|portal|password|welcome|log|in|admin|root|guest|user|test|my|the|for|and|of|us|usa)+$/;

const minServiceLetters = 4;

function isMadeOfServiceWords(letters: string): boolean {
  return (
    letters.length >= minServiceLetters && letters.length <= passwordLength.max && serviceWords.test(letters)
  );
}

/**
 * A word of the owner's of four or more characters anywhere in it (first and last name, the parts of email address and
 * username, the NPN), or the whole of one of them; a name that is shorter only where it stands by itself, as many
 * words hold an «Ann». Neither case nor accents count.
 */
function isPersonal(password: string, { firstName, lastName, email, npn, username }: PasswordOwner): boolean {
  const text = plain(password);
  const texts = readings(text);
  const names = [firstName, lastName].map((name) => plain(name ?? ''));
  const own = [...names, names.join(''), names.toReversed().join('')];
  const wholes = [...own, ...[email, email?.split('@')[0], npn, username].map((part) => plain(part ?? ''))];
  const words = wholes.flatMap((part) => [part, ...part.split(/[^\p{L}\p{N}]+/u)]);
  const standing = new Set(text.split(/[^\p{L}]+/u));
  return (
    words.some((word) => word.length >= 4 && texts.some((read) => read.includes(word))) ||
    names.some((name) => name.length >= 2 && standing.has(name))
  );
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase();
}

function hasSequenceOfFour(text: string): boolean {
  for (let i = 0; i + 4 <= text.length; i += 1) {
    const run = text.slice(i, i + 4);
    if (!/^(?:[a-z]{4}|\d{4})$/.test(run)) continue;
    const steps = [1, 2, 3].map((k) => run.charCodeAt(k) - run.charCodeAt(k - 1));
    if (steps.every((step) => step === 1) || steps.every((step) => step === -1)) return true;
  }
  return false;
}
