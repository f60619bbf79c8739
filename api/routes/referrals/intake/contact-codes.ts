import type { Request } from 'express';
import { z } from 'zod';
import {
  readPendingContactChanges,
  renewChangeCodes,
} from '../../../../store/referrals/contacts/contact-change-codes.ts';
import { enterContactCode, sendContactCodes } from '../../../../store/referrals/contacts/contact-codes.ts';
import { type ContactKey, readContactKeys } from '../../../../store/referrals/contacts/contact-keys.ts';
import { readStoredReferral } from '../../../../store/referrals/intake.ts';
import { lockReferral } from '../../../../store/referrals/referrals.ts';
import type { Deps } from '../../../deps.ts';
import { fail } from '../../../http/problems.ts';
import type { ConsumerFault } from '../../../http/requests/checked.ts';
import type { RateLimiter } from '../../../http/requests/rate-limits.ts';
import { type Route, route } from '../../../http/route.ts';
import { id } from '../../../schemas/fields.ts';
import { contactCodeSent, contactConfirmed, contactVerification } from '../../../schemas/referrals/intake.ts';
import { referralCreatedView } from '../../onboarding/referral-created-view.ts';
import { createFailAlreadyOpen } from './already-open.ts';
import { contactUses } from './contact-limits.ts';

/** Routes for the codes that confirm a consumer's phone or email address, before any agent gets an offer. */
export function contactCodeRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const { db, keyring, settings, now } = deps;
  const { policy, linkSecret } = settings;
  const failAlreadyOpen = createFailAlreadyOpen(deps, limiter);
  return [
    route({
      key: 'POST /v1/referrals/:id/verification',
      summary: 'Enter the code that was sent to the phone or the email address, or request new codes',
      description:
        'With `code`: 200 with the request that continues, which is an earlier one if the same phone or address has one ' +
        'open; 422 with `attemptsLeft` if the code is wrong; 410 if it has expired or was tried too often. The code of a ' +
        'corrected contact (`PUT …/contact`) makes it replace the old one; 409 `already-open` if that contact has another ' +
        'open request. With `{}`, new codes are sent: 202; `call` chooses between a call and a text for the phone. ' +
        'Entering the same right code again returns the same result.',
      params: z.strictObject({ id }),
      body: contactVerification,
      responses: {
        200: { description: 'Confirmed with this code, now or earlier', schema: contactConfirmed },
        202: { description: 'New codes are being sent', schema: contactCodeSent },
      },
      problems: ['code-expired', 'not-allowed-now', 'already-open', 'too-many-requests'],
      handle: async ({ body: { code, call }, caller: { referralId }, request }) => {
        if (code === undefined)
          return { status: 202, body: { codeExpiresAt: await sendCodes(referralId, call, request) } };
        const referral = await readStoredReferral(db, await enterCode(referralId, code, request));
        if (!referral) fail('not-found');
        // the code may be entered on another day than the request was sent
        const opensAt = referral.opensAt && referral.opensAt > now() ? referral.opensAt.toISOString() : null;
        return {
          status: 200,
          body: { ...referralCreatedView(referral, settings), stage: referral.stageNow, opensAt },
        };
      },
    }),
  ];

  /** Sends new codes. @param call true: call the phone from now on; false: text it; undefined: as the last time */
  async function sendCodes(referralId: string, call: boolean | undefined, request: Request): Promise<string> {
    const keys = await keysToConfirm(referralId);
    if (call && !keys.some(({ channel }) => channel === 'text'))
      fail('not-allowed-now', { detail: 'There is no phone number to call.' });
    await limiter.countAll([
      { name: 'codesByReferral', key: referralId, shownIn: request.res },
      ...contactUses(keys, { request: false, message: true }),
    ]);
    const channel = call === undefined ? {} : { phoneOver: call ? ('voice' as const) : ('text' as const) };
    const expiresAt = await db.transaction().execute(async (tx) => {
      const referral = await lockReferral(tx, referralId);
      const isWaiting =
        referral?.stage === 'unconfirmed' && referral.waitingUntil && referral.waitingUntil > now();
      if (isWaiting) return sendContactCodes(tx, { referralId, ...channel, at: now(), policy });
      const mayChange = referral && referral.stage !== 'unconfirmed' && !referral.closedAt;
      return mayChange
        ? renewChangeCodes(tx, keyring, { referralId, ...channel, at: now(), policy })
        : undefined;
    });
    return expiresAt?.toISOString() ?? fail('not-allowed-now', { detail: 'There is nothing to confirm.' });
  }

  /** Returns the contacts to confirm: those of an unconfirmed request, otherwise those of a pending correction. */
  async function keysToConfirm(referralId: string): Promise<ContactKey[]> {
    const isUnconfirmed = (await readStoredReferral(db, referralId))?.stageNow === 'unconfirmed';
    return isUnconfirmed
      ? readContactKeys(db, referralId)
      : readPendingContactChanges(db, keyring, referralId);
  }

  /** Enters a code. @returns the id of the request that continues */
  async function enterCode(referralId: string, code: string, request: Request): Promise<string> {
    // counted over all codes of the request: each new code would allow new attempts
    const refundTry = await limiter.count('codeTriesByReferral', referralId, request.res);
    // refuse after the commit, so that the count of wrong codes is kept
    const answer = await db
      .transaction()
      .execute((tx) => enterContactCode(tx, keyring, { referralId, code, at: now(), policy, linkSecret }));
    switch (answer.was) {
      case 'right':
        await refundTry();
        return answer.referralId;
      case 'open-already':
        return failAlreadyOpen(answer.alreadyOpen, []);
      case 'over':
        return fail('code-expired', { members: { at: answer.at?.toISOString() } });
      case 'wrong': {
        const { attemptsLeft } = answer;
        const errors: ConsumerFault[] = [
          { pointer: '/code', code: 'wrong-code', detail: 'This is not the code we sent.' },
        ];
        return fail('invalid-fields', { errors, members: { attemptsLeft } });
      }
    }
  }
}
