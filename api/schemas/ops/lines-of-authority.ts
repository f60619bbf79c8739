import { z } from 'zod';
import { state } from '../fields.ts';

/** `GET /v1/ops/lines-of-authority` */
export const linesOfAuthority = z
  .strictObject({
    unknown: z
      .array(
        z.strictObject({
          state,
          name: z.string().meta({ description: 'In lower case; names are compared without case' }),
          licenses: z.int().min(0).meta({ description: 'Number of licenses in force with this name' }),
          agents: z.int().min(0).meta({ description: 'Number of agents with such a license' }),
        }),
      )
      .meta({ description: 'Ordered by number of agents, the largest first' }),
  })
  .meta({
    id: 'LinesOfAuthority',
    description:
      'Names of lines of authority that are not classified as health-related or not; they do not make a license count',
  });
