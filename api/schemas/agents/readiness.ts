import { z } from 'zod';
import { channelObstacleNames, timeObstacles } from '../../../domain/agents/readiness.ts';
import { agentChannels } from '../../../domain/notifications/contact.ts';

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
