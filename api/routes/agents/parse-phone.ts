import { readPhoneNumber } from '../../../domain/values/phone-number.ts';

/** A US phone number in E.164, from any usual way of writing it; undefined when it is none. */
export function parsePhone(text: string): string | undefined {
  const read = readPhoneNumber(text);
  return 'phone' in read ? read.phone : undefined;
}
