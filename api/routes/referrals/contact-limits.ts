import type { ContactKey } from '../../../store/referrals/contacts/contact-keys.ts';
import type { LimitUse } from '../../http/rate-limits.ts';

/**
 * Returns the uses of limits by contacts, those of the phone first: requests that count the same phone and address at the same
 * time then wait for each other in one order.
 */
export function contactUses(
  keys: readonly ContactKey[],
  names: readonly ('intakeByContact' | 'messagesByContact')[],
): LimitUse[] {
  const phoneFirst = keys.toSorted((one, other) => other.channel.localeCompare(one.channel));
  return phoneFirst.flatMap(({ key }) => names.map((name): LimitUse => ({ name, key })));
}
