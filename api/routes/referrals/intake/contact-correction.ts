import type { Request } from 'express';
import { z } from 'zod';
import { isConsentRescinded } from '../../../../store/referrals/consumer-actions.ts';
import { correctContact } from '../../../../store/referrals/contacts/contact-changes.ts';
import { type ContactKey, deriveContactKeys } from '../../../../store/referrals/contacts/contact-keys.ts';
import type { Deps } from '../../../deps.ts';
import { joinChecks } from '../../../http/requests/checked.ts';
import type { RateLimiter } from '../../../http/requests/rate-limits.ts';
import { networksOf } from '../../../http/requests/request-origin.ts';
import { type Route, route } from '../../../http/route.ts';
import { id } from '../../../schemas/fields.ts';
import {
  type ContactCorrectionBody,
  contactCorrection,
  pendingContact,
} from '../../../schemas/referrals/consumer-actions.ts';
import { referralStatus } from '../../../schemas/referrals/offers.ts';
import { chooseCodeChannel } from '../../agents/phone-check.ts';
import { createConsumerStatus } from '../consumer-status.ts';
import { createFailAlreadyOpen } from './already-open.ts';
import { contactUses } from './contact-limits.ts';
import { checkTextConsent, missingContactFaults } from './intake-check.ts';

/** Route for the consumer to correct their phone number or email address, authenticated by the token of the request. */
export function contactCorrectionRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const { db, keyring, settings } = deps;
  const { view, readStatus, failOver } = createConsumerStatus(deps);
  const failAlreadyOpen = createFailAlreadyOpen(deps, limiter);
  return [
    route({
      key: 'PUT /v1/referrals/:id/contact',
      summary: 'Correct the phone number or the email address of a request',
      description:
        'If contacts must be confirmed, the response is 202 and a new contact is used only after its code was entered ' +
        '(`POST …/verification`); a later correction replaces a pending one. A request that waits because of a wrong ' +
        'contact continues as soon as it has a new one.',
      params: z.strictObject({ id }),
      body: contactCorrection,
      responses: {
        200: { description: 'Recorded now or earlier; the stage of the request', schema: referralStatus },
        202: { description: 'A code is being sent to the new contact', schema: pendingContact },
      },
      problems: ['referral-ended', 'already-open', 'too-many-requests'],
      check: checkCorrection,
      handle: async ({ caller: { referralId }, body: { phone, email }, known: { textConsent }, request }) => {
        // after a rescission nothing is stored about the consumer, not even the counts below
        if (await isConsentRescinded(db, referralId)) return failOver(referralId);
        const contact = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) };
        const contactKeys = deriveContactKeys(keyring.lookupKey, contact);
        await countContact(request, { referralId, keys: contactKeys });
        const { policy } = settings;
        const phoneOver = await chooseChannel(referralId, phone);
        const correction = {
          referralId,
          contact,
          textConsent,
          contactKeys,
          phoneOver,
          at: deps.now(),
          policy,
        };
        const result = await db.transaction().execute((tx) => correctContact(tx, keyring, correction));
        if (result.was === 'over') return failOver(referralId);
        if (result.was === 'open-already') return failAlreadyOpen(result.alreadyOpen, contactKeys);
        const body = await readStatus(referralId);
        if (result.was === 'made') return { status: 200, body };
        const codeExpiresAt = result.codeExpiresAt.toISOString();
        return { status: 202, body: { ...body, codeExpiresAt } };
      },
    }),
  ];

  async function checkCorrection(fields: Partial<ContactCorrectionBody>, { request }: { request: Request }) {
    const textConsent = await checkTextConsent(db, fields, request.body);
    return joinChecks({ textConsent }, missingContactFaults(request.body));
  }

  /** Counts against the limits of intake, because messages are sent to a new contact here as they are there. */
  async function countContact(
    request: Request,
    { referralId, keys }: { referralId: string; keys: readonly ContactKey[] },
  ): Promise<void> {
    await limiter.countAll([
      { name: 'intakeByNetwork', key: networksOf(request), shownIn: request.res },
      { name: 'codesByReferral', key: referralId, shownIn: request.res },
      ...contactUses(keys, { request: true, message: true }),
    ]);
  }

  /**
   * Chooses how the code reaches a new phone.
   * @throws a problem if the consumer wants texts on a line that gets none
   */
  async function chooseChannel(referralId: string, phone: string | undefined) {
    if (phone === undefined) return undefined;
    const { contactBy } = await view(referralId);
    return chooseCodeChannel(deps, { phone, contactBy });
  }
}
