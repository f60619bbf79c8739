import { z } from 'zod';
import {
  type CorrectedZip,
  checkStateAndTimeZone,
  readZipTable,
  setZip,
} from '../../../store/ops/ops-zips.ts';
import { findNeighborPlace } from '../../../store/zip-codes.ts';
import type { Deps } from '../../deps.ts';
import { fail } from '../../http/problems.ts';
import { type FieldFault, type Route, route } from '../../http/route.ts';
import { zip } from '../../schemas/fields.ts';
import { opsZip, zipChange, zipTable } from '../../schemas/ops/zips.ts';

type Change = Partial<z.output<typeof zipChange>>;

/** The ZIP table: how old it is, and what ops know that it does not. */
export function opsZipRoutes({ db, now, settings }: Deps): Route[] {
  return [
    route({
      key: 'GET /v1/ops/zips',
      summary: 'How old the ZIP table is, and the ZIPs that ops have set',
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
      summary: 'Say where a ZIP is that the table does not know, or has wrong',
      description:
        'It holds from now on, for new requests and for the agents who gave it, and stays when the table is loaded again. ' +
        'Without a position or a time zone it has those of the nearest number in that state with the same first three digits.',
      params: z.strictObject({ zip }),
      body: zipChange,
      responses: { 200: { description: 'The ZIP as it stands, now or before', schema: opsZip } },
      check: async (fields, { params, request }) => {
        // a value that is wrong in itself is told as that
        const given = { ...(request.body as Change), state: fields.state };
        return [
          ...(await unknownNames(fields)),
          ...halfPosition(given),
          ...(await missingPlace(params.zip, given)),
        ];
      },
      handle: async ({ params, body: { reason, ...given }, caller: { accountId } }) => {
        const near = await findNeighborPlace(db, params.zip, given.state);
        const { lat = near?.lat ?? null, lon = near?.lon ?? null } = given;
        const timeZone = given.timeZone ?? near?.timeZone ?? fail('invalid-fields');
        const { city, state } = given;
        const wish = { zip: params.zip, city, state, lat, lon, timeZone, reason, accountId, at: now() };
        const row = await db.transaction().execute((tx) => setZip(tx, wish, settings.policy));
        return { status: 200, body: toOpsZip(row) };
      },
    }),
  ];

  async function unknownNames({ state, timeZone }: Change): Promise<FieldFault[]> {
    const known = await checkStateAndTimeZone(db, { state, timeZone });
    return [
      ...(known.state
        ? []
        : [{ pointer: '/state', code: 'unknown-state', detail: 'There is no such state.' }]),
      ...(known.timeZone
        ? []
        : [{ pointer: '/timeZone', code: 'unknown-time-zone', detail: 'No ZIP is in such a time zone.' }]),
    ];
  }

  /** Nothing near is known of a state whose numbers have other first digits. */
  async function missingPlace(
    zipGiven: string,
    { state, lat, lon, timeZone }: Change,
  ): Promise<FieldFault[]> {
    if (state === undefined || (await findNeighborPlace(db, zipGiven, state))) return [];
    const detail = 'No ZIP of this state has the same first three digits to take it from.';
    return Object.entries({ lat, lon, timeZone }).flatMap(([field, value]) =>
      value === undefined ? [{ pointer: `/${field}`, code: 'required', detail }] : [],
    );
  }
}

/** A position has two numbers. */
function halfPosition({ lat, lon }: Change): FieldFault[] {
  if ((lat === undefined) === (lon === undefined)) return [];
  return [
    {
      pointer: lat === undefined ? '/lat' : '/lon',
      code: 'required',
      detail: 'A position has both numbers.',
    },
  ];
}

const toOpsZip = ({ setAt, ...row }: CorrectedZip) => ({ ...row, setAt: setAt.toISOString() });
