import type { ContactChannel } from '../../../../domain/notifications/contact.ts';
import type { ContactKey } from '../../../../store/referrals/contacts/contact-keys.ts';
import { resendLink } from '../../../../store/referrals/intake.ts';
import type { Deps } from '../../../deps.ts';
import { fail } from '../../../http/problems.ts';
import type { RateLimiter } from '../../../http/requests/rate-limits.ts';
import { messageUses } from './contact-limits.ts';

/**
 * Creates a function that refuses a second open request of one phone or address. It sends the link of the open request to
 * that request's own contact, never to the sender of the second one.
 * @throws a problem of type `already-open`
 */
export function createFailAlreadyOpen({ db, now }: Deps, limiter: RateLimiter) {
  return async (
    { referralId, channel }: { referralId: string; channel: ContactChannel },
    keys: readonly ContactKey[],
  ): Promise<never> => {
    const key = keys.find((contactKey) => contactKey.channel === channel)?.key ?? referralId;
    if (await limiter.tryCountAll(messageUses(key)))
      await db.transaction().execute((tx) => resendLink(tx, { referralId, channel, at: now() }));
    return fail('already-open', {
      detail:
        'A request with this phone number or email address is open already. Its link was sent there again.',
    });
  };
}
