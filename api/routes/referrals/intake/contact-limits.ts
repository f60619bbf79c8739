import type { ContactKey } from '../../../../store/referrals/contacts/contact-keys.ts';
import type { LimitUse } from '../../../http/requests/rate-limits.ts';

/** Returns the uses of limits by a message that anybody can trigger, to the contact with this key. */
export function messageUses(key: string): LimitUse[] {
  return [
    { name: 'messagesByContact', key },
    { name: 'messagesByContactADay', key },
  ];
}

/**
 * Returns the uses of limits by contacts, those of the phone first: requests that count the same phone and address at the same
 * time then wait for each other in one order.
 * @param by what the contacts are used by: a request for help, and a message to each
 */
export function contactUses(
  keys: readonly ContactKey[],
  by: { request: boolean; message: boolean },
): LimitUse[] {
  const phoneFirst = keys.toSorted((one, other) => other.channel.localeCompare(one.channel));
  return phoneFirst.flatMap(({ key }) => [
    ...(by.request ? ([{ name: 'intakeByContact', key }] as const) : []),
    ...(by.message ? messageUses(key) : []),
  ]);
}
