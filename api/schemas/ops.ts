import { z } from 'zod';
import { needs } from '../../domain/referral.ts';
import { referralStages } from '../../domain/stages.ts';
import { id, instant, line, nextPage, npn, page, planYear, state } from './fields.ts';
import { condition, onboardingStage } from './onboarding.ts';

/** How long something has stood where it stands, as text with its unit. */
const olderThan = z
  .string()
  .regex(
    /^\d{1,5} ?(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)$/,
    'A duration with its unit, such as 24h or 2 days',
  )
  .optional()
  .meta({ description: 'Only what has been in its stage for longer, such as `24h` or `2 days`' });

/** `GET /v1/ops/onboardings` */
export const onboardingBoardQuery = z.strictObject({
  stage: onboardingStage.optional(),
  cause: line(50).optional().meta({ description: 'Why it is there, such as `npn-valid`' }),
  olderThan,
  page,
});
export type OnboardingBoardQuery = z.infer<typeof onboardingBoardQuery>;

export const onboardingBoard = z
  .strictObject({
    items: z.array(
      z.strictObject({
        npn,
        planYear,
        stage: onboardingStage,
        causes: z.array(z.string()),
        conditions: z.array(condition),
        since: instant,
      }),
    ),
    nextPage,
  })
  .meta({ id: 'OnboardingBoard', description: 'Longest in its stage first' });
export type OnboardingBoard = z.infer<typeof onboardingBoard>;

/** `POST /v1/ops/onboardings/{npn}/invitation`; without a plan year, the one that is open */
export const opsInvitation = z
  .strictObject({
    reason: line(300).regex(/\S/, 'A reason is not blank').meta({
      description: 'Why; kept with the record, so name nobody in it',
    }),
    planYear: planYear.optional(),
  })
  .meta({ id: 'OpsInvitation' });
export type OpsInvitation = z.infer<typeof opsInvitation>;

export const opsInvitationReceived = z
  .strictObject({ npn, planYear, stage: onboardingStage, requestedAt: instant })
  .meta({ id: 'OpsInvitationReceived' });
export type OpsInvitationReceived = z.infer<typeof opsInvitationReceived>;

/** `GET /v1/ops/referrals` */
export const referralBoardQuery = z.strictObject({
  stage: z.enum(referralStages).optional(),
  cause: line(50).optional(),
  state: state.optional(),
  olderThan,
  page,
});
export type ReferralBoardQuery = z.infer<typeof referralBoardQuery>;

export const referralBoard = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id,
        stage: z.enum(referralStages),
        causes: z.array(z.string()),
        since: instant,
        waitingUntil: instant.nullable(),
        state,
        language: z.string(),
        need: z.enum(needs),
        coverageYear: planYear,
        outcome: z.string().nullable(),
        createdAt: instant,
        offers: z.int().min(0).meta({ description: 'How many agents it was offered to' }),
        npn: npn.nullable().meta({ description: 'The agent whose turn it is' }),
      }),
    ),
    nextPage,
  })
  .meta({ id: 'ReferralBoard', description: 'Longest in its stage first; never who the consumer is' });
export type ReferralBoard = z.infer<typeof referralBoard>;
