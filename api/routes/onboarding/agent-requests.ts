import type { Request } from 'express';
import { normalizeNpn } from '../../../domain/values/npn.ts';
import { type AgentRequest, answerAgentRequest } from '../../../store/onboarding/agent-requests.ts';
import { sendInvitationByNpn } from '../../../store/onboarding/invitation-requests.ts';
import type { Deps } from '../../deps.ts';
import type { RateLimiter } from '../../http/rate-limits.ts';
import { networksOf } from '../../http/request-origin.ts';
import { type Route, route } from '../../http/route.ts';
import { agentRequest, agentRequestReceived } from '../../schemas/onboarding/invitations.ts';

const receivedResponse = { description: 'Received', schema: agentRequestReceived };
const sameAnswerNote =
  'The mail goes to the email address of the MLMS profile alone. The answer is always the same.';

/** What an agent asks for who cannot log in: he names his NPN, and the answer comes by mail. */
export function agentRequestRoutes({ db, now }: Deps, limiter: RateLimiter): Route[] {
  return [
    route({
      key: 'POST /v1/onboarding-status-requests',
      summary: 'Have a mail sent to an agent that says where he stands and what is missing',
      description: sameAnswerNote,
      body: agentRequest,
      responses: { 202: receivedResponse },
      handle: ({ body, request }) => received(request, body.npn, 'status-answer'),
    }),
    route({
      key: 'POST /v1/log-in-reminders',
      summary: 'Have a mail sent to an agent that holds his username and where to log in',
      description: `${sameAnswerNote} An agent without an account is told where he stands instead.`,
      body: agentRequest,
      responses: { 202: receivedResponse },
      handle: ({ body, request }) => received(request, body.npn, 'log-in-reminder'),
    }),
    route({
      key: 'POST /v1/invitation-requests',
      summary: 'Have the invitation sent once more to an agent whose link did not come through whole',
      description: `${sameAnswerNote} A link that works stays as it is. An agent without an invitation is told where they stand instead.`,
      body: agentRequest,
      responses: { 202: receivedResponse },
      handle: ({ body, request }) => received(request, body.npn, 'invitation'),
    }),
  ];

  async function received(request: Request, written: string, asks: AgentRequest | 'invitation') {
    await limiter.countNetwork('agentRequestsByNetwork', networksOf(request));
    const npn = normalizeNpn(written);
    if (npn !== undefined && (await limiter.tryCount('agentRequestsByNpn', npn))) await answerOf(npn, asks);
    return { status: 202, body: { status: 'received' } } as const;
  }

  async function answerOf(npn: string, asks: AgentRequest | 'invitation'): Promise<void> {
    const at = now();
    const again = asks === 'invitation';
    if (again && (await db.transaction().execute((tx) => sendInvitationByNpn(tx, { npn, at })))) return;
    // in a transaction of its own: each locks one onboarding, which need not be the same
    await db
      .transaction()
      .execute((tx) => answerAgentRequest(tx, { npn, at, asks: again ? 'status-answer' : asks }));
  }
}
