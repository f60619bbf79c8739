import { z } from 'zod';
import { instant, npn, planYear, token } from '../fields.ts';

/** `POST /v1/invitations/lookup` */
export const invitationLookup = z.strictObject({ token }).meta({ id: 'InvitationLookup' });
export type InvitationLookup = z.infer<typeof invitationLookup>;

export const invitation = z
  .strictObject({
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    planYear,
    expiresAt: instant,
    npn: npn.meta({
      description:
        'The NPN of the invited agent; the username must differ from it and the password must not contain it',
    }),
    syncedAt: instant.meta({
      description: 'When the last feed with this name and email address was imported',
    }),
    changeAt: z.url().meta({ description: 'Page where the name and the email address can be changed' }),
    termsOfUse: z.strictObject({ version: z.string(), text: z.string() }),
  })
  .meta({ id: 'Invitation', description: 'Data for the registration page of the invited agent' });
export type Invitation = z.infer<typeof invitation>;

/** `POST /v1/invitations/renewal` */
export const invitationRenewal = z.strictObject({ token }).meta({ id: 'InvitationRenewal' });
export type InvitationRenewal = z.infer<typeof invitationRenewal>;

export const renewalReceived = z
  .strictObject({ status: z.literal('received') })
  .meta({ id: 'RenewalReceived', description: 'Always the same, so that it reveals nothing about the link' });

/** `POST /v1/onboarding-status-requests`, `POST /v1/log-in-reminders`, `POST /v1/invitation-requests` */
export const agentRequest = z.strictObject({ npn }).meta({ id: 'AgentRequest' });
export type AgentRequestBody = z.infer<typeof agentRequest>;

export const agentRequestReceived = z.strictObject({ status: z.literal('received') }).meta({
  id: 'AgentRequestReceived',
  description: 'Always the same, so that it reveals nothing about the agent',
});
