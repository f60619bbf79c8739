import type { Request } from 'express';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import { type AgentRequest, answerAgentRequest } from '../../../store/onboarding/agent-requests.ts';
import { sendInvitationByNpn } from '../../../store/onboarding/invitation-requests.ts';
import type { Deps } from '../../deps.ts';
import { inEvenTime } from '../../http/even-answer.ts';
import type { RateLimiter } from '../../http/requests/rate-limits.ts';
import { networksOf } from '../../http/requests/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { agentRequest, agentRequestReceived } from '../../schemas/onboarding/invitations.ts';

const receivedResponse = { description: 'Received', schema: agentRequestReceived };
const sameAnswerNote =
  'The mail is sent only to the email address of the MLMS profile. The response is always the same, after the same time.';

/** Requests of agents who cannot log in: they send their NPN, and get the answer by mail. */
export function agentRequestRoutes({ db, now }: Deps, limiter: RateLimiter): Route[] {
  return [
    route({
      key: 'POST /v1/onboarding-status-requests',
      summary: 'Mail an agent the state of their onboarding and what is missing',
      description: sameAnswerNote,
      body: agentRequest,
      responses: { 202: receivedResponse },
      handle: ({ body, request }) => handleRequest(request, body.npn, 'status-answer'),
    }),
    route({
      key: 'POST /v1/log-in-reminders',
      summary: 'Mail an agent their username and the link to log in',
      description: `${sameAnswerNote} An agent without an account gets the state of their onboarding instead.`,
      body: agentRequest,
      responses: { 202: receivedResponse },
      handle: ({ body, request }) => handleRequest(request, body.npn, 'log-in-reminder'),
    }),
    route({
      key: 'POST /v1/invitation-requests',
      summary: 'Send an agent’s invitation again, for a link that arrived incomplete',
      description: `${sameAnswerNote} A valid link stays the same. An agent without an invitation gets the state of their onboarding instead.`,
      body: agentRequest,
      responses: { 202: receivedResponse },
      handle: ({ body, request }) => handleRequest(request, body.npn, 'invitation'),
    }),
  ];

  async function handleRequest(request: Request, typedNpn: string, kind: AgentRequest | 'invitation') {
    await limiter.count('agentRequestsByNetwork', networksOf(request), request.res);
    const npn = normalizeNpn(typedNpn);
    await inEvenTime(async () => {
      if (npn !== undefined && (await limiter.tryCount('agentRequestsByNpn', npn)))
        await answerByMail(npn, kind);
    });
    return { status: 202, body: { status: 'received' } } as const;
  }

  async function answerByMail(npn: string, kind: AgentRequest | 'invitation'): Promise<void> {
    const at = now();
    const isInvitation = kind === 'invitation';
    if (isInvitation && (await db.transaction().execute((tx) => sendInvitationByNpn(tx, { npn, at }))))
      return;
    // a transaction of its own: each of the two locks one onboarding, and these may differ
    await db
      .transaction()
      .execute((tx) => answerAgentRequest(tx, { npn, at, asks: isInvitation ? 'status-answer' : kind }));
  }
}
