import { z } from 'zod';
import { instant, singleLineText, token } from '../fields.ts';
import { newPassword } from '../onboarding/registrations.ts';

/** `POST /v1/password-reset` */
export const passwordResetRequest = z
  .strictObject({ username: singleLineText(64) })
  .meta({ id: 'PasswordResetRequest' });
export type PasswordResetRequest = z.infer<typeof passwordResetRequest>;

export const passwordResetReceived = z.strictObject({ status: z.literal('received') }).meta({
  id: 'PasswordResetReceived',
  description: 'Always the same, so that it reveals nothing about the username',
});

/** `POST /v1/password-reset/lookup` */
export const passwordResetLookup = z.strictObject({ token }).meta({ id: 'PasswordResetLookup' });

export const passwordReset = z
  .strictObject({
    username: z.string().meta({ description: 'The account that the new password is for' }),
    expiresAt: instant,
  })
  .meta({ id: 'PasswordReset' });
export type PasswordReset = z.infer<typeof passwordReset>;

/** `POST /v1/password-reset/completion` */
export const passwordResetCompletion = z
  .strictObject({ token, password: newPassword })
  .meta({ id: 'PasswordResetCompletion' });
export type PasswordResetCompletion = z.infer<typeof passwordResetCompletion>;

/** `PUT /v1/me/password` */
export const passwordChange = z.strictObject({ password: newPassword }).meta({ id: 'PasswordChange' });
export type PasswordChange = z.infer<typeof passwordChange>;
