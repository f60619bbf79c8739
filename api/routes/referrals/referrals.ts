import { z } from 'zod';
import { fullName } from '../../../domain/agents/agent-name.ts';
import { chooseWaitingTimes } from '../../../domain/referrals/waiting-times.ts';
import { readChangeCodeChannels } from '../../../store/referrals/contacts/contact-change-codes.ts';
import { readCodeChannels } from '../../../store/referrals/contacts/contact-codes.ts';
import {
  type AgentOfReferral,
  type ConsumerReferral,
  stagesAfter,
} from '../../../store/referrals/referral-views.ts';
import { readWaitingTimes } from '../../../store/referrals/waiting-times.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { createOpenStreams, streamLimits } from '../../http/streams/open-streams.ts';
import { streamStoredEvents } from '../../http/streams/stored-events.ts';
import { emptyBody, id } from '../../schemas/fields.ts';
import { referralStatus } from '../../schemas/referrals/offers.ts';
import { referralResponse, stageEvent } from '../../schemas/referrals/referrals.ts';
import { createConsumerStatus } from './consumer-status.ts';
import { groupOf } from './waiting-times.ts';
import { createWithdrawal } from './withdrawal.ts';

const params = z.strictObject({ id });

/** Routes to follow the status of a request for help, and to withdraw it. */
export function referralRoutes(deps: Deps): Route[] {
  const streams = createOpenStreams(streamLimits);
  const { db, events, log, now } = deps;
  const { view } = createConsumerStatus(deps);
  const withdrawReferral = createWithdrawal(deps);
  return [
    route({
      key: 'GET /v1/referrals/:id',
      summary: 'Get the status of a request for help',
      params,
      responses: {
        200: { description: 'The stage, and the agent once there is one', schema: referralResponse },
      },
      handle: async ({ caller: { referralId } }) => {
        const found = await view(referralId);
        const { stage, since, causes, waitingUntil, language, contactBy, agent } = found;
        return {
          status: 200,
          body: {
            stage,
            since: since.toISOString(),
            receivedAt: found.createdAt.toISOString(),
            asked: found.asked && {
              count: found.asked.count,
              latestAt: found.asked.latestAt.toISOString(),
            },
            ...(await searchOf(found)),
            outcome: outcomeOf(found),
            causes,
            waitingUntil: waitingUntil?.toISOString() ?? null,
            language,
            contactBy,
            ...(await codesBy(referralId, found)),
            ...(agent ? { agent: agentView(agent) } : {}),
            canAskAnother: Boolean(agent) && !found.closedAt && !found.anotherAskedAt,
          },
        };
      },
    }),
    route({
      key: 'GET /v1/referrals/:id/events',
      summary: 'Stream the stages of a request for help',
      description:
        'Each event is named `stage` and has an increasing `id`. The stream starts with the current stage, or with ' +
        '`Last-Event-ID` with all events after that one. A request can have eight streams; one more ends the oldest.',
      params,
      headers: {
        'Last-Event-ID': { description: 'The id of the last event that was received', required: false },
      },
      responses: {
        200: { description: 'A stream of events', contentType: 'text/event-stream', schema: stageEvent },
      },
      handle: async ({ caller: { referralId }, request }) => ({
        status: 200,
        stream: (response) =>
          streamStoredEvents({
            request,
            response,
            events,
            streams,
            log,
            topic: `referral ${referralId}`,
            read: (after) => readStages(referralId, after),
          }),
      }),
    }),
    route({
      key: 'POST /v1/referrals/:id/withdrawal',
      summary: 'Withdraw a request for help, at any time until it has ended',
      params,
      body: emptyBody,
      responses: { 200: { description: 'Withdrawn now or earlier', schema: referralStatus } },
      problems: ['referral-ended', 'offer-busy', 'not-answered-yet'],
      handle: async ({ caller: { referralId } }) => {
        const status = await withdrawReferral(referralId);
        return { status: 200, body: status };
      },
    }),
  ];

  /** Returns what can be said of a search that is going on: how long it usually takes there, and when it ends at the latest. */
  async function searchOf({ stage, state, language, budgetEndsAt }: ConsumerReferral) {
    if (stage !== 'queued' && stage !== 'offering') return { usually: null, latestBy: null };
    const rows = await readWaitingTimes(db, { state, language });
    // other states say nothing about this one
    const { found } = chooseWaitingTimes(
      rows.filter((row) => row.state !== null),
      now(),
    );
    return {
      usually: found?.found ? { ...groupOf(found), ...found.found } : null,
      latestBy: budgetEndsAt.toISOString(),
    };
  }

  /** Returns how the codes that are still open were sent. */
  async function codesBy(referralId: string, { stage, closedAt }: ConsumerReferral) {
    if (stage === 'unconfirmed') return { codesBy: await readCodeChannels(db, referralId) };
    const channels = closedAt ? [] : await readChangeCodeChannels(db, referralId);
    return channels.length > 0 ? { codesBy: channels } : {};
  }

  async function readStages(referralId: string, after: number | undefined) {
    const stages = await stagesAfter(db, referralId, after);
    return stages.map(({ sequence, stage, since }) => ({
      id: sequence,
      event: 'stage',
      data: { stage, since: since.toISOString() } satisfies z.input<typeof stageEvent>,
    }));
  }
}

/** What came of a request that is closed; null if the agent did not say. */
function outcomeOf({ stage, outcome }: ConsumerReferral) {
  if (stage !== 'closed' || outcome === null) return null;
  return outcome === 'enrolled' ? ('enrolled' as const) : ('not-enrolled' as const);
}

function agentView({
  npn,
  license,
  acceptedAt,
  contactedAt,
  tries,
  callsBy,
  triedAt,
  triedHow,
  nextTryAt,
  called,
  ...name
}: AgentOfReferral) {
  return {
    name: fullName(name),
    npn,
    license,
    acceptedAt: acceptedAt.toISOString(),
    contactedAt: contactedAt?.toISOString() ?? null,
    tries,
    callsBy: callsBy?.toISOString() ?? null,
    triedAt: triedAt?.toISOString() ?? null,
    triedHow,
    nextTryAt: nextTryAt?.toISOString() ?? null,
    called,
  };
}
