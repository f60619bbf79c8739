import { z } from 'zod';
import { departureReasons } from '../../../domain/agents/departures.ts';

/** `POST /v1/me/departure` */
export const departure = z
  .strictObject({
    reason: z.enum(departureReasons).optional().meta({ description: 'Why, if the agent likes to say' }),
  })
  .meta({ id: 'Departure' });
export type DepartureBody = z.infer<typeof departure>;
