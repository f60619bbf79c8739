import { z } from 'zod';
import type { ReferralAction } from '../../../domain/ops/ops-actions.ts';
import { readConsumerContact } from '../../../store/notifications/reachability.ts';
import { applyReferralAction } from '../../../store/referrals/referral-actions.ts';
import type { SecurityLog } from '../../auth/security-log.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { contactRead, opsReason, referralActionResult } from '../../schemas/ops/ops-actions.ts';

const actionRoute = {
  params: z.strictObject({ id }),
  body: opsReason,
  responses: {
    200: {
      description: 'Recorded now or earlier; the workflow applies it next',
      schema: referralActionResult,
    },
  },
  problems: ['not-found', 'not-allowed-now', 'referral-ended'],
} as const;

const obstacleProblems = {
  over: () => fail('referral-ended'),
  erased: () => fail('not-allowed-now', { detail: 'The consumer is erased; nothing more is written here.' }),
  nobody: () => fail('not-allowed-now', { detail: 'No agent has this referral or an open offer of it.' }),
};

/** Ops actions on referrals. Each has a reason and is recorded; a repeat has no further effect. */
export function opsReferralActionRoutes({ db, keyring, now }: Deps, recordSecurity: SecurityLog): Route[] {
  return [
    route({
      key: 'POST /v1/ops/referrals/:id/recall',
      summary: 'Recall a referral from its current agent; the next agent gets an offer',
      ...actionRoute,
      handle: ({ params, body, caller }) => apply('recall', params.id, body.reason, caller),
    }),
    route({
      key: 'POST /v1/ops/referrals/:id/closure',
      summary: 'Close a referral: no more offers, and its current agent is notified not to call',
      ...actionRoute,
      handle: ({ params, body, caller }) => apply('close', params.id, body.reason, caller),
    }),
    route({
      key: 'POST /v1/ops/referrals/:id/notes',
      summary: 'Add a note about a referral, visible to ops only',
      ...actionRoute,
      handle: ({ params, body, caller }) => apply('note', params.id, body.reason, caller),
    }),
    route({
      key: 'POST /v1/ops/referrals/:id/contact',
      summary: 'Read the contact of a consumer; the reason is on record',
      description: 'Lists and searches show no contact. Once it is erased the answer is 409.',
      ...actionRoute,
      responses: { 200: { description: 'The contact', schema: contactRead } },
      handle: async ({ params: { id: referralId }, body: { reason }, caller: { accountId }, request }) => {
        const read = { referralId, action: 'read-contact', reason, accountId, at: now() } as const;
        return recordSecurity.inTransaction(request, async (tx, record) => {
          const result = (await applyReferralAction(tx, keyring, read)) ?? fail('not-found');
          if ('obstacle' in result) return obstacleProblems[result.obstacle]();
          const contact = await readConsumerContact(tx, keyring, referralId);
          if (!contact) return fail('not-allowed-now', { detail: 'The contact is erased.' });
          await record({ kind: 'contact-read', accountId, detail: referralId });
          const { name, phone, email } = contact;
          const consumer = { name, phone, email };
          return { status: 200, body: { id: result.id, referralId, at: result.at.toISOString(), consumer } };
        });
      },
    }),
  ];

  async function apply(
    action: ReferralAction,
    referralId: string,
    reason: string,
    { accountId }: { accountId: string },
  ) {
    const request = { referralId, action, reason, accountId, at: now() };
    const result =
      (await db.transaction().execute((tx) => applyReferralAction(tx, keyring, request))) ??
      fail('not-found');
    if ('obstacle' in result) return obstacleProblems[result.obstacle]();
    const { id: actionId, at } = result;
    return { status: 200 as const, body: { id: actionId, referralId, action, at: at.toISOString() } };
  }
}
