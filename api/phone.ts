import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** The countries of the North American plan where the service works: the states and the territories. */
const ours = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP']);

/** A US phone number in E.164, from any usual way of writing it; undefined when it is none. */
export function parsePhone(text: string): string | undefined {
  const parsed = parsePhoneNumberFromString(text, 'US');
  if (!parsed?.isValid() || parsed.ext !== undefined) return undefined;
  return parsed.country !== undefined && ours.has(parsed.country) ? parsed.number : undefined;
}
