import { z } from 'zod';
import { placeRefusals } from '../../../domain/onboarding/marketplaces.ts';
import { planYear, state, zip } from '../fields.ts';
import { stateMarketplace } from '../problem.ts';

/** `GET /v1/places/{zip}` */
export const placeQuery = z.strictObject({
  coverageYear: z
    .string()
    .regex(/^20\d\d$/, 'A coverage year has 4 digits')
    .optional()
    .meta({ description: 'A calendar year; default: the next one from November 1, otherwise this one' }),
});

export const placeView = z
  .strictObject({
    zip,
    coverageYear: planYear,
    city: z
      .string()
      .nullable()
      .meta({ description: 'City of its post office; null for a ZIP that we do not know, as new ones are' }),
    stateNeeded: z.boolean().meta({
      description: 'Whether a request has to name the state, because the ZIP alone does not tell it',
    }),
    states: z
      .array(
        z.strictObject({
          state,
          refusal: z
            .enum(placeRefusals)
            .nullable()
            .meta({ description: 'Why we take no requests from there; null: we do' }),
          marketplace: stateMarketplace
            .nullable()
            .meta({ description: 'The state’s own marketplace, which helps its people; otherwise null' }),
        }),
      )
      .meta({ description: 'States that the ZIP can lie in; empty: there is no such ZIP' }),
  })
  .meta({ id: 'PlaceOfZip' });
export type PlaceView = z.infer<typeof placeView>;
