import { z } from 'zod';
import { mostLatest, unofferedReasons } from '../../../domain/matching/unoffered.ts';
import { needs } from '../../../domain/referrals/referral.ts';
import { instant, plainDate, state } from '../fields.ts';

const count = z.int().min(0);
const reason = z.enum(unofferedReasons);

/** `GET /v1/me/unoffered-referrals`: nothing of who a consumer is, and no place finer than the state. */
export const unofferedReferrals = z
  .strictObject({
    since: instant.meta({ description: 'Since when requests were looked through' }),
    timeZone: z.string().meta({ description: 'The time zone of the days' }),
    states: z.array(state).meta({ description: 'The states that the agent serves or wants' }),
    days: z.array(
      z.strictObject({
        day: plainDate,
        requests: count,
        offered: count.meta({ description: 'Those that were offered to the agent' }),
        reasons: z.array(z.strictObject({ reason, requests: count })),
      }),
    ),
    latest: z
      .array(
        z.strictObject({
          hour: instant.meta({ description: 'The hour in which the request came' }),
          state,
          language: z.string().nullable().meta({
            description: 'BCP-47; null: a language that the agent does not speak',
          }),
          need: z.enum(needs),
          reason,
          asked: count.meta({ description: 'How many agents were asked' }),
        }),
      )
      .max(mostLatest)
      .meta({ description: 'The latest requests that were not offered to the agent' }),
  })
  .meta({ id: 'UnofferedReferrals', description: 'Requests whose search for an agent is over' });
export type UnofferedReferralsView = z.infer<typeof unofferedReferrals>;
