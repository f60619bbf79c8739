import { z } from 'zod';
import {
  readPendingContactChanges,
  renewChangeCodes,
} from '../../../store/referrals/contact-change-codes.ts';
import { enterContactCode, sendContactCodes } from '../../../store/referrals/contact-codes.ts';
import { type ContactKey, readContactKeys } from '../../../store/referrals/contact-keys.ts';
import { readStoredReferral } from '../../../store/referrals/intake.ts';
import { lockReferral } from '../../../store/referrals/referrals.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import { type ConsumerFault, type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { contactCodeSent, contactConfirmed, contactVerification } from '../../schemas/referrals/intake.ts';
import { referralCreatedView } from '../onboarding/referral-created-view.ts';
import { createFailAlreadyOpen } from './already-open.ts';

/** The code that confirms a consumer's phone or address, before any agent is asked. */
export function contactCodeRoutes(deps: Deps, limiter: RateLimiter): Route[] {
  const { db, settings, now } = deps;
  const { policy, linkSecret } = settings;
  const failOpenAlready = createFailAlreadyOpen(deps, limiter);
  return [
    route({
      key: 'POST /v1/referrals/:id/verification',
      summary: 'Enter the code that was sent to the phone or the email address, or have another one sent',
      description:
        'With `code`: 200 with the request that goes on, which is the first one where the same phone or address has ' +
        'one open; 422 with `attemptsLeft` where the code is wrong, 410 where it can no longer be used. The code of a new phone or address (`PUT …/contact`) puts it ' +
        'in the place of the old one, 409 `already-open` where it has another request open. With `{}` new ' +
        'codes are sent: 202; with `call` the one for the phone is spoken in a call, or texted again. The same right code again gets the first answer.',
      params: z.strictObject({ id }),
      body: contactVerification,
      responses: {
        200: { description: 'Confirmed, now or before by this code', schema: contactConfirmed },
        202: { description: 'Codes are on their way', schema: contactCodeSent },
      },
      problems: ['code-expired', 'not-allowed-now', 'already-open', 'too-many-requests'],
      handle: async ({ body: { code, call }, caller: { referralId } }) => {
        if (code === undefined) return { status: 202, body: { codeExpiresAt: await send(referralId, call) } };
        const kept = await readStoredReferral(db, await enter(referralId, code));
        if (!kept) fail('not-found');
        // it may be taken on another day than it was sent
        const opensAt = kept.opensAt && kept.opensAt > now() ? kept.opensAt.toISOString() : null;
        return {
          status: 200,
          body: { ...referralCreatedView(kept, settings), stage: kept.stageNow, opensAt },
        };
      },
    }),
  ];

  /** @param call whether the phone is called, from now on; without it as the time before */
  async function send(referralId: string, call: boolean | undefined): Promise<string> {
    const keys = await keysToConfirm(referralId);
    if (call && !keys.some(({ channel }) => channel === 'text'))
      fail('not-allowed-now', { detail: 'There is no phone number to call.' });
    await limiter.count('codesByReferral', referralId);
    for (const { key } of keys) await limiter.count('messagesByContact', key);
    const over = call === undefined ? {} : { phoneOver: call ? ('voice' as const) : ('text' as const) };
    const expiresAt = await db.transaction().execute(async (tx) => {
      const referral = await lockReferral(tx, referralId);
      const isWaiting =
        referral?.stage === 'unconfirmed' && referral.waitingUntil && referral.waitingUntil > now();
      if (isWaiting) return sendContactCodes(tx, { referralId, ...over, at: now(), policy });
      const mayChange = referral && referral.stage !== 'unconfirmed' && !referral.closedAt;
      return mayChange ? renewChangeCodes(tx, { referralId, ...over, at: now(), policy }) : undefined;
    });
    return expiresAt?.toISOString() ?? fail('not-allowed-now', { detail: 'There is nothing to confirm.' });
  }

  /** Of a request that goes on already, those of a new contact. */
  async function keysToConfirm(referralId: string): Promise<ContactKey[]> {
    const isUnconfirmed = (await readStoredReferral(db, referralId))?.stageNow === 'unconfirmed';
    return isUnconfirmed ? readContactKeys(db, referralId) : readPendingContactChanges(db, referralId);
  }

  /** @returns the request that goes on */
  async function enter(referralId: string, code: string): Promise<string> {
    // over all codes that were sent: each new one would bring new tries
    await limiter.count('codeTriesByReferral', referralId);
    // the count of a wrong code has to stay: the refusal comes after the commit
    const answer = await db
      .transaction()
      .execute((tx) => enterContactCode(tx, { referralId, code, at: now(), policy, linkSecret }));
    switch (answer.was) {
      case 'right':
        await limiter.refund('codeTriesByReferral', referralId);
        return answer.referralId;
      case 'open-already':
        return failOpenAlready(answer.alreadyOpen, []);
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
