import { z } from 'zod';
import type { ReferralAction } from '../../../domain/ops/ops-actions.ts';
import { applyReferralAction } from '../../../store/referrals/referral-actions.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { opsReason, referralActionResult } from '../../schemas/ops/ops-actions.ts';

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
  nobody: () => fail('not-allowed-now', { detail: 'No agent has this referral or an open offer of it.' }),
};

/** Ops actions on referrals. Each has a reason and is recorded; a repeat has no further effect. */
export function opsReferralActionRoutes({ db, now }: Deps): Route[] {
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
  ];

  async function apply(
    action: ReferralAction,
    referralId: string,
    reason: string,
    { accountId }: { accountId: string },
  ) {
    const request = { referralId, action, reason, accountId, at: now() };
    const result =
      (await db.transaction().execute((tx) => applyReferralAction(tx, request))) ?? fail('not-found');
    if ('obstacle' in result) return obstacleProblems[result.obstacle]();
    const { id: actionId, at } = result;
    return { status: 200 as const, body: { id: actionId, referralId, action, at: at.toISOString() } };
  }
}
