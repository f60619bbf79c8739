import { z } from 'zod';
import { applyReferralAction, type ReferralAction } from '../../../store/referrals/referral-actions.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { id } from '../../schemas/fields.ts';
import { opsReason, referralActionResult } from '../../schemas/ops/ops-actions.ts';

const actionRoute = {
  params: z.strictObject({ id }),
  body: opsReason,
  responses: {
    200: { description: 'On record, now or before; the story follows', schema: referralActionResult },
  },
  problems: ['not-found', 'not-allowed-now', 'referral-ended'],
} as const;

const obstacleProblems = {
  over: () => fail('referral-ended'),
  nobody: () => fail('not-allowed-now', { detail: 'No agent has this referral, and none is asked now.' }),
};

/** What ops do about referrals; each act with its reason, on record, and done once however often it is sent. */
export function opsReferralActionRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'POST /v1/ops/referrals/:id/recall',
      summary: 'Take a referral from the agent who has it or was asked; the next one is asked',
      ...actionRoute,
      handle: ({ params, body, caller }) => act('recall', params.id, body.reason, caller),
    }),
    route({
      key: 'POST /v1/ops/referrals/:id/closure',
      summary: 'End a referral: nobody is asked any more, and an agent who has it is told not to call',
      ...actionRoute,
      handle: ({ params, body, caller }) => act('close', params.id, body.reason, caller),
    }),
    route({
      key: 'POST /v1/ops/referrals/:id/notes',
      summary: 'Note something about a referral, for ops alone',
      ...actionRoute,
      handle: ({ params, body, caller }) => act('note', params.id, body.reason, caller),
    }),
  ];

  async function act(
    what: ReferralAction,
    referralId: string,
    reason: string,
    { accountId }: { accountId: string },
  ) {
    const wish = { referralId, action: what, reason, accountId, at: now() };
    const done = (await db.transaction().execute((tx) => applyReferralAction(tx, wish))) ?? fail('not-found');
    if ('obstacle' in done) return obstacleProblems[done.obstacle]();
    const { id: actId, at } = done;
    return { status: 200 as const, body: { id: actId, referralId, act: what, at: at.toISOString() } };
  }
}
