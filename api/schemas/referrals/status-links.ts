import { z } from 'zod';
import { typedEmail, typedPhone } from '../typed-fields.ts';

/** `POST /v1/status-link-requests`. A phone or an email address is needed. */
export const statusLinkRequest = z
  .strictObject({ phone: typedPhone.optional(), email: typedEmail.optional() })
  .meta({ id: 'StatusLinkRequest' });
export type StatusLinkRequest = z.infer<typeof statusLinkRequest>;

export const statusLinkRequested = z.strictObject({ status: z.literal('received') }).meta({
  id: 'StatusLinkRequested',
  description: 'Always the same, so that it tells nothing about who has asked for help',
});
