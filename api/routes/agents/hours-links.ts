import { z } from 'zod';
import { confirmHours, type Rest, readRest } from '../../../store/agents/rests.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type Route, route } from '../../http/route.ts';
import { type HoursQuestion, hoursQuestion } from '../../schemas/agents/availability.ts';
import { emptyBody, id } from '../../schemas/fields.ts';

const params = z.strictObject({ id });

/**
 * Routes for the link in the question whether an agent's hours still hold. It gives access to that one question only.
 * Opening it answers nothing, because mail scanners open links too.
 */
export function hoursLinkRoutes({ db, now, settings }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/hours-links/:id',
      summary: 'Get the question behind the link: since when and why the agent is offered nothing',
      params,
      responses: { 200: { description: 'The question', schema: hoursQuestion } },
      handle: async ({ caller }) => ({ status: 200, body: toQuestion(caller.rest) }),
    }),
    route({
      key: 'POST /v1/hours-links/:id/confirmation',
      summary: 'Say that the hours still hold: the agent is offered referrals again',
      params,
      body: emptyBody,
      responses: { 200: { description: 'Answered now or earlier', schema: hoursQuestion } },
      handle: async ({ caller: { rest } }) => {
        const word = { npn: rest.npn, at: now(), limits: settings.policy };
        // an old link does not end a later rest
        if (!rest.endedAt) await db.transaction().execute((tx) => confirmHours(tx, word));
        return { status: 200, body: toQuestion((await readRest(db, rest.id)) ?? fail('not-found')) };
      },
    }),
  ];
}

function toQuestion({ beganAt, unseenOffers, endedAt }: Rest): HoursQuestion {
  return { since: beganAt.toISOString(), unseenOffers, endedAt: endedAt?.toISOString() ?? null };
}
