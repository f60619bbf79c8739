/**
 * A National Producer Number as it is kept: 1 to 10 digits without leading zeros, which are not significant.
 * Undefined when the text is none. An NPN has no check digit.
 */
export function normalizeNpn(text: string): string | undefined {
  const digits = text.trim();
  if (!/^\d{1,10}$/.test(digits)) return undefined;
  return digits.replace(/^0+/, '') || undefined;
}
