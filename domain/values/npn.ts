/**
 * A National Producer Number as it is kept: 1 to 10 digits without leading zeros, which are not significant.
 * Undefined when the text is none. An NPN has no check digit.
 */
export function normalizeNpn(text: string): string | undefined {
  return /^0*([1-9]\d{0,9})$/.exec(text.trim())?.[1];
}

/**
 * Whether a text is an NPN in any writing: with leading zeros however many, with spaces, dots or dashes between the
 * digits, with «NPN» before it, in the wide digits of East Asian keyboards.
 */
export function isSameNpn(text: string, npn: string): boolean {
  const bare = text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
  const digits = bare.replace(/^npn/i, '');
  return /^\d+$/.test(digits) && digits.replace(/^0+/, '') === npn.replace(/^0+/, '');
}
