import { isTextless, type PhoneChannel } from '../../../domain/notifications/contact.ts';
import type { ContactWay } from '../../../domain/referrals/contact-times.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { ConsumerFaults } from '../../schemas/referrals/consumer-faults.ts';
import { lookUpLineType } from '../agents/phone-checks.ts';

/**
 * How a code reaches the phone that a consumer gives: a text, or a call where no text arrives. It is looked up only where
 * codes are sent, after the limits were counted: each look-up costs.
 * @param phone E.164
 * @throws a problem for `/phone` where there is no such number, or the consumer wants texts to a line that takes none
 */
export async function chooseCodeChannel(
  deps: Deps,
  { phone, contactBy }: { phone: string | undefined; contactBy?: ContactWay },
): Promise<PhoneChannel> {
  if (phone === undefined || !deps.settings.policy.confirmConsumerContact) return 'text';
  const lineType = await lookUpLineType(deps, phone);
  if (!isTextless(lineType)) return 'text';
  if (lineType === 'no-number') failPhone('no-number', 'There is no such phone number.');
  if (contactBy === 'text')
    failPhone(lineType, 'No texts arrive at this number. Choose another way to be reached.');
  return 'voice';
}

function failPhone(code: ConsumerFaults['phone'], detail: string): never {
  return fail('invalid-fields', { errors: [{ pointer: '/phone', code, detail }] });
}
