import { z } from 'zod';
import { departureReasons } from '../../../domain/agents/departures.ts';
import { conditionNames } from '../../../domain/onboarding/conditions.ts';
import { sourceNames } from '../../../domain/onboarding/evidence.ts';
import { onboardingCauses } from '../../../domain/onboarding/standing.ts';
import { unmetReasons } from '../../../domain/onboarding/unmet-reasons.ts';
import { onboardingStages } from '../../../domain/stages.ts';
import { instant, npn, planYear } from '../fields.ts';

export const onboardingStage = z.enum(onboardingStages).meta({ id: 'OnboardingStage' });

export const condition = z
  .strictObject({
    name: z.enum(conditionNames),
    met: z.boolean(),
    because: z.enum(unmetReasons).nullable().meta({ description: 'Why it is unmet, where more can be said' }),
    evidence: z.string().nullable().meta({ description: 'What the row of the feed states' }),
    asOf: instant.nullable().meta({ description: 'When the release, or the answer, that says so came in' }),
    source: z
      .enum(sourceNames)
      .nullable()
      .meta({ description: 'The feed that says so, or the look-up of a license that no feed knows yet' }),
  })
  .meta({ id: 'Condition' });

/** What an onboarding can wait for: a condition, terms, or a step of the invitation. */
export const waitReasons = [...onboardingCauses, 'invitation', 'registration'] as const;

const onboardingOfYear = {
  planYear,
  stage: onboardingStage,
  since: instant,
  conditions: z.array(condition),
  waitingFor: z.array(z.enum(waitReasons)).meta({ description: 'What is missing; empty when nothing is' }),
  nextActionAt: instant.nullable().meta({ description: 'When this changes, or a reminder comes, by itself' }),
};

/** `GET /v1/me/onboarding` */
export const onboardingResponse = z
  .strictObject({
    npn,
    ...onboardingOfYear,
    otherYears: z
      .array(z.strictObject(onboardingOfYear))
      .meta({ description: 'The same of the agent’s other plan years that are open' }),
  })
  .meta({ id: 'Onboarding' });
export type OnboardingResponse = z.infer<typeof onboardingResponse>;

/** `POST /v1/me/departure` */
export const departure = z
  .strictObject({
    reason: z.enum(departureReasons).optional().meta({ description: 'Why, if the agent likes to say' }),
  })
  .meta({ id: 'Departure' });
export type DepartureBody = z.infer<typeof departure>;
