import { z } from 'zod';
import { conditionNames } from '../../domain/conditions.ts';
import { onboardingStages } from '../../domain/stages.ts';
import { termsKinds } from '../../domain/standing.ts';
import { instant, npn, planYear } from './fields.ts';

export const onboardingStage = z.enum(onboardingStages).meta({ id: 'OnboardingStage' });

export const condition = z
  .strictObject({
    name: z.enum(conditionNames),
    met: z.boolean(),
    evidence: z.string().nullable().meta({ description: 'What the row of the feed states' }),
    asOf: instant.nullable().meta({ description: 'When the release that says so came in' }),
  })
  .meta({ id: 'Condition' });

/** What an onboarding can wait for: a condition, terms, or a step of the invitation. */
export const waits = [
  ...conditionNames,
  ...termsKinds,
  'invitation',
  'registration',
  'undeliverable',
  'expired',
  'held',
] as const;

/** `GET /v1/me/onboarding` */
export const onboarding = z
  .strictObject({
    npn,
    planYear,
    stage: onboardingStage,
    since: instant,
    conditions: z.array(condition),
    waitingFor: z.array(z.enum(waits)).meta({ description: 'What is missing; empty when nothing is' }),
    nextActionAt: instant
      .nullable()
      .meta({ description: 'When this changes, or a reminder comes, by itself' }),
  })
  .meta({ id: 'Onboarding' });
export type Onboarding = z.infer<typeof onboarding>;
