import { z } from 'zod';
import { deactivationCauses, opsActions, referralActions } from '../../../domain/ops/ops-actions.ts';
import { consumer } from '../agents/profile.ts';
import { id, instant, multilineText, npn, planYear } from '../fields.ts';
import { onboardingStage } from '../onboarding/onboarding.ts';

export const canDo = z
  .array(z.enum(opsActions))
  .meta({ description: 'Actions that ops can take now; any other is refused with 409' });

export const reason = multilineText(500).meta({
  description: 'The reason in your own words; only ops see it',
});

/** `POST /v1/ops/onboardings/{npn}/invitation`. Default for `planYear`: the current plan year of the agent. */
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

/** `POST /v1/ops/onboardings/{npn}/notes`. Without a plan year the note is about the agent. */
export const opsNote = z
  .strictObject({
    reason: multilineText(2_000).meta({ description: 'The note; only ops see it' }),
    planYear: planYear.optional(),
  })
  .meta({ id: 'OpsNote' });
export type OpsNote = z.infer<typeof opsNote>;

/** Result of an ops action on an agent. A repeat gets the same result. */
export const opsActionResult = z
  .strictObject({
    id,
    npn,
    action: z.enum(opsActions),
    at: instant,
    heldAt: instant.nullable(),
    leftAt: instant.nullable(),
    canDo,
  })
  .meta({ id: 'OpsActionResult' });
export type OpsActionResult = z.infer<typeof opsActionResult>;

/** Result of an ops action on a referral. */
export const referralActionResult = z
  .strictObject({ id, referralId: id, action: z.enum(referralActions), at: instant })
  .meta({ id: 'ReferralActionResult' });

/** `POST /v1/ops/referrals/{id}/contact`: the contact, and the action on record. */
export const contactRead = z
  .strictObject({ id, referralId: id, at: instant, consumer })
  .meta({ id: 'ContactRead' });
export type ContactRead = z.infer<typeof contactRead>;

/** Maximum number of open items on a page of ops; the others follow once these are handled. */
export const maxOpenItems = 200;

/** `GET /v1/ops/unclear-replies`, oldest first */
export const unclearReplyList = z
  .strictObject({
    replies: z.array(
      z.strictObject({
        id,
        stoppedAt: instant,
        npns: z.array(npn).meta({ description: 'Agents with this phone' }),
        referralIds: z.array(id).meta({ description: 'Open requests with this phone' }),
      }),
    ),
  })
  .meta({ id: 'UnclearReplyList' });
export type UnclearReplyList = z.infer<typeof unclearReplyList>;

/** `POST /v1/ops/unclear-replies/{id}/decision` */
export const replyDecision = z
  .strictObject({
    texts: z
      .enum(['again', 'off'])
      .meta({ description: '`again`: texts are sent again; `off`: the reply counts as STOP' }),
    reason,
  })
  .meta({ id: 'ReplyDecision' });
export type ReplyDecision = z.infer<typeof replyDecision>;
