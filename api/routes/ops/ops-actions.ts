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
  responses: { 200: { description: 'Done, or done before', schema: opsActionResult } },
  problems: ['not-found', 'not-allowed-now'],
} as const;

/** What ops do about agents; each act with its reason, on record, and done once however often it is sent. */
export function opsActionRoutes({ db, now }: Deps): Route[] {
  return [
    route({
      key: 'POST /v1/ops/onboardings/:npn/invitation',
      summary: 'Have an agent invited again; a link that still works is replaced',
      params: actionRoute.params,
      body: opsInvitation,
      responses: { 202: { description: 'Noted; the invitation follows', schema: opsInvitationReceived } },
      problems: ['not-found', 'not-allowed-now', 'not-eligible', 'already-registered'],
      handle: async ({ params, body, caller: { accountId } }) => {
        const agent = normalizeNpn(params.npn) ?? fail('not-found');
        const planYear = body.planYear ?? (await currentPlanYear(db, agent)) ?? fail('not-found');
        const wish = { npn: agent, planYear, at: now(), reason: body.reason, accountId };
        const found = await db.transaction().execute((tx) => inviteAgain(tx, wish));
        if (!found) fail('not-found');
        if ('obstacle' in found) failNotPossible(found, wish.at);
        // whoever asks again is answered with what is noted already
        const requestedAt = (found.requestedAt ?? wish.at).toISOString();
        return { status: 202, body: { npn: agent, planYear, stage: found.row.stage, requestedAt } };
      },
    }),
    route({
      key: 'POST /v1/ops/agents/:npn/hold',
      summary: 'Offer an agent nothing until he is released; what runs is taken back',
      ...actionRoute,
      body: opsReason,
      handle: ({ params, body, caller }) => act(params.npn, caller, { action: 'hold', ...body }),
    }),
    route({
      key: 'POST /v1/ops/agents/:npn/release',
      summary: 'End the hold of an agent',
      ...actionRoute,
      body: opsReason,
      handle: ({ params, body, caller }) => act(params.npn, caller, { action: 'release', ...body }),
    }),
    route({
      key: 'POST /v1/ops/agents/:npn/deactivation',
      summary:
        'Record that an agent has left or died, or end his part: nothing is offered and nobody is written to',
      ...actionRoute,
      body: opsDeactivation,
      handle: ({ params, body, caller }) => act(params.npn, caller, { action: 'deactivate', ...body }),
    }),
    route({
      key: 'POST /v1/ops/onboardings/:npn/notes',
      summary: 'Note something about an agent, for ops alone',
      ...actionRoute,
      body: opsNote,
      handle: ({ params, body, caller }) => act(params.npn, caller, { action: 'note', ...body }),
    }),
  ];

  async function act(
    typedNpn: string,
    { accountId }: { accountId: string },
    wish: Omit<OpsActionRequest, 'npn' | 'accountId' | 'at'>,
  ): Promise<{ status: 200; body: OpsActionResult }> {
    const agent = normalizeNpn(typedNpn) ?? fail('not-found');
    const at = now();
    const done = await db
      .transaction()
      .execute((tx) => applyOpsAction(tx, { ...wish, npn: agent, accountId, at }));
    if (!done) fail('not-found');
    if ('obstacle' in done) failNotPossible(done, at);
    return { status: 200, body: toOpsActionResult(agent, done) };
  }
}

/** Ends a request for an act that is not possible now, by the rule that also says what ops can do. */
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
