import { z } from 'zod';
import { wishObstacles, wishRungs } from '../../../domain/matching/agent-wish.ts';
import { pastExclusions, rungs } from '../../../domain/matching/matching.ts';
import { referralCauses } from '../../../domain/referrals/referral.ts';
import { id, instant, npn, state, zip } from '../fields.ts';

/** `GET /v1/ops/referrals/{id}/decisions` */
export const decisionsParams = z.strictObject({ id });
export const decisionsQuery = z.strictObject({
  npn: npn.optional().meta({ description: 'Adds to each decision why this agent was not asked' }),
  explain: instant
    .optional()
    .meta({ description: 'The instant `at` of the decision to explain; without it the latest is explained' }),
});

const count = z.int().min(0);
const ranked = z.strictObject({
  npn,
  rung: z.enum(rungs),
  idleSince: z.string().nullable().meta({ description: 'When the agent last got an offer; null: never' }),
  miles: z.number().min(0).nullable(),
});
const explanation = z.strictObject({
  why: z.enum(['asked', 'others-first', ...pastExclusions]),
  rank: z
    .int()
    .min(1)
    .nullable()
    .meta({ description: 'Rank among the suitable agents; null if it was not computed' }),
  since: instant.optional().meta({
    description: 'With `skips-language` and `skips-area`: since when the agent skips such requests',
  }),
});

const decision = z.strictObject({
  at: instant,
  asked: count.meta({ description: 'Number of agents asked before' }),
  npn: npn.nullable().meta({ description: 'The agent who was asked; null: nobody' }),
  rung: z
    .enum([...wishRungs, ...rungs])
    .nullable()
    .meta({
      description:
        'The rung of the ladder. `named`: asked first because the consumer named them; `helped-before`: asked first because ' +
        'the consumer wants the agent who helped them before',
    }),
  wishUnmet: z.enum(wishObstacles).nullable().meta({
    description:
      'Why the agent whom the consumer asked for was not asked first; null: they were, or the consumer asked for none',
  }),
  cause: z.enum(referralCauses).nullable().meta({ description: 'Why nobody was asked' }),
  limits: z.record(z.string(), z.number()),
  policyVersion: z.string(),
  explainedAt: instant.nullable().meta({
    description:
      'When the fields below were computed, which is now; null: this decision is not the one to explain. Offers and load ' +
      'are as they were at the decision, language, place and channels as they are now',
  }),
  considered: count.nullable().meta({ description: 'Number of agents who serve or want the state' }),
  excluded: z.partialRecord(z.enum(pastExclusions), count).nullable(),
  ranked: z.array(ranked).max(20).nullable().meta({ description: 'The best suitable agents, in order' }),
  agent: explanation.nullable().meta({ description: 'The agent in the query; null without one' }),
});

const request = z
  .strictObject({
    state,
    zip,
    language: z.string(),
    interpreter: z.boolean().meta({ description: 'Whether an agent with an interpreter is acceptable' }),
  })
  .meta({ description: 'The parts of the request that decide which agents are suitable' });

export const decisions = z
  .strictObject({ request, items: z.array(decision) })
  .meta({ id: 'Decisions', description: 'The match decisions of a referral, the earliest first' });
export type Decisions = z.infer<typeof decisions>;
