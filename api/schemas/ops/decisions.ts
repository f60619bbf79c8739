import { z } from 'zod';
import { exclusions, rungs } from '../../../domain/matching/matching.ts';
import { referralCauses } from '../../../domain/referrals/referral.ts';
import { id, instant, npn, state, zip } from '../fields.ts';

/** `GET /v1/ops/referrals/{id}/decisions` */
export const decisionsParams = z.strictObject({ id });
export const decisionsQuery = z.strictObject({
  npn: npn.optional().meta({ description: 'Says of each look why this agent was not asked' }),
});

const count = z.int().min(0);
const ranked = z.strictObject({
  npn,
  rung: z.enum(rungs),
  idleSince: z.string().nullable().meta({ description: 'When asked last; null: never' }),
  miles: z.number().min(0).nullable(),
});
const why = z.strictObject({
  why: z.enum(['asked', 'others-first', 'not-in-line-then', ...exclusions]),
  rank: z
    .int()
    .min(1)
    .nullable()
    .meta({ description: 'The place among those who fitted; null where none is kept' }),
});

const decision = z.strictObject({
  at: instant,
  asked: count.meta({ description: 'How many were asked before' }),
  npn: npn.nullable().meta({ description: 'Who was asked; null: nobody' }),
  rung: z.enum(rungs).nullable(),
  cause: z.enum(referralCauses).nullable().meta({ description: 'Why nobody was asked' }),
  limits: z.record(z.string(), z.number()),
  policyVersion: z.string(),
  explainedAt: instant.nullable().meta({ description: 'When the following was counted; null: not yet' }),
  considered: count.nullable().meta({ description: 'All who serve the state or want it' }),
  excluded: z.partialRecord(z.enum(exclusions), count).nullable(),
  ranked: z.array(ranked).max(20).nullable().meta({ description: 'The first who fitted, in their order' }),
  agent: why.nullable().meta({ description: 'Of the agent who was asked about; null without one' }),
});

const request = z
  .strictObject({
    state,
    zip,
    language: z.string(),
    interpreter: z.boolean().meta({ description: 'Whether somebody with the interpreter line is fine' }),
  })
  .meta({ description: 'What was asked for, as far as it decides who is asked' });

export const decisions = z
  .strictObject({ request, items: z.array(decision) })
  .meta({ id: 'Decisions', description: 'Each look of a referral for somebody to ask, the first one first' });
export type Decisions = z.infer<typeof decisions>;
