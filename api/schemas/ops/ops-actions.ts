import { z } from 'zod';
import { deactivationCauses, opsActions } from '../../../domain/ops/ops-actions.ts';
import { id, instant, multilineText, npn, planYear } from '../fields.ts';
import { onboardingStage } from '../onboarding/onboarding.ts';

export const canDo = z
  .array(z.enum(opsActions))
  .meta({ description: 'What ops can do now; the same rule refuses the rest with 409' });

export const reason = multilineText(500).meta({ description: 'Why, in your own words; only ops read it' });

/** `POST /v1/ops/onboardings/{npn}/invitation`; without a plan year, the one that is open */
export const opsInvitation = z
  .strictObject({ reason, planYear: planYear.optional() })
  .meta({ id: 'OpsInvitation' });
export type OpsInvitation = z.infer<typeof opsInvitation>;

export const opsInvitationReceived = z
  .strictObject({ npn, planYear, stage: onboardingStage, requestedAt: instant })
  .meta({ id: 'OpsInvitationReceived' });
export type OpsInvitationReceived = z.infer<typeof opsInvitationReceived>;

/** `POST /v1/ops/agents/{npn}/hold`, `/release` */
export const opsReason = z.strictObject({ reason }).meta({ id: 'OpsReason' });
export type OpsReason = z.infer<typeof opsReason>;

/** `POST /v1/ops/agents/{npn}/deactivation` */
export const opsDeactivation = z
  .strictObject({ reason, because: z.enum(deactivationCauses) })
  .meta({ id: 'OpsDeactivation' });
export type OpsDeactivation = z.infer<typeof opsDeactivation>;

/** `POST /v1/ops/onboardings/{npn}/notes`; without a plan year, about the agent */
export const opsNote = z
  .strictObject({
    reason: multilineText(2_000).meta({ description: 'The note; only ops read it' }),
    planYear: planYear.optional(),
  })
  .meta({ id: 'OpsNote' });
export type OpsNote = z.infer<typeof opsNote>;

/** What an act left; a repeat gets the same answer. */
export const opsActionResult = z
  .strictObject({
    id,
    npn,
    act: z.enum(opsActions),
    at: instant,
    heldAt: instant.nullable(),
    leftAt: instant.nullable(),
    canDo,
  })
  .meta({ id: 'OpsActDone' });
export type OpsActionResult = z.infer<typeof opsActionResult>;

/** The answer to an act on a referral. */
export const referralActionResult = z
  .strictObject({ id, referralId: id, act: z.enum(['recall', 'close', 'note']), at: instant })
  .meta({ id: 'ReferralActDone' });

/** As many of what waits for ops as they can look at on one page; the rest follow once these are handled. */
export const maxOpenItems = 200;

/** `GET /v1/ops/unclear-replies`, oldest first */
export const unclearReplyList = z
  .strictObject({
    replies: z.array(
      z.strictObject({
        id,
        stoppedAt: instant,
        npns: z.array(npn).meta({ description: 'Agents who gave this phone' }),
        referralIds: z.array(id).meta({ description: 'Open requests whose consumer gave it' }),
      }),
    ),
  })
  .meta({ id: 'UnclearReplies' });
export type UnclearReplies = z.infer<typeof unclearReplyList>;

/** `POST /v1/ops/unclear-replies/{id}/decision` */
export const replyDecision = z
  .strictObject({
    texts: z.enum(['again', 'off']).meta({ description: '`off`: the reply was meant as a STOP' }),
    reason,
  })
  .meta({ id: 'ReplyDecision' });
export type ReplyDecision = z.infer<typeof replyDecision>;
