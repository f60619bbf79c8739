import type { Request } from 'express';
import { z } from 'zod';
import {
  type CorrectedZip,
  checkStateAndTimeZone,
  readZipTable,
  setZip,
  type ZipCorrection,
} from '../../../store/ops/ops-zips.ts';
import { findNeighborPlace } from '../../../store/zip-codes.ts';
import type { Deps } from '../../deps.ts';
import type { Checked, FieldFault } from '../../http/requests/checked.ts';
import { type Route, route } from '../../http/route.ts';
import { zip } from '../../schemas/fields.ts';
import { opsZip, zipChange, zipTable } from '../../schemas/ops/zips.ts';

type Change = Partial<z.output<typeof zipChange>>;

/** Routes of the ZIP table: its age, and corrections by ops. */
export function opsZipRoutes({ db, now, settings }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/zips',
      summary: 'Get the age of the ZIP table and the ZIPs that ops have corrected',
      responses: { 200: { description: 'The table', schema: zipTable } },
      handle: async () => {
        const { loadedAt, set, ...table } = await readZipTable(db);
        return {
          status: 200 as const,
          body: { ...table, loadedAt: loadedAt?.toISOString() ?? null, set: set.map(toOpsZip) },
        };
      },
    }),
    route({
      key: 'PUT /v1/ops/zips/:zip',
      summary: 'Correct a ZIP that is missing or wrong in the table',
      description:
        'The correction applies from now on to new requests and to agents with this ZIP, and survives a reload of the ' +
        'table. Default for position and time zone: those of the numerically nearest ZIP of the state with the same first ' +
        'three digits.',
      params: z.strictObject({ zip }),
      body: zipChange,
      responses: { 200: { description: 'The corrected ZIP, set now or earlier', schema: opsZip } },
      check: checkCorrection,
      handle: async ({ params, body: { city, state, reason }, known, caller: { accountId } }) => {
        const correction = { zip: params.zip, city, state, ...known, reason, accountId, at: now() };
        const row = await db.transaction().execute((tx) => setZip(tx, correction, settings.policy));
        return { status: 200, body: toOpsZip(row) };
      },
    }),
  ];

  /** Checks a correction. @returns its position and time zone, by default those of the nearest ZIP */
  async function checkCorrection(
    fields: Change,
    { params, request }: { params: { zip: string }; request: Request },
  ): Promise<Checked<Pick<ZipCorrection, 'lat' | 'lon' | 'timeZone'>>> {
    const { state } = fields;
    const neighbor = state === undefined ? undefined : await findNeighborPlace(db, params.zip, state);
    // a value that fails its schema has an error already
    const sent: Change = { ...(request.body as Change), state };
    const { lat = null, lon = null, timeZone = null } = { ...neighbor, ...fields };
    const faults = [...(await nameFaults(fields)), ...positionFaults(sent)];
    if (state !== undefined && !neighbor) faults.push(...missingFaults(sent, ['lat', 'lon', 'timeZone']));
    if (neighbor && timeZone === null) faults.push(...missingFaults(sent, ['timeZone']));
    return faults.length > 0 || timeZone === null ? { faults } : { known: { lat, lon, timeZone } };
  }

  async function nameFaults({ state, timeZone }: Change): Promise<FieldFault[]> {
    const isKnown = await checkStateAndTimeZone(db, { state, timeZone });
    return [
      ...(isKnown.state
        ? []
        : [{ pointer: '/state', code: 'unknown-state', detail: 'There is no such state.' }]),
      ...(isKnown.timeZone
        ? []
        : [{ pointer: '/timeZone', code: 'unknown-time-zone', detail: 'No ZIP is in this time zone.' }]),
    ];
  }
}

/** Requires what no neighboring ZIP of the state can lend. */
function missingFaults(sent: Change, needed: readonly ('lat' | 'lon' | 'timeZone')[]): FieldFault[] {
  const detail = 'Needed: no ZIP of this state has the same first three digits, so there is no default.';
  return needed
    .filter((field) => sent[field] === undefined)
    .map((field) => ({ pointer: `/${field}`, code: 'required', detail }));
}

/** Requires both numbers of a position, or none. */
function positionFaults({ lat, lon }: Change): FieldFault[] {
  if ((lat === undefined) === (lon === undefined)) return [];
  return [
    {
      pointer: lat === undefined ? '/lat' : '/lon',
      code: 'required',
      detail: 'A position needs both numbers.',
    },
  ];
}

const toOpsZip = ({ setAt, ...row }: CorrectedZip) => ({ ...row, setAt: setAt.toISOString() });
