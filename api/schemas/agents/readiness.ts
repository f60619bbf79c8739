import { z } from 'zod';
import { channelObstacleNames, deliveryDays, timeObstacles } from '../../../domain/agents/readiness.ts';
import { agentChannels } from '../../../domain/notifications/contact.ts';
import { instant } from '../fields.ts';

/** `GET /v1/me/readiness` */
export const readiness = z
  .strictObject({
    isReady: z.boolean().meta({ description: 'A chosen channel works, and nothing else stands in the way' }),
    channels: z.array(
      z.strictObject({
        channel: z.enum(agentChannels),
        isChosen: z.boolean().meta({ description: 'The agent wants offers over it' }),
        works: z.boolean(),
        because: z.enum(channelObstacleNames).nullable().meta({ description: 'Why it does not work' }),
        lately: z
          .strictObject({
            arrivedAt: instant.nullable().meta({ description: 'When the last message that arrived did so' }),
            failures: z
              .int()
              .min(0)
              .meta({ description: 'Messages that were refused, sent back or reported as spam' }),
            failedAt: instant.nullable().meta({ description: 'When the last of these failed' }),
          })
          .meta({ description: `What came of the messages over it in the last ${deliveryDays} days` }),
      }),
    ),
    obstacles: z
      .array(z.enum(timeObstacles))
      .meta({ description: 'What keeps the agent from being asked although a channel works' }),
  })
  .meta({
    id: 'Readiness',
    description: 'Whether offers will reach the agent, with a reason for each part that is not ready',
  });
export type ReadinessView = z.infer<typeof readiness>;
