import { z } from 'zod';
import { fewestAgents } from '../../../domain/referrals/agent-figures.ts';
import { offerStates } from '../../../domain/referrals/offer-history.ts';
import { instant, state } from '../fields.ts';

const share = z.number().min(0).max(1).nullable();

const figures = {
  answeredShare: share.meta({ description: 'Offers that were answered, of those that could be' }),
  acceptedShare: share.meta({ description: 'Offers that were accepted, of those that could be answered' }),
  answerSeconds: z.number().min(0).nullable().meta({ description: 'Median time to accept or decline' }),
  contactedInTimeShare: share.meta({
    description:
      'Referrals that were reached in time, of those that were reached or lost for want of contact',
  }),
  enrolledShare: share.meta({
    description: 'Referrals that ended with an enrollment, of those that ended after first contact',
  }),
};

/** `GET /v1/me/figures` */
export const agentFigures = z
  .strictObject({
    since: instant,
    contactWithinSeconds: z.int().min(1).meta({ description: 'Time for first contact after accepting' }),
    states: z.array(
      z.strictObject({
        state,
        own: z.strictObject({ offers: z.int().min(0), ...figures }),
        medians: z
          .strictObject({
            agents: z.int().meta({ description: 'Agents who had an offer there, or could have had one' }),
            countedAt: instant,
            offers: z.number().min(0).nullable(),
            ...figures,
          })
          .nullable()
          .meta({
            description: `Medians of all agents of the state; a figure is null if fewer than ${fewestAgents} agents contribute`,
          }),
      }),
    ),
    became: z
      .array(z.strictObject({ became: z.enum(offerStates), offers: z.int().min(1) }))
      .meta({ description: 'How many of the agent’s offers became what, in all states' }),
  })
  .meta({ id: 'AgentFigures' });
export type AgentFiguresView = z.infer<typeof agentFigures>;
