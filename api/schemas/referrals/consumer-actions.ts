import { z } from 'zod';
import { problemKinds } from '../../../domain/referrals/referral.ts';
import { id, instant, npn } from '../fields.ts';
import { consentAgreement } from '../onboarding/terms.ts';
import { typedEmail, typedPhone } from '../typed-fields.ts';
import { referralStatus } from './offers.ts';

/** `PUT /v1/referrals/{id}/contact`: phone, email or both; an omitted one stays. */
export const contactCorrection = z
  .strictObject({
    phone: typedPhone.optional(),
    email: typedEmail.optional(),
    textConsent: consentAgreement.required().optional().meta({
      description: 'Consent to texts to this phone; an earlier consent covers only the previous number',
    }),
  })
  .meta({ id: 'ContactCorrection' });
export type ContactCorrectionBody = z.infer<typeof contactCorrection>;

/** A new contact that waits for its code. */
export const pendingContact = referralStatus
  .extend({ codeExpiresAt: instant.meta({ description: 'When the code for the new contact expires' }) })
  .meta({ id: 'PendingContact' });
export type PendingContact = z.infer<typeof pendingContact>;

/** `POST /v1/referrals/{id}/confirmation` */
export const contactConfirmation = z
  .strictObject({ called: z.boolean().meta({ description: 'Whether the agent has called' }) })
  .meta({ id: 'ContactConfirmation' });
export type ContactConfirmation = z.infer<typeof contactConfirmation>;

/** `POST /v1/referrals/{id}/problems`: a fixed list, no free text. */
export const problemReport = z.strictObject({ problem: z.enum(problemKinds) }).meta({ id: 'ProblemReport' });
export type ProblemReportBody = z.infer<typeof problemReport>;

/** `GET /v1/ops/problems`, oldest first */
export const openProblemList = z
  .strictObject({
    problems: z.array(
      z.strictObject({
        id,
        referralId: id,
        npn,
        agentName: z.string(),
        problem: z.enum(problemKinds),
        reportedAt: instant,
        ofAgent: z.int().meta({ description: 'Number of all problems ever reported about this agent' }),
      }),
    ),
  })
  .meta({ id: 'OpenProblemList' });
export type OpenProblemList = z.infer<typeof openProblemList>;
