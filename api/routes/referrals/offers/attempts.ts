import type { Policy } from '../../../../domain/policy.ts';
import { isTryLeft, type NextTry, nextTryAfter } from '../../../../domain/referrals/attempts.ts';
import type { ContactTime } from '../../../../domain/referrals/contact-times.ts';
import { fail } from '../../../http/problems.ts';

/** An offer that was accepted, with the contact times of its consumer. */
interface TriedOffer {
  attempts: number;
  contactTimes: readonly ContactTime[];
  timeZone: string;
}

interface Context {
  policy: Policy;
  now: Date;
}

/** Returns by when the agent has to try again if a try is reported now; undefined once every try has been reported. */
export function nextTryOf(offer: TriedOffer, { policy, now }: Context): NextTry | undefined {
  const { attempts, contactTimes: times, timeZone } = offer;
  return isTryLeft(attempts, policy) ? nextTryAfter(now, { times, timeZone }, policy) : undefined;
}

/** @throws a problem if no try is left to report, or if the next one is in the past or later than the policy allows */
export function refuseImpossibleTry(
  offer: TriedOffer,
  { nextTryAt }: { nextTryAt?: string },
  context: Context,
): void {
  const allowed = nextTryOf(offer, context);
  if (!allowed)
    fail('not-allowed-now', {
      detail: 'You have reported every try. Please report what came of it, or hand the referral back.',
      members: { attempts: offer.attempts, mostAttempts: context.policy.minContactAttempts },
    });
  if (nextTryAt === undefined) return;
  const at = new Date(nextTryAt);
  if (at > context.now && at <= allowed.latest) return;
  const latest = allowed.latest.toISOString();
  const detail = `The next try must be in the future and not after ${latest}.`;
  fail('invalid-fields', {
    errors: [{ pointer: '/nextTryAt', code: 'out-of-range', detail }],
    members: { latest },
  });
}
