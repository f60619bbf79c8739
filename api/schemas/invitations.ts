import { z } from 'zod';
import { instant, planYear, token } from './fields.ts';

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
    termsOfUse: z.strictObject({ version: z.string(), text: z.string() }),
  })
  .meta({ id: 'Invitation', description: 'What the registration page shows to the one who was invited' });
export type Invitation = z.infer<typeof invitation>;

/** `POST /v1/invitations/renewal` */
export const invitationRenewal = z.strictObject({ token }).meta({ id: 'InvitationRenewal' });
export type InvitationRenewal = z.infer<typeof invitationRenewal>;

export const renewalReceived = z
  .strictObject({ status: z.literal('received') })
  .meta({ id: 'RenewalReceived', description: 'Always the same, so that it tells nothing about the link' });
