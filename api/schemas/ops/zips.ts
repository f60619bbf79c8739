import { z } from 'zod';
import { instant, plainDate, singleLineText, state, zip } from '../fields.ts';
import { reason } from './ops-actions.ts';

const lat = z.number().min(-90).max(90).meta({ description: 'Degrees', example: 33.4285 });
const lon = z.number().min(-180).max(180).meta({ description: 'Degrees', example: -111.9349 });
const timeZone = singleLineText(60).meta({ description: 'IANA name', example: 'America/Phoenix' });

/** `PUT /v1/ops/zips/{zip}`; position and time zone are those of the nearest ZIP of the state where they are left out. */
export const zipChange = z
  .strictObject({
    city: singleLineText(100),
    state,
    lat: lat.optional(),
    lon: lon.optional(),
    timeZone: timeZone.optional(),
    reason,
  })
  .meta({ id: 'ZipChange' });

/** A ZIP that ops have set. */
export const opsZip = z
  .strictObject({
    zip,
    city: z.string(),
    state: z.string(),
    lat: lat.nullable(),
    lon: lon.nullable(),
    timeZone: z.string().nullable(),
    reason: z.string(),
    setAt: instant,
  })
  .meta({ id: 'ZipOfOps' });

/** `GET /v1/ops/zips` */
export const zipTable = z
  .strictObject({
    asOf: plainDate.nullable().meta({ description: 'Of when the data of the table are' }),
    loadedAt: instant.nullable().meta({ description: 'When they were loaded' }),
    zips: z.int().min(0).meta({ description: 'How many ZIPs are known' }),
    set: z.array(opsZip).meta({ description: 'Those that ops have set, the last first' }),
  })
  .meta({ id: 'ZipTable' });
