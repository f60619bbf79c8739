import { z } from 'zod';
import { instant, multilineText, state } from '../fields.ts';
import { reason } from '../ops/ops-actions.ts';
import { typedCode } from '../typed-fields.ts';
import { referralCreated } from './referrals.ts';

const notice = z.strictObject({ en: multilineText(500).optional(), es: multilineText(500).optional() }).meta({
  description: 'Text for consumers of the state, instead of the standard text',
});

/** `POST /v1/ops/intake/pause`. */
export const intakePause = z
  .strictObject({ state, reason, notice: notice.optional() })
  .meta({ id: 'IntakePause' });

/** `POST /v1/ops/intake/resume`. */
export const intakeResumption = z.strictObject({ state, reason }).meta({ id: 'IntakeResumption' });

/** `GET /v1/ops/intake`, and the response to pausing and resuming. */
export const intakeStatus = z
  .strictObject({
    paused: z.array(z.strictObject({ state: z.string(), since: instant, reason: z.string(), notice })),
  })
  .meta({ id: 'IntakeStatus' });

/** A code that a consumer enters. */
export const enteredCode = z.strictObject({ code: typedCode });

/** `POST /v1/referrals/{id}/verification`: enters `code`, or sends new codes if it is omitted; `call` sets how. */
export const contactVerification = z
  .strictObject({
    code: typedCode.optional(),
    call: z
      .boolean()
      .optional()
      .meta({ description: 'For new codes: true to get the phone’s code by call, false to get it by text' }),
  })
  .refine(({ code, call }) => code === undefined || call === undefined, {
    path: ['call'],
    error: 'Send either `code` or `call`, not both',
  })
  .meta({ id: 'ContactVerification' });

/** The request that continues: this one, or an earlier open one of the same phone or address. */
export const contactConfirmed = referralCreated.meta({ id: 'ContactConfirmed' });

export const contactCodeSent = z.strictObject({ codeExpiresAt: instant }).meta({ id: 'ContactCodeSent' });
