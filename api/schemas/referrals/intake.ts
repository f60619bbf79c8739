import { z } from 'zod';
import { instant, multilineText, state } from '../fields.ts';
import { reason } from '../ops/ops-actions.ts';
import { typedCode } from '../typed-fields.ts';
import { referralCreated } from './referrals.ts';

const notice = z.strictObject({ en: multilineText(500).optional(), es: multilineText(500).optional() }).meta({
  description: 'What consumers read there, in place of the usual words',
});

/** `POST /v1/ops/intake/pause`. */
export const intakePause = z
  .strictObject({ state, reason, notice: notice.optional() })
  .meta({ id: 'IntakePause' });

/** `POST /v1/ops/intake/resume`. */
export const intakeResumption = z.strictObject({ state, reason }).meta({ id: 'IntakeResumption' });

/** `GET /v1/ops/intake`, and the answer of every act on it. */
export const intakeStatus = z
  .strictObject({
    paused: z.array(z.strictObject({ state: z.string(), since: instant, reason: z.string(), notice })),
  })
  .meta({ id: 'IntakeStanding' });

/** What a consumer types in. */
export const enteredCode = z.strictObject({ code: typedCode });

/** `POST /v1/referrals/{id}/verification`: the code, or nothing to have another one sent, or how. */
export const contactVerification = z
  .strictObject({
    code: typedCode.optional(),
    call: z
      .boolean()
      .optional()
      .meta({ description: 'Has the code for the phone spoken in a call, or texted again' }),
  })
  .refine(({ code, call }) => code === undefined || call === undefined, {
    path: ['call'],
    error: 'Either the code, or how to send another one',
  })
  .meta({ id: 'ContactVerification' });

/** The request that goes on: this one, or the one that the same phone or address had open. */
export const contactConfirmed = referralCreated.meta({ id: 'ContactConfirmed' });

export const contactCodeSent = z.strictObject({ codeExpiresAt: instant }).meta({ id: 'ContactCodeSent' });
