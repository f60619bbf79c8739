import type { Request } from 'express';
import { normalizeNpn } from '../../domain/npn.ts';
import { type AgentRequest, answerAgent } from '../../store/agent-requests.ts';
import type { Deps } from '../deps.ts';
import type { RateLimiter } from '../rate-limits.ts';
import { type Route, route } from '../route.ts';
import { agentRequest, agentRequestReceived } from '../schemas/agent-requests.ts';
import { networkOf } from '../who-asks.ts';

const answer = { description: 'Received', schema: agentRequestReceived };
const always = 'The mail goes to the email address of the MLMS profile alone. The answer is always the same.';

/** What an agent asks for who cannot log in: he names his NPN, and the answer comes by mail. */
export function agentRequestRoutes({ db, now }: Deps, limiter: RateLimiter): Route[] {
  return [
    route({
      key: 'POST /v1/onboarding-status-requests',
      summary: 'Have a mail sent to an agent that says where he stands and what is missing',
      description: always,
      body: agentRequest,
      responses: { 202: answer },
      handle: ({ body, request }) => received(request, body.npn, 'status-answer'),
    }),
    route({
      key: 'POST /v1/log-in-reminders',
      summary: 'Have a mail sent to an agent that holds his username and where to log in',
      description: `${always} An agent without an account is told where he stands instead.`,
      body: agentRequest,
      responses: { 202: answer },
      handle: ({ body, request }) => received(request, body.npn, 'log-in-reminder'),
    }),
  ];

  async function received(request: Request, written: string, asks: AgentRequest) {
    await limiter.count('agentRequestsByNetwork', networkOf(request));
    const npn = normalizeNpn(written);
    if (npn !== undefined && (await limiter.isWithin('agentRequestsByNpn', npn)))
      await db.transaction().execute((tx) => answerAgent(tx, { npn, at: now(), asks }));
    return { status: 202, body: { status: 'received' } } as const;
  }
}
