import { createReadStream, existsSync } from 'node:fs';
import { parse } from 'csv-parse';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { XMLBuilder } from 'fast-xml-parser';
import { z } from 'zod';
import { applyFault, type Faults } from '../faults.ts';

/** One line of authority of one license, with names and values as in the license feed. */
type LicenseRow = Readonly<Record<string, string>>;

const licenseRows = z.array(z.record(z.string(), z.string()));

/**
 * Fakes the Entity Info report of NIPR's Producer Database: `GET /pdb-xml-reports/entityinfo_xml.cgi?id_entity=NPN` with
 * basic authentication. It has the elements that public clients read (im-archive/wtw-im-nipr-parser). The licenses
 * come from the file, which is read for each request. A JSON list that was `PUT` to `/nipr/licenses/NPN` overrides the
 * file, until `DELETE` removes it.
 */
export function niprRouter({ faults, licensesFile }: { faults: Faults; licensesFile?: string }): Router {
  const overrides = new Map<string, readonly LicenseRow[]>();
  const router = express.Router();
  router.put('/nipr/licenses/:npn', express.json(), (request, response) => {
    const rows = licenseRows.safeParse(request.body);
    if (!rows.success) {
      response.status(422).json({ title: 'not a list of licenses', status: 422 });
      return;
    }
    overrides.set(request.params.npn, rows.data);
    response.status(204).end();
  });
  router.delete('/nipr/licenses/:npn', (request, response) => {
    overrides.delete(request.params.npn);
    response.status(204).end();
  });
  router.get('/pdb-xml-reports/entityinfo_xml.cgi', authenticated, async (request, response) => {
    const npn = z.string().catch('').parse(request.query['id_entity']);
    if (!(await shouldAnswer(faults, npn, request, response))) return;
    const rows = overrides.get(npn) ?? (await rowsInFile(licensesFile, npn));
    response.type('application/xml').send(reportOf(npn, rows));
  });
  return router;
}

const authenticated: RequestHandler = (request, response, next) => {
  if (/^Basic \S+$/.test(request.get('authorization') ?? '')) next();
  else response.status(401).setHeader('WWW-Authenticate', 'Basic realm="NIPR"').end();
};

/** Applies a fault. @returns true when the normal response is still to be sent */
async function shouldAnswer(
  faults: Faults,
  npn: string,
  request: Request,
  response: Response,
): Promise<boolean> {
  const fault = faults.consume('nipr', npn);
  if (!(await applyFault(fault, request))) return false;
  if (fault?.kind !== 'outage' && fault?.kind !== 'refuse') return true;
  if (fault.kind === 'outage') response.status(503).end();
  else response.type('application/xml').send(errorOf(fault.message ?? 'Not authorized for this report'));
  return false;
}

async function rowsInFile(file: string | undefined, npn: string): Promise<LicenseRow[]> {
  if (file === undefined || !existsSync(file)) return [];
  const rows: LicenseRow[] = [];
  const records = createReadStream(file).pipe(parse({ columns: true, bom: true, relax_column_count: true }));
  for await (const row of records as AsyncIterable<LicenseRow>) {
    if (row['NPN']?.replace(/^0+/, '') === npn) rows.push(row);
  }
  return rows;
}

const xml = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });

function errorOf(description: string): string {
  return xml.build({ PDB: { TRANSACTION_TYPE: { TYPE: 'ERROR' }, ERROR: { DESCRIPTION: description } } });
}

function reportOf(npn: string, rows: readonly LicenseRow[]): string {
  if (rows.length === 0) return errorOf('No record found for the NPN');
  const states = [...new Set(rows.map((row) => row['State']))].map((state) => ({
    '@name': state,
    LICENSE: licensesOf(rows.filter((row) => row['State'] === state)),
    APPOINTMENT_INFORMATION: '',
  }));
  const isFirm = rows.every((row) => row['License Class'] === 'Business Entity');
  const producer = {
    ENTITY_BIOGRAPHIC: { BIOGRAPHIC: { NAME_LAST: 'Sample', NAME_FIRST: 'Sam', NPN: npn } },
    PRODUCER_LICENSING: { LICENSE_INFORMATION: { STATE: states } },
  };
  return xml.build({
    PDB: {
      TRANSACTION_TYPE: { TYPE: isFirm ? 'FIRM' : 'INDIVIDUAL' },
      PRODUCER: isFirm ? { FIRM: producer } : { INDIVIDUAL: producer },
    },
  });
}

function licensesOf(rows: readonly LicenseRow[]): unknown[] {
  const numbers = [...new Set(rows.map((row) => row['License Number']))];
  return numbers.map((number) => {
    const linesOfAuthority = rows.filter((row) => row['License Number'] === number);
    const [first = {}] = linesOfAuthority;
    return {
      LICENSE_NUM: number,
      DATE_UPDATED: first['Issue Date'],
      DATE_ISSUE_LICENSE_ORIG: first['Issue Date'],
      DATE_EXPIRE_LICENSE: first['Expiration Date'],
      LICENSE_CLASS: first['License Class'] === 'Producer' ? 'Insurance Producer' : first['License Class'],
      LICENSE_CLASS_CODE: '',
      RESIDENCY_STATUS: first['Resident'] === 'Y' ? 'R' : 'NR',
      ACTIVE: first['License Status'] === 'Active' ? 'Yes' : 'No',
      ADHS: { HOME_STATE: '' },
      DETAILS: {
        DETAIL: linesOfAuthority.map((row) => ({
          LOA: row['Line Of Authority'],
          LOA_CODE: row['Line Of Authority Code'],
          AUTHORITY_ISSUE_DATE: row['Issue Date'],
          STATUS: row['Line Status'] ?? 'Inactive',
          STATUS_REASON: '',
          STATUS_REASON_DATE: '',
          CE_COMPLIANCE: '',
        })),
      },
    };
  });
}
