import { z } from 'zod';
import { channels } from '../../../domain/notifications/contact.ts';
import { onboardingCauses } from '../../../domain/onboarding/standing.ts';
import { deactivationCauses, opsActions } from '../../../domain/ops/ops-actions.ts';
import { needs } from '../../../domain/referrals/referral.ts';
import { actors, referralStages } from '../../../domain/stages.ts';
import { rest } from '../agents/availability.ts';
import { readiness } from '../agents/readiness.ts';
import { skipSince } from '../agents/skips.ts';
import { id, instant, nextPage, npn, page, planYear, singleLineText, state } from '../fields.ts';
import { condition, onboardingStage } from '../onboarding/onboarding.ts';
import { canDo } from './ops-actions.ts';

/** Minimum time in the current stage, as text with a unit. */
const olderThan = z
  .string()
  .regex(
    /^\d{1,5} ?(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)$/,
    'A duration with its unit, such as 24h or 2 days',
  )
  .optional()
  .meta({ description: 'Only items that have been in their stage for longer, such as `24h` or `2 days`' });

/** `GET /v1/ops/onboardings` */
export const onboardingBoardQuery = z.strictObject({
  stage: onboardingStage.optional(),
  cause: singleLineText(50)
    .optional()
    .meta({ description: 'A cause of the stage, such as `npn-valid` or `late`' }),
  planYear: z
    .string()
    .regex(/^20\d\d$/, 'A year')
    .optional(),
  stuck: z
    .literal('yes')
    .optional()
    .meta({ description: 'Only onboardings that are not finished, or active with an unmet condition' }),
  olderThan,
  page,
});
export type OnboardingBoardQuery = z.infer<typeof onboardingBoardQuery>;

const cause = z.enum(onboardingCauses);

/** State of one onboarding for ops. */
const onboardingForOps = {
  npn,
  planYear,
  stage: onboardingStage,
  causes: z.array(cause),
  conditions: z.array(condition),
  since: instant,
  ageHours: z.int().min(0).meta({ description: 'Whole hours in the current stage' }),
  details: z.string().meta({
    description: 'What the onboarding waits for, in the words of the Temporal UI (Current Details)',
  }),
  nextAction: z.string().meta({ description: 'The next automatic action of the service' }),
  nextActionAt: instant
    .nullable()
    .meta({ description: 'When the next automatic action is due; null if there is none' }),
  canDo,
};

export const onboardingBoard = z
  .strictObject({ items: z.array(z.strictObject(onboardingForOps)), nextPage })
  .meta({ id: 'OnboardingBoard', description: 'Onboardings, the longest in their stage first' });
export type OnboardingBoard = z.infer<typeof onboardingBoard>;

const counted = {
  planYear,
  stage: onboardingStage,
  count: z.int().min(1),
  oldestSince: instant.meta({ description: 'Since when the oldest of them has been in the stage' }),
};

/** `GET /v1/ops/onboardings/summary` */
export const onboardingSummary = z
  .strictObject({
    stages: z.array(z.strictObject(counted)),
    causes: z
      .array(z.strictObject({ ...counted, cause }))
      .meta({ description: 'An onboarding with two causes counts under each of them' }),
  })
  .meta({ id: 'OnboardingSummary', description: 'Number of onboardings by stage and by cause' });
export type OnboardingSummary = z.infer<typeof onboardingSummary>;

/** `GET /v1/ops/onboardings/{npn}` */
export const agentForOps = z
  .strictObject({
    npn,
    accountId: id.nullable().meta({ description: 'The account, once the agent has registered' }),
    registeredAt: instant.nullable(),
    heldAt: instant.nullable(),
    leftAt: instant.nullable(),
    resting: rest
      .nullable()
      .meta({ description: 'Set while the agent is offered nothing until they answer' }),
    readiness: readiness.nullable().meta({ description: 'Whether offers will reach the agent' }),
    skips: z.array(skipSince).meta({ description: 'What the agent skips, the earliest first' }),
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
    actions: z
      .array(
        z.strictObject({
          id,
          action: z.enum(opsActions),
          planYear: planYear.nullable(),
          because: z.enum(deactivationCauses).nullable(),
          reason: z.string(),
          by: z.string().meta({ description: 'Username of the person who did it' }),
          at: instant,
        }),
      )
      .meta({ description: 'Actions and notes of ops, the latest first' }),
    notices: z.array(
      z.strictObject({
        kind: z.string(),
        planYear: planYear.nullable(),
        createdAt: instant,
        channels: z.array(
          z.strictObject({
            channel: z.enum(channels),
            status: z.string(),
            code: z.string().nullable().meta({ description: 'Reason code of the provider' }),
            changedAt: instant,
          }),
        ),
      }),
    ),
  })
  .meta({
    id: 'AgentForOps',
    description: 'Everything about one agent, without email address and phone number',
  });
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
        offers: z.int().min(0).meta({ description: 'Number of agents who got an offer' }),
        npn: npn.nullable().meta({ description: 'The agent with the current offer, or the first of them' }),
        npns: z
          .array(npn)
          .meta({ description: 'All agents with a current offer; several where offers overlap' }),
      }),
    ),
    nextPage,
  })
  .meta({
    id: 'ReferralBoard',
    description: 'Referrals, the longest in their stage first; without any data of the consumer',
  });
export type ReferralBoard = z.infer<typeof referralBoard>;
