import { z } from 'zod';
import { instant, plainDate, singleLineText, state, zip } from '../fields.ts';
import { reason } from './ops-actions.ts';

const lat = z.number().min(-90).max(90).meta({ description: 'Degrees', example: 33.4285 });
const lon = z.number().min(-180).max(180).meta({ description: 'Degrees', example: -111.9349 });
const timeZone = singleLineText(60).meta({ description: 'IANA name', example: 'America/Phoenix' });

/** `PUT /v1/ops/zips/{zip}`. Default for position and time zone: those of the numerically nearest ZIP of the state. */
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

/** A ZIP that ops have corrected. */
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
  .meta({ id: 'OpsZip' });

/** `GET /v1/ops/zips` */
export const zipTable = z
  .strictObject({
    asOf: plainDate.nullable().meta({ description: 'Date of the data' }),
    loadedAt: instant.nullable().meta({ description: 'When the data were loaded' }),
    zips: z.int().min(0).meta({ description: 'Number of known ZIPs' }),
    set: z.array(opsZip).meta({ description: 'ZIPs that ops have corrected, the latest first' }),
  })
  .meta({ id: 'ZipTable' });
