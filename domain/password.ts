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

/**
 * Faults that need knowledge of the world: a password on the list of common ones, or one that holds a word of the
 * agent's own (name, email address, NPN, username) of four or more characters.
 */
export function guessable(
  password: string,
  about: { common: ReadonlySet<string>; personal: readonly string[] },
): PasswordFault[] {
  const lower = password.toLowerCase();
  const words = about.personal.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  const faults: PasswordFault[] = [];
  if (about.common.has(lower)) faults.push('common');
  if (words.some((word) => word.length >= 4 && lower.includes(word))) faults.push('personal');
  return faults;
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
