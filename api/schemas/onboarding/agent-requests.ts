import { z } from 'zod';
import { npn } from '../fields.ts';

/** `POST /v1/onboarding-status-requests`, `POST /v1/log-in-reminders`, `POST /v1/invitation-requests` */
export const agentRequest = z.strictObject({ npn }).meta({ id: 'AgentRequest' });
export type AgentRequestBody = z.infer<typeof agentRequest>;

export const agentRequestReceived = z.strictObject({ status: z.literal('received') }).meta({
  id: 'AgentRequestReceived',
  description: 'Always the same, so that it tells nothing about the agent',
});
