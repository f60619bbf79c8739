import { z } from 'zod';
import { instant, npn, state } from '../fields.ts';

/** `GET /v1/ops/metrics` */
export const metricsQuery = z.strictObject({
  from: instant.optional().meta({ description: 'Default: seven days before `until`' }),
  until: instant.optional().meta({ description: 'Default: now' }),
  state: state.optional(),
  npn: npn.optional(),
});

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();

const fairness = z.strictObject({
  state: z.string(),
  availableHours: z.number().min(0).meta({ description: 'Total hours of availability' }),
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
    .meta({ description: 'Median over accepted and declined offers' }),
});

export const metrics = z
  .strictObject({
    from: instant,
    until: instant,
    states: z.array(fairness).meta({ description: 'Each state with an offer or an available agent' }),
    agents: z.array(fairness.extend({ npn })).max(200).meta({
      description: 'Only with `state` or `npn`: agents, those with the fewest offers an hour first',
    }),
    demand: z
      .array(
        z.strictObject({
          state: z.string(),
          language: z.string(),
          hour: z.int().min(0).max(23).meta({ description: 'Hour of the day in the consumer’s time zone' }),
          requests: count,
          unmatched: count,
        }),
      )
      .max(500)
      .meta({ description: 'Requests of this period, those with the most unmatched requests first' }),
  })
  .meta({ id: 'Metrics' });
