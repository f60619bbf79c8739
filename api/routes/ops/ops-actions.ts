import { z } from 'zod';
import { sentencesIn } from '../../../domain/text/catalog.ts';
import { marketplaceTimeZone } from '../../../domain/time/marketplace-calendar.ts';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import { currentPlanYear } from '../../../store/onboarding/onboardings.ts';
import {
  applyOpsAction,
  inviteAgain,
  type OpsActionRefusal,
  type OpsActionRequest,
} from '../../../store/ops/ops-actions.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { npn } from '../../schemas/fields.ts';
import {
  type OpsActionResult,
  opsActionResult,
  opsDeactivation,
  opsInvitation,
  opsInvitationReceived,
  opsNote,
  opsReason,
} from '../../schemas/ops/ops-actions.ts';
import { toOpsActionResult } from './ops-view.ts';

const actionRoute = {
  params: z.strictObject({ npn }),
  responses: { 200: { description: 'Done now or earlier', schema: opsActionResult } },
  problems: ['not-found', 'not-allowed-now'],
} as const;

/** Ops actions on agents. Each has a reason and is recorded; a repeat has no further effect. */
export function opsActionRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'POST /v1/ops/onboardings/:npn/invitation',
      summary: 'Invite an agent again; a valid link is replaced',
      params: actionRoute.params,
      body: opsInvitation,
      responses: {
        202: { description: 'Recorded; the invitation will be sent', schema: opsInvitationReceived },
      },
      problems: ['not-found', 'not-allowed-now', 'not-eligible', 'already-registered'],
      handle: async ({ params, body, caller: { accountId } }) => {
        const agent = normalizeNpn(params.npn) ?? fail('not-found');
        const planYear = body.planYear ?? (await currentPlanYear(db, agent)) ?? fail('not-found');
        const request = { npn: agent, planYear, at: now(), reason: body.reason, accountId };
        const result = await db.transaction().execute((tx) => inviteAgain(tx, request));
        if (!result) fail('not-found');
        if ('obstacle' in result) failNotPossible(result, request.at);
        // a repeat gets the time of the first request
        const requestedAt = (result.requestedAt ?? request.at).toISOString();
        return { status: 202, body: { npn: agent, planYear, stage: result.row.stage, requestedAt } };
      },
    }),
    route({
      key: 'POST /v1/ops/agents/:npn/hold',
      summary: 'Hold an agent: no offers until the release; current referrals go to other agents',
      ...actionRoute,
      body: opsReason,
      handle: ({ params, body, caller }) => apply(params.npn, caller, { action: 'hold', ...body }),
    }),
    route({
      key: 'POST /v1/ops/agents/:npn/release',
      summary: 'End the hold of an agent',
      ...actionRoute,
      body: opsReason,
      handle: ({ params, body, caller }) => apply(params.npn, caller, { action: 'release', ...body }),
    }),
    route({
      key: 'POST /v1/ops/agents/:npn/deactivation',
      summary:
        'Deactivate an agent who has left or died, or whose participation ends: no more offers and messages',
      ...actionRoute,
      body: opsDeactivation,
      handle: ({ params, body, caller }) => apply(params.npn, caller, { action: 'deactivate', ...body }),
    }),
    route({
      key: 'POST /v1/ops/onboardings/:npn/notes',
      summary: 'Add a note about an agent, visible to ops only',
      ...actionRoute,
      body: opsNote,
      handle: ({ params, body, caller }) => apply(params.npn, caller, { action: 'note', ...body }),
    }),
  ];

  async function apply(
    typedNpn: string,
    { accountId }: { accountId: string },
    request: Omit<OpsActionRequest, 'npn' | 'accountId' | 'at'>,
  ): Promise<{ status: 200; body: OpsActionResult }> {
    const agent = normalizeNpn(typedNpn) ?? fail('not-found');
    const at = now();
    const result = await db
      .transaction()
      .execute((tx) => applyOpsAction(tx, { ...request, npn: agent, accountId, at }));
    if (!result) fail('not-found');
    if ('obstacle' in result) failNotPossible(result, at);
    return { status: 200, body: toOpsActionResult(agent, result) };
  }
}

/** Refuses an action that is not possible now. The same rule decides the `canDo` that ops see. */
function failNotPossible({ obstacle, record: { row, facts } }: OpsActionRefusal, now: Date): never {
  const sentences = sentencesIn('en').opsActionObstacle;
  switch (obstacle) {
    case 'registered':
      return fail('already-registered', { detail: sentences[obstacle] });
    case 'not-invited-yet':
      return fail('not-eligible', { detail: sentences[obstacle], members: { causes: row.causes } });
    case 'address-undeliverable': {
      const since = facts.emailUndeliverableAt ?? row.since;
      return fail('not-allowed-now', {
        detail: sentences[obstacle](since, { now, timeZone: marketplaceTimeZone }),
        members: { obstacle, stage: row.stage, at: since.toISOString() },
      });
    }
    case 'left':
    case 'closed':
    case 'held':
    case 'not-held':
      return fail('not-allowed-now', {
        detail: sentences[obstacle],
        members: { obstacle, stage: row.stage, at: row.since.toISOString() },
      });
  }
}
