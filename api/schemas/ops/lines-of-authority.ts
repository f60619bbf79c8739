import { z } from 'zod';
import { state } from '../fields.ts';

/** `GET /v1/ops/lines-of-authority` */
export const linesOfAuthority = z
  .strictObject({
    unknown: z
      .array(
        z.strictObject({
          state,
          name: z.string().meta({ description: 'In lower case, as names are compared' }),
          licenses: z.int().min(0).meta({ description: 'How many licenses in force have it' }),
          agents: z.int().min(0).meta({ description: 'How many agents these are of' }),
        }),
      )
      .meta({ description: 'Those of most agents first' }),
  })
  .meta({
    id: 'LinesOfAuthority',
    description: 'Names that nobody has called health-related or not, so that licenses do not count by them',
  });
