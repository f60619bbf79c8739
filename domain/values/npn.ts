/**
 * Normalizes a National Producer Number to 1 to 10 digits without leading zeros, which are not significant; undefined
 * for any other text. An NPN has no check digit.
 */
export function normalizeNpn(text: string): string | undefined {
  return /^0*([1-9]\d{0,9})$/.exec(text.trim())?.[1];
}

/**
 * True when a text is this NPN in any spelling: with leading zeros, with spaces, dots or dashes between the digits, with
 * "NPN" before it, in the wide digits of East Asian keyboards.
 */
export function isSameNpn(text: string, npn: string): boolean {
  const bare = text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
  const digits = bare.replace(/^npn/i, '');
  return /^\d+$/.test(digits) && digits.replace(/^0+/, '') === npn.replace(/^0+/, '');
}
