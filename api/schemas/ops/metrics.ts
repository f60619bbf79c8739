import { z } from 'zod';
import { instant, npn, state } from '../fields.ts';

/** `GET /v1/ops/metrics` */
export const metricsQuery = z.strictObject({
  from: instant.optional().meta({ description: 'Seven days before `until` unless told otherwise' }),
  until: instant.optional().meta({ description: 'Now unless told otherwise' }),
  state: state.optional(),
  npn: npn.optional(),
});

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();

const fairness = z.strictObject({
  state: z.string(),
  availableHours: z
    .number()
    .min(0)
    .meta({ description: 'How long they could have been asked, all together' }),
  offers: count,
  offersPerAvailableHour: z.number().min(0).nullable(),
  acceptRate: share,
  declineRate: share,
  expireRate: share,
  unreachableRate: share,
  medianAnswerSeconds: z
    .number()
    .min(0)
    .nullable()
    .meta({ description: 'Of those who accepted or declined' }),
});

export const metrics = z
  .strictObject({
    from: instant,
    until: instant,
    states: z.array(fairness).meta({ description: 'Each state with an offer or an agent on duty' }),
    agents: z.array(fairness.extend({ npn })).max(200).meta({
      description: 'With `state` or `npn`: the agents with the fewest offers an hour first',
    }),
    demand: z
      .array(
        z.strictObject({
          state: z.string(),
          language: z.string(),
          hour: z.int().min(0).max(23).meta({ description: 'Of the day, where the request came from' }),
          requests: count,
          unmatched: count,
        }),
      )
      .max(500)
      .meta({ description: 'Requests that came in this time, the most that found nobody first' }),
  })
  .meta({ id: 'Metrics' });
