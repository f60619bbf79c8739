import { z } from 'zod';
import { channels } from '../../../domain/notifications/contact.ts';
import { onboardingCauses } from '../../../domain/onboarding/standing.ts';
import { deactivationCauses, opsActions } from '../../../domain/ops/ops-actions.ts';
import { needs } from '../../../domain/referrals/referral.ts';
import { actors, referralStages } from '../../../domain/stages.ts';
import { id, instant, nextPage, npn, page, planYear, singleLineText, state } from '../fields.ts';
import { condition, onboardingStage } from '../onboarding/onboarding.ts';
import { canDo } from './ops-actions.ts';

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
  cause: singleLineText(50)
    .optional()
    .meta({ description: 'Why it is there, such as `npn-valid` or `late`' }),
  planYear: z
    .string()
    .regex(/^20\d\d$/, 'A year')
    .optional(),
  stuck: z
    .literal('yes')
    .optional()
    .meta({ description: 'Only those who are under way, or active with something in the way' }),
  olderThan,
  page,
});
export type OnboardingBoardQuery = z.infer<typeof onboardingBoardQuery>;

const cause = z.enum(onboardingCauses);

/** Where one onboarding stands, as ops see it. */
const onboardingForOps = {
  npn,
  planYear,
  stage: onboardingStage,
  causes: z.array(cause),
  conditions: z.array(condition),
  since: instant,
  ageHours: z.int().min(0).meta({ description: 'How many whole hours it has been in its stage' }),
  details: z
    .string()
    .meta({ description: 'What it waits for, word for word as the Temporal UI shows it (Current Details)' }),
  nextAction: z.string().meta({ description: 'What the service does by itself next' }),
  nextActionAt: instant.nullable().meta({ description: 'When; null where it does nothing by itself' }),
  canDo,
};

export const onboardingBoard = z
  .strictObject({ items: z.array(z.strictObject(onboardingForOps)), nextPage })
  .meta({ id: 'OnboardingBoard', description: 'Longest in its stage first' });
export type OnboardingBoard = z.infer<typeof onboardingBoard>;

const counted = {
  planYear,
  stage: onboardingStage,
  count: z.int().min(1),
  oldestSince: instant.meta({ description: 'Since when the one that has been there longest is there' }),
};

/** `GET /v1/ops/onboardings/summary` */
export const onboardingSummary = z
  .strictObject({
    stages: z.array(z.strictObject(counted)),
    causes: z
      .array(z.strictObject({ ...counted, cause }))
      .meta({ description: 'An onboarding with two causes counts under each of them' }),
  })
  .meta({ id: 'OnboardingSummary', description: 'How many onboardings stand where, and why' });
export type OnboardingSummary = z.infer<typeof onboardingSummary>;

/** `GET /v1/ops/onboardings/{npn}` */
export const agentForOps = z
  .strictObject({
    npn,
    registeredAt: instant.nullable(),
    heldAt: instant.nullable(),
    leftAt: instant.nullable(),
    canDo,
    onboardings: z.array(
      z.strictObject({
        ...onboardingForOps,
        events: z.array(
          z.strictObject({
            sequence: z.int().min(1),
            kind: z.string(),
            at: instant,
            by: z.enum(actors),
            text: z.string().meta({ description: 'The event in words' }),
            data: z.record(z.string(), z.unknown()),
          }),
        ),
      }),
    ),
    acts: z
      .array(
        z.strictObject({
          id,
          act: z.enum(opsActions),
          planYear: planYear.nullable(),
          because: z.enum(deactivationCauses).nullable(),
          reason: z.string(),
          by: z.string().meta({ description: 'The username of who did it' }),
          at: instant,
        }),
      )
      .meta({ description: 'What ops did and noted, the latest first' }),
    notices: z.array(
      z.strictObject({
        kind: z.string(),
        planYear: planYear.nullable(),
        createdAt: instant,
        channels: z.array(
          z.strictObject({
            channel: z.enum(channels),
            status: z.string(),
            code: z.string().nullable().meta({ description: 'What the provider gave as its reason' }),
            changedAt: instant,
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'AgentForOps', description: 'Everything about one agent; no address and no phone number' });
export type AgentForOps = z.infer<typeof agentForOps>;

/** `GET /v1/ops/referrals` */
export const referralBoardQuery = z.strictObject({
  stage: z.enum(referralStages).optional(),
  cause: singleLineText(50).optional(),
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
