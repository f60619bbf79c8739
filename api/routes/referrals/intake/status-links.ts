import {
  type ContactKey,
  deriveContactKeys,
  findOpenReferral,
} from '../../../../store/referrals/contacts/contact-keys.ts';
import { resendLink } from '../../../../store/referrals/intake.ts';
import type { Deps } from '../../../deps.ts';
import { inEvenTime } from '../../../http/even-answer.ts';
import type { RateLimiter } from '../../../http/requests/rate-limits.ts';
import { networksOf } from '../../../http/requests/request-origin.ts';
import { type Route, route } from '../../../http/route.ts';
import { statusLinkRequest, statusLinkRequested } from '../../../schemas/referrals/referrals.ts';
import { messageUses } from './contact-limits.ts';
import { missingContactFaults } from './intake-check.ts';

/** Routes for consumers who have lost the link to their status page. */
export function statusLinkRoutes({ db, keyring, settings, now }: Deps, limiter: RateLimiter): Route[] {
  const { policy } = settings;
  return [
    route({
      key: 'POST /v1/status-link-requests',
      summary: 'Send the status link of an open request again',
      description:
        'The link is sent to the given phone or email address, but only if it is the contact of an open request; if ' +
        'contacts must be confirmed, the confirmed contact. The response is always the same, after the same time.',
      body: statusLinkRequest,
      responses: { 202: { description: 'Received', schema: statusLinkRequested } },
      problems: ['too-many-requests'],
      check: async (_fields, { request }) => ({ faults: missingContactFaults(request.body) }),
      handle: async ({ body, request }) => {
        await limiter.count('renewalsByNetwork', networksOf(request), request.res);
        await inEvenTime(async () => {
          for (const key of deriveContactKeys(keyring.lookupKey, body)) await sendTo(key);
        });
        return { status: 202, body: { status: 'received' } };
      },
    }),
  ];

  /** Sends the link. It counts even without an open request, so that the limit does not reveal whether there is one. */
  async function sendTo(key: ContactKey): Promise<void> {
    if (!(await limiter.tryCountAll(messageUses(key.key)))) return;
    await db.transaction().execute(async (tx) => {
      const open = await findOpenReferral(tx, { keys: [key], confirmed: policy.confirmConsumerContact });
      if (open) await resendLink(tx, { ...open, at: now() });
    });
  }
}
