import type { FeedKind } from '../../../domain/onboarding/evidence.ts';

/** Headers as the sources publish them; written out here so that a test fails when the code's differ. */
export const headers: Record<FeedKind, string> = {
  'registration-completions':
    'NPN,Applicable Plan Year,Individual Registration Completion Date,Individual Marketplace End Date,' +
    'Shop Registration Completion Date,Shop End Date,NPN Valid (Current Plan Year Only)',
  terminations:
    'NPN,Status,Marketplaces,Effective Plan Year,Registration Completion Date,Termination or Suspension Date',
  'training-completions':
    'NPN,Plan Year,First Name,Last Name,Email,Languages,States Wanted,Marketplace Registration Date,' +
    'Marketplace Training Date,CMS Agreements Signed Date,Help On Demand Coursework Date,NIPR Validated Date,' +
    'New To Marketplace',
  licenses:
    'NPN,State,License Number,License Class,Resident,License Status,Issue Date,Expiration Date,' +
    'Line Of Authority Code,Line Of Authority,Line Status',
};

/** Makes a file of a header and these rows, with a newline after each line. */
export function csv(kind: FeedKind, ...rows: string[]): string {
  return [headers[kind], ...rows].map((line) => `${line}\n`).join('');
}

const validCells = {
  registration: {
    npn: '1001',
    planYear: '2027',
    completedOn: '09/14/2026',
    endsOn: '12/31/2027',
    shopCompletedOn: '',
    shopEndsOn: '',
    npnValid: 'Y',
  },
  termination: {
    npn: '1001',
    status: 'T1',
    marketplaces: 'BOTH',
    planYear: '2027',
    registeredOn: '09/14/2026',
    datedOn: '10/05/2026',
  },
  training: {
    npn: '1001',
    planYear: '2027',
    firstName: 'Ada',
    lastName: 'Alder',
    email: 'ada.alder@example.com',
    languages: 'English;Spanish',
    states: 'TX;FL',
    registeredOn: '09/14/2026',
    trainedOn: '09/10/2026',
    agreedOn: '09/11/2026',
    courseworkOn: '09/12/2026',
    validatedOn: '09/12/2026',
    isNew: 'N',
  },
  license: {
    npn: '1001',
    state: 'TX',
    number: '0012345',
    licenseClass: 'Producer',
    resident: 'Y',
    status: 'Active',
    issuedOn: '03/01/2019',
    expiresOn: '02/28/2028',
    code: '10',
    line: 'Health',
    lineStatus: 'Active',
  },
};

const rowOf =
  <Fields extends Record<string, string>>(usual: Fields) =>
  (fields: Partial<Fields> = {}): string =>
    Object.values({ ...usual, ...fields }).join(',');

/** Cells of valid rows; a test overrides the ones it is about. */
export const registrationCsvRow = rowOf(validCells.registration);
export const terminationCsvRow = rowOf(validCells.termination);
export const trainingCsvRow = rowOf(validCells.training);
export const licenseCsvRow = rowOf(validCells.license);
