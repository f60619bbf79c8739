import { z } from 'zod';
import { problemKinds } from '../../../domain/referrals/referral.ts';
import { id, instant, npn } from '../fields.ts';
import { consentAgreement } from '../onboarding/terms.ts';
import { typedEmail, typedPhone } from '../typed-fields.ts';
import { referralStatus } from './offers.ts';

/** `PUT /v1/referrals/{id}/contact`: at least one of phone and email; the other stays as it is. */
export const contactCorrection = z
  .strictObject({
    phone: typedPhone.optional(),
    email: typedEmail.optional(),
    textConsent: consentAgreement.required().optional().meta({
      description: 'Agrees to texts to this phone; a consent that was given is for the number before',
    }),
  })
  .meta({ id: 'ContactCorrection' });
export type ContactCorrectionBody = z.infer<typeof contactCorrection>;

/** A new contact waits for its code. */
export const pendingContact = referralStatus
  .extend({ codeExpiresAt: instant.meta({ description: 'Until when the code that was sent there is good' }) })
  .meta({ id: 'ContactWaiting' });
export type PendingContact = z.infer<typeof pendingContact>;

/** `POST /v1/referrals/{id}/contact-confirmation` */
export const contactConfirmation = z
  .strictObject({ called: z.boolean().meta({ description: 'Whether the agent has called' }) })
  .meta({ id: 'ContactConfirmation' });
export type ContactConfirmation = z.infer<typeof contactConfirmation>;

/** `POST /v1/referrals/{id}/problems`: from a fixed list, no free text */
export const problemReport = z.strictObject({ problem: z.enum(problemKinds) }).meta({ id: 'ProblemReport' });
export type ProblemReportBody = z.infer<typeof problemReport>;

/** `GET /v1/ops/problems`, oldest first */
export const openProblems = z
  .strictObject({
    problems: z.array(
      z.strictObject({
        id,
        referralId: id,
        npn,
        agentName: z.string(),
        problem: z.enum(problemKinds),
        reportedAt: instant,
        ofAgent: z.int().meta({ description: 'How many problems were ever reported of this agent' }),
      }),
    ),
  })
  .meta({ id: 'OpenProblems' });
export type OpenProblemList = z.infer<typeof openProblems>;
