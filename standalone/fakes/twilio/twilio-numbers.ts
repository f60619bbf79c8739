import { isValidPhoneNumber } from 'libphonenumber-js/max';

/**
 * Whether a text or a call can go to a number. Carriers route an area code from its first day on; lists of them, the
 * library's and that of Lookup, learn of it later.
 */
export function isRouted(number: string): boolean {
  return isValidPhoneNumber(number) || /^\+1[2-9][0-8]\d[2-9]\d{6}$/.test(number);
}
