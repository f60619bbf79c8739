/** Rules that a password can break: those of the guide's password note, and our own. */
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

/** Length in characters. The upper bound is our own: it limits the cost of hashing and leaves room for a passphrase. */
export const passwordLength = { min: 8, max: 128 } as const;

/**
 * Time in which a password that was generated for somebody has to be replaced by its owner, at the first log-in; then it
 * ends. It reaches from a Friday to the next Monday.
 */
export const generatedPasswordLastsMs = 72 * 60 * 60_000;

/**
 * Normalizes a password to the composed Unicode form before it is checked and hashed (RFC 8265, OpaqueString: NFC),
 * because keyboards encode letters such as `ñ` differently.
 */
export function normalizePassword(typed: string): string {
  return typed.normalize('NFC');
}

/**
 * Forms of a typed password to try against a stored hash: the normalized form first, then the typed and the decomposed
 * one, because older hashes were made without normalization.
 */
export function passwordVariants(typed: string): [string, ...string[]] {
  const normal = normalizePassword(typed);
  const others = new Set([typed, typed.normalize('NFD')]);
  others.delete(normal);
  return [normal, ...others];
}

/**
 * Returns all rules that a password breaks: at least eight characters, an upper and a lower case letter, a special
 * character, a digit, no space, at most three equal characters in a row and at most three in sequence (letters a to z
 * or digits, up or down, in any case). The portal shows the same faults while the agent types.
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

/** Facts about the password's owner that others may know. */
export interface PasswordOwner {
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  npn?: string | null;
  username?: string | null;
}

/**
 * Returns the faults that make a password easy to guess.
 *
 * - `common`: it is on the list of common passwords; or a listed word of at least six characters with only digits and
 *   special characters around it (`Dragon-77`); or nothing but words of this service (`HelpOnDemand1!`).
 * - `personal`: it contains a name, address, NPN or username of its owner, and fewer than twelve characters besides.
 *
 * Characters that stand for letters count as those letters (`P@$$w0rd1`). A password that is too long is not checked.
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

/** Reduces letters to ASCII: `contraseña` becomes `contrasena`. */
function asciiLetters(lower: string): string {
  return plain(lower).replaceAll('ø', 'o').replaceAll('ß', 'ss').replaceAll('()', 'o');
}

function isCommon(lower: string, common: ReadonlySet<string>): boolean {
  if (common.has(lower)) return true;
  const isListed = (word: string) =>
    word.length >= 6 && (common.has(word) || common.has(Array.from(word).toReversed().join('')));
  return (
    framed(lower).flatMap(readings).some(isListed) ||
    [lower, ...framed(lower).flatMap(readings)].some((text) =>
      isMadeOfServiceWords(text.replaceAll(/[^a-z]/g, '')),
    )
  );
}

/** Number of outer digits or symbols that may stand for letters of the word. */
const maxFrameLetters = 2;

/**
 * Strips the digits and special characters around the letters of a password. Also returns forms that keep the innermost
 * of them, because a word can begin or end with a character that stands for a letter (`$unshine`).
 */
function framed(lower: string): string[] {
  const characters = Array.from(lower);
  const isLetter = (character: string) => /\p{L}/u.test(character);
  const from = characters.findIndex(isLetter);
  if (from < 0) return [];
  const to = characters.findLastIndex(isLetter) + 1;
  const counts = Array.from({ length: maxFrameLetters + 1 }, (_, count) => count);
  return counts.flatMap((before) =>
    counts.map((after) => characters.slice(Math.max(0, from - before), to + after).join('')),
  );
}

/** Letters, each followed by the digits and symbols that stand for it. Two tables, as some stand for two letters. */
const substitutes = [
  'a@4 b8 c( e3€ g69 h# i1!| l£ o0 s$5 t7+ z2',
  'a@4 b68 c( e3€ h# l1!|£ o0 q9 r2 s$5 t7+',
].map(
  (rows) =>
    new Map(
      rows.split(' ').flatMap(([letter = '', ...signs]) => signs.map((sign) => [sign, letter] as const)),
    ),
);

/** The text itself, and the text with the letters that its digits and symbols stand for. */
function readings(text: string): string[] {
  const read = substitutes.map((letters) =>
    Array.from(text, (character) => letters.get(character) ?? character).join(''),
  );
  return [text, ...read];
}

/** Words of this service, and those that people combine with them. */
const serviceWords =
  /^(?:help|on|demand|open|hod|health|care|gov|market|place|medic(?:are|aid)|cms|hhs|ffm|mlms|nipr|npn|insur(?:ance|ed|er)|agents?|brokers?|agency|license[ds]?|consumers?|referrals?|enroll(?:ment|ed)?|cover(?:age|ed)|plans?|obama|aca|portal|password|welcome|log|in|admin|root|guest|user|test|my|the|for|and|of|us|usa)+$/;

const minServiceLetters = 4;

function isMadeOfServiceWords(letters: string): boolean {
  return (
    letters.length >= minServiceLetters && letters.length <= passwordLength.max && serviceWords.test(letters)
  );
}

/** Characters besides the owner's that make a password hard to guess. A random one may contain a name by chance. */
const minOtherCharacters = 12;

/**
 * True when four or more characters of a password belong to the owner, and few others are in it: a first or last name, the
 * NPN, or a part of the email address or the username. A shorter name counts only as a separate word, because many words
 * contain "Ann". Case and accents do not count.
 */
function isPersonal(password: string, { firstName, lastName, email, npn, username }: PasswordOwner): boolean {
  const names = [firstName, lastName].map((name) => plain(name ?? ''));
  const own = [...names, names.join(''), names.toReversed().join('')];
  const wholes = [...own, ...[email, email?.split('@')[0], npn, username].map((part) => plain(part ?? ''))];
  const words = wholes
    .flatMap((part) => [part, ...part.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length >= 4)
    .toSorted((a, b) => b.length - a.length);
  const shortNames = new Set(names.filter((name) => name.length >= 2));
  const text = plain(password);
  const others = [
    ...readings(text).map((read) => words.reduce((rest, word) => rest.replaceAll(word, ''), read)),
    text.replaceAll(/\p{L}+/gu, (word) => (shortNames.has(word) ? '' : word)),
  ];
  return others.some((rest) => rest.length < Math.min(text.length, minOtherCharacters));
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
