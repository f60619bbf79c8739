import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import {
  type CellReader,
  readLicenseNumber,
  readLineOfAuthority,
  readOneOf,
  readOptionalDate,
  readOptionalText,
  readState as stateName,
} from '../../../store/feeds/import/cells.ts';
import type { LookedUpLicense } from '../../../store/feeds/license-lookups.ts';
import { RegistryOutage } from './registry-outage.ts';

/*
 * The Entity Info report of NIPR's Producer Database, as its public clients read it:
 *
 *   PDB
 *     TRANSACTION_TYPE / TYPE                        INDIVIDUAL, FIRM or ERROR
 *     ERROR / DESCRIPTION                            instead of a producer
 *     PRODUCER / INDIVIDUAL or FIRM
 *       ENTITY_BIOGRAPHIC …                          name and address: not read
 *       PRODUCER_LICENSING / LICENSE_INFORMATION
 *         STATE name="TX", one or more
 *           LICENSE, one or more                     LICENSE_NUM, LICENSE_CLASS, RESIDENCY_STATUS (R, NR), ACTIVE (Yes, No),
 *                                                    DATE_ISSUE_LICENSE_ORIG, DATE_EXPIRE_LICENSE (MM/DD/YYYY, or none)
 *             DETAILS / DETAIL, one or more          LOA, LOA_CODE, STATUS (Active, Inactive, Cancelled)
 *           APPOINTMENT_INFORMATION …                not read
 *
 * Namespaces are ignored, and so is every attribute but the name of a state. An element may be missing or empty. Words
 * and dates may be written as in the license feed. Only this file depends on this format.
 */

const repeated = new Set(['STATE', 'LICENSE', 'DETAIL']);
const parser = new XMLParser({
  ignoreAttributes: (name) => name !== 'name',
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => repeated.has(name),
});

/** Accepts an empty element too, which the parser reads as an empty text. */
const orEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema, z.literal('').transform(() => undefined)]);

/** Reads a text as the license feed reads the same field. */
const readAs = (cell: CellReader) =>
  z
    .string()
    .default('')
    .transform((text, context) => {
      const found = cell(text.trim());
      if ('value' in found) return found.value;
      context.addIssue(found.reason);
      return z.NEVER;
    });
/** Reads one of several spellings; the value is the index of the meaning. */
const word = (...meanings: readonly (readonly string[])[]) =>
  readAs(readOneOf(...meanings.flat())).transform((text) =>
    meanings.findIndex((words) => words.includes(text ?? '')),
  );

const isActive = word(['Yes', 'Y', 'True', 'Active'], ['No', 'N', 'False', 'Inactive']).transform(
  (at) => at === 0,
);
const residency = word(['R', 'Resident'], ['NR', 'N', 'Non-Resident', 'Nonresident', 'Non Resident']);
const licenseDetail = z.object({
  LOA: readAs(readLineOfAuthority).pipe(z.string()),
  LOA_CODE: readAs(readOptionalText).pipe(z.string()),
  // without a status a line of authority does not count as active
  STATUS: z.string().default(''),
});
const license = z.object({
  LICENSE_NUM: readAs(readLicenseNumber).pipe(z.string()),
  LICENSE_CLASS: z.string(),
  RESIDENCY_STATUS: residency,
  ACTIVE: isActive,
  DATE_ISSUE_LICENSE_ORIG: readAs(readOptionalDate),
  DATE_EXPIRE_LICENSE: readAs(readOptionalDate),
  // an unreadable line of authority is skipped, and the others are kept
  DETAILS: orEmpty(
    z.object({ DETAIL: z.array(licenseDetail.or(z.unknown().transform(() => undefined))) }),
  ).optional(),
});
const state = z.object({
  // includes provinces of Canada
  '@name': z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/)
    .or(readAs(stateName).pipe(z.string())),
  LICENSE: z.array(z.unknown()).default([]),
});

const licensing = orEmpty(
  z.object({ LICENSE_INFORMATION: orEmpty(z.object({ STATE: z.array(z.unknown()) })).optional() }),
).optional();
const producer = orEmpty(z.object({ PRODUCER_LICENSING: licensing })).optional();
const report = z.object({
  PDB: orEmpty(
    z.object({
      TRANSACTION_TYPE: z.union([z.string(), z.object({ TYPE: z.string().default('') })]).optional(),
      ERROR: z.union([z.string(), z.object({ DESCRIPTION: z.string() })]).optional(),
      PRODUCER: orEmpty(z.object({ INDIVIDUAL: producer, FIRM: producer })).optional(),
    }),
  ),
});

/**
 * Reads the license rows of a report. Unreadable rows are skipped, as bad rows of a feed are. Licenses that are neither
 * a producer's nor a business entity's, such as an adjuster's, are ignored.
 * @throws RegistryOutage `unreadable` if it is no report or none of its licenses can be read, `refused` if the registry
 * refuses to answer
 */
export function readEntityReport(xml: string): LookedUpLicense[] {
  const { ERROR: error, TRANSACTION_TYPE: transaction = '', PRODUCER: found } = documentOf(xml) ?? {};
  const type = typeof transaction === 'string' ? transaction : transaction.TYPE;
  if (error !== undefined || /^error$/i.test(type)) {
    const description = typeof error === 'string' ? error : (error?.DESCRIPTION ?? '');
    if (/not (found|on file)|no (record|match|result|producer|entity|data)|does not exist/i.test(description))
      return [];
    throw new RegistryOutage('refused');
  }
  const ofPerson = licensesIn(found?.INDIVIDUAL?.PRODUCER_LICENSING);
  const ofFirm = licensesIn(found?.FIRM?.PRODUCER_LICENSING);
  const read = [...ofPerson, ...ofFirm].map((row) => row && rowsOf(row, ofFirm.includes(row)));
  if (read.length > 0 && read.every((rows) => rows === undefined)) throw new RegistryOutage('unreadable');
  return read.flatMap((rows) => rows ?? []);
}

function documentOf(xml: string): z.output<typeof report>['PDB'] {
  try {
    return report.parse(parser.parse(xml, true)).PDB;
  } catch {
    // the original error is dropped, because it quotes the document
    throw new RegistryOutage('unreadable');
  }
}

type License = z.output<typeof license> & { state: string };

/** Reads every license; undefined stands for one that cannot be read. */
function licensesIn(element: z.output<typeof licensing>): (License | undefined)[] {
  return (element?.LICENSE_INFORMATION?.STATE ?? []).flatMap((stateElement) => {
    const inState = state.safeParse(stateElement);
    if (!inState.success) return [undefined];
    return inState.data.LICENSE.map((one) => {
      const read = license.safeParse(one);
      return read.success ? { ...read.data, state: inState.data['@name'] } : undefined;
    });
  });
}

function rowsOf(read: License, isFirm: boolean): LookedUpLicense[] {
  const licenseClass = isFirm ? 'Business Entity' : classOf(read.LICENSE_CLASS);
  if (!licenseClass) return [];
  const details = (read.DETAILS?.DETAIL ?? []).filter((detail) => detail !== undefined);
  return details.map((detail) => ({
    state: read.state,
    licenseNumber: read.LICENSE_NUM,
    licenseClass,
    resident: read.RESIDENCY_STATUS === 0,
    active: read.ACTIVE,
    issuedOn: read.DATE_ISSUE_LICENSE_ORIG,
    expiresOn: read.DATE_EXPIRE_LICENSE,
    lineOfAuthority: detail.LOA,
    lineCode: detail.LOA_CODE,
    lineActive: detail.STATUS.trim().toLowerCase() === 'active',
  }));
}

/**
 * Reads a license class. States name them differently: "Insurance Producer", "Resident Agent", "Business Entity
 * Producer".
 */
function classOf(name: string): 'Producer' | 'Business Entity' | undefined {
  if (/business entity|agency|firm/i.test(name)) return 'Business Entity';
  return /producer|agent|broker/i.test(name) ? 'Producer' : undefined;
}
