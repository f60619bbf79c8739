import type { ContactChannel } from '../../../domain/notifications/contact.ts';
import type { ContactKey } from '../../../store/referrals/contact-keys.ts';
import { resendLink } from '../../../store/referrals/intake.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';

/**
 * Refuses a second open request of one phone or address. The link goes where the first request is reached, never to
 * whoever asks.
 * @throws the problem `already-open`
 */
export function createFailAlreadyOpen({ db, now }: Deps, limiter: RateLimiter) {
  return async (
    { referralId, channel }: { referralId: string; channel: ContactChannel },
    keys: readonly ContactKey[],
  ): Promise<never> => {
    const key = keys.find((one) => one.channel === channel)?.key ?? referralId;
    if (await limiter.tryCount('messagesByContact', key))
      await db.transaction().execute((tx) => resendLink(tx, { referralId, channel, at: now() }));
    return fail('already-open', {
      detail: 'A request with this phone number or email address is open. Its link was sent there again.',
    });
  };
}
