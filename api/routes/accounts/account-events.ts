import type { Request, Response } from 'express';
import type { SessionAccount } from '../../access.ts';
import { createSessionStreams } from '../../auth/session-streams.ts';
import type { Deps } from '../../deps.ts';
import { type Route, route } from '../../http/route.ts';
import { streamAccountChanges } from '../../http/streams/account-changes.ts';
import type { Topic } from '../../http/streams/live-events.ts';
import { createOpenStreams } from '../../http/streams/open-streams.ts';
import { changeEvent } from '../../schemas/accounts/changes.ts';

/** Four by session leaves two of the six connections that a browser opens to one host over HTTP/1.1. */
const limits = { perSubject: 4, perNetwork: 500, total: 10_000 };
/** An agent sees an offer at once. Ops read counts over all onboardings again with an event, so they hear only this often. */
const pauseMs = { agent: 250, ops: 30_000 };

const description =
  'The first event is `current`: read everything. Each later one is `change`, with the ids of what to read again; ' +
  'when there are too many, another `current`. The `id` increases. The stream ends with the session, within seconds. ' +
  'A session can have four streams; one more ends the oldest.';
const responses = {
  200: { description: 'A stream of events', contentType: 'text/event-stream', schema: changeEvent },
} as const;

/** Routes by which the pages of agents and ops learn that something has changed. */
export function accountEventRoutes(deps: Deps): Route[] {
  const { events } = deps;
  const streams = createOpenStreams(limits);
  const sessions = createSessionStreams(deps);
  const reply = (
    request: Request,
    { tokenSha256 }: SessionAccount,
    about: { topic: Topic; pauseMs: number },
  ) => ({
    status: 200 as const,
    stream: (response: Response) =>
      streamAccountChanges({ request, response, events, streams, sessions, tokenSha256, ...about }),
  });
  return [
    route({
      key: 'GET /v1/me/events',
      summary: 'Stream what changes in the offers, referrals and onboardings of the agent',
      description,
      responses,
      handle: async ({ caller, request }) =>
        reply(request, caller, { topic: `agent ${caller.npn}`, pauseMs: pauseMs.agent }),
    }),
    route({
      key: 'GET /v1/ops/events',
      summary: 'Stream which onboardings and requests for help change',
      description,
      responses,
      handle: async ({ caller, request }) => reply(request, caller, { topic: 'ops', pauseMs: pauseMs.ops }),
    }),
  ];
}
