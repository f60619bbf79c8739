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
 * Every rule that a password breaks, all at once: at least eight characters, an upper and a lower case letter, a
 * special character, a digit, no space, at most three characters alike in a row and at most three in sequence
 * (letters a to z or digits, up or down, in any case). The portal shows the same answer while one types.
 */
export function passwordFaults(password: string): PasswordFault[] {
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
 * six characters with nothing but digits and special characters before and behind it (`Dragon-77`). `personal`: it
 * holds something of the owner's own.
 */
export function guessable(
  password: string,
  { common, owner }: { common: ReadonlySet<string>; owner: PasswordOwner },
): PasswordFault[] {
  const lower = password.toLowerCase();
  const core = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const faults: PasswordFault[] = [];
  if (common.has(lower) || (core.length >= 6 && common.has(core))) faults.push('common');
  if (isPersonal(password, owner)) faults.push('personal');
  return faults;
}

/**
 * A word of the owner's of four or more characters anywhere in it (first and last name, the parts of email address and
 * username, the NPN), or the whole of one of them; a name that is shorter only where it stands by itself, as many
 * words hold an «Ann». Neither case nor accents count.
 */
function isPersonal(password: string, { firstName, lastName, email, npn, username }: PasswordOwner): boolean {
  const text = plain(password);
  const names = [firstName, lastName].map((name) => plain(name ?? ''));
  const own = [...names, names.join(''), names.toReversed().join('')];
  const wholes = [...own, ...[email, email?.split('@')[0], npn, username].map((part) => plain(part ?? ''))];
  const words = wholes.flatMap((part) => [part, ...part.split(/[^\p{L}\p{N}]+/u)]);
  const standing = new Set(text.split(/[^\p{L}]+/u));
  return (
    words.some((word) => word.length >= 4 && text.includes(word)) ||
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
