import { z } from 'zod';
import { departureReasons } from '../../../domain/agents/departures.ts';
import { conditionNames } from '../../../domain/onboarding/conditions.ts';
import { sourceNames } from '../../../domain/onboarding/evidence.ts';
import { nextActionKinds } from '../../../domain/onboarding/next-action.ts';
import { onboardingCauses } from '../../../domain/onboarding/standing.ts';
import { unmetReasons } from '../../../domain/onboarding/unmet-reasons.ts';
import { onboardingStages } from '../../../domain/stages.ts';
import { instant, npn, planYear } from '../fields.ts';

export const onboardingStage = z.enum(onboardingStages).meta({ id: 'OnboardingStage' });

export const condition = z
  .strictObject({
    name: z.enum(conditionNames),
    met: z.boolean(),
    because: z
      .enum(unmetReasons)
      .nullable()
      .meta({ description: 'A more specific reason why the condition is unmet, if there is one' }),
    evidence: z
      .string()
      .nullable()
      .meta({ description: 'The value in the feed that decides whether the condition is met' }),
    asOf: instant
      .nullable()
      .meta({ description: 'When the release of the feed, or the result of the look-up, arrived' }),
    source: z
      .enum(sourceNames)
      .nullable()
      .meta({ description: 'The feed, or the look-up of a license that no feed contains yet' }),
  })
  .meta({ id: 'Condition' });

/** Reasons to wait: a condition, terms, the invitation or the registration. */
export const waitReasons = [...onboardingCauses, 'invitation', 'registration'] as const;

const onboardingOfYear = {
  planYear,
  stage: onboardingStage,
  since: instant,
  conditions: z.array(condition),
  waitingFor: z
    .array(z.enum(waitReasons))
    .meta({ description: 'Everything that is missing; empty if nothing is' }),
  nextActionAt: instant.nullable().meta({ description: 'When the next automatic change or reminder is due' }),
  nextAction: z
    .enum(nextActionKinds)
    .nullable()
    .meta({ description: 'What is due then; `go-on`: another stage begins' }),
  nextStage: onboardingStage.nullable().meta({ description: 'The stage that begins then' }),
};

/** `GET /v1/me/onboarding` */
export const onboardingResponse = z
  .strictObject({
    npn,
    ...onboardingOfYear,
    otherYears: z
      .array(z.strictObject(onboardingOfYear))
      .meta({ description: 'The same data for the other open plan years of the agent' }),
  })
  .meta({ id: 'Onboarding' });
export type OnboardingResponse = z.infer<typeof onboardingResponse>;

/** `POST /v1/me/departure` */
export const departure = z
  .strictObject({
    reason: z.enum(departureReasons).optional().meta({ description: 'The agent’s reason, if given' }),
  })
  .meta({ id: 'Departure' });
export type DepartureBody = z.infer<typeof departure>;
