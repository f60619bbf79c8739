import { z } from 'zod';
import { waitingPeriods } from '../../../domain/referrals/waiting-times.ts';
import { instant, language, state } from '../fields.ts';

/** `GET /v1/waiting-times` */
export const waitingTimesQuery = z.strictObject({ state: state.optional(), language: language.optional() });

const minutes = z.int().min(1);

/** Whose requests were counted; a narrower group than asked for has too few. */
const group = z.strictObject({
  state: state.nullable().meta({ description: 'Null: all states' }),
  language: language.nullable().meta({ description: 'Null: all languages' }),
  period: z.enum(waitingPeriods).meta({
    description: '`this-hour`: the last 7 days at this hour of the day; `month`: the last 30 days',
  }),
});

/** How long the requests of a group waited for an agent. */
export const waitOfGroup = group.extend({
  medianMinutes: minutes.meta({ description: 'Half of the requests had an agent within this time' }),
  ninetiethMinutes: minutes.meta({ description: 'Nine of ten had one within this time' }),
});

export const waitingTimes = z
  .strictObject({
    found: waitOfGroup.extend({ countedAt: instant }).nullable().meta({
      description: 'Time from the confirmed request to an agent who accepts; null: too few requests',
    }),
    unmatched: group
      .extend({ share: z.number().min(0).max(1).meta({ description: 'In whole hundredths' }) })
      .nullable()
      .meta({ description: 'Share of the requests that found no agent; null: too few requests' }),
    agentsAtOnce: z.int().min(1).meta({
      description:
        'How many agents are asked at the same time at most; only the one who accepts gets the contact',
    }),
    contactWithinSeconds: z.int().min(1).meta({
      description: 'Time in which an agent who has accepted contacts the consumer',
    }),
  })
  .meta({ id: 'WaitingTimes' });
export type WaitingTimes = z.infer<typeof waitingTimes>;
