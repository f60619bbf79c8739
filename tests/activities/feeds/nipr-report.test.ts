import { expect, test } from '@jest/globals';
import { readEntityReport } from '../../../activities/feeds/registries/nipr-report.ts';

const health = '<DETAIL><LOA>Health</LOA><LOA_CODE>16</LOA_CODE><STATUS>Active</STATUS></DETAIL>';
const licenseXml = (change: Record<string, string> = {}, details = health) => {
  const fields = {
    LICENSE_NUM: '0012',
    DATE_ISSUE_LICENSE_ORIG: '03/01/2020',
    DATE_EXPIRE_LICENSE: '02/28/2027',
    LICENSE_CLASS: 'Insurance Producer',
    RESIDENCY_STATUS: 'R',
    ACTIVE: 'Yes',
    ...change,
  };
  const elements = Object.entries(fields).map(([name, text]) => `<${name}>${text}</${name}>`);
  return `<LICENSE>${elements.join('')}<DETAILS>${details}</DETAILS></LICENSE>`;
};
const stateXml = (name: string, ...licenses: string[]) =>
  `<STATE name="${name}">${licenses.join('')}<APPOINTMENT_INFORMATION/></STATE>`;
const reportXml = (...states: string[]) => `<?xml version="1.0" encoding="UTF-8"?>
<PDB><TRANSACTION_TYPE><TYPE>PDB</TYPE></TRANSACTION_TYPE><PRODUCER><INDIVIDUAL>
<ENTITY_BIOGRAPHIC><BIOGRAPHIC><NAME_LAST>Zamborsky</NAME_LAST><DATE_BIRTH>01/01/1970</DATE_BIRTH></BIOGRAPHIC></ENTITY_BIOGRAPHIC>
<PRODUCER_LICENSING><LICENSE_INFORMATION>${states.join('')}</LICENSE_INFORMATION></PRODUCER_LICENSING>
</INDIVIDUAL></PRODUCER></PDB>`;

const row = {
  state: 'TX',
  licenseNumber: '0012',
  licenseClass: 'Producer',
  resident: true,
  active: true,
  issuedOn: '2020-03-01',
  expiresOn: '2027-02-28',
  lineOfAuthority: 'Health',
  lineCode: '16',
  lineActive: true,
};

test('a row is one line of authority of a license, without personal data', () => {
  const rows = readEntityReport(reportXml(stateXml('TX', licenseXml())));
  expect(rows).toEqual([row]);
  expect(JSON.stringify(rows)).not.toContain('Zamborsky');
});

test.each([
  ['an address for its number', { LICENSE_NUM: 'www.prize.example' }, health],
  ['a number with a direction mark', { LICENSE_NUM: '00\u202e12' }, health],
  ['a line that is too long', {}, health.replace('Health', 'H'.repeat(201))],
])('a license with %s is left out, because the feed’s import would reject its row', (_, change, details) => {
  const rows = readEntityReport(reportXml(stateXml('TX', licenseXml(), licenseXml(change, details))));
  expect(rows).toEqual([row]);
});

test('every line of authority of every license in every state is a row', () => {
  const life = '<DETAIL><LOA>Life &amp; Annuities</LOA><LOA_CODE/><STATUS>Cancelled</STATUS></DETAIL>';
  const rows = readEntityReport(
    reportXml(
      stateXml('TX', licenseXml({}, health + life), licenseXml({ LICENSE_NUM: '13', ACTIVE: 'No' })),
      stateXml('NY', licenseXml({ RESIDENCY_STATUS: 'NR', DATE_EXPIRE_LICENSE: '' })),
    ),
  );
  expect(rows).toEqual([
    row,
    { ...row, lineOfAuthority: 'Life & Annuities', lineCode: '', lineActive: false },
    { ...row, licenseNumber: '13', active: false },
    { ...row, state: 'NY', resident: false, expiresOn: null },
  ]);
});

test.each([
  ['Resident Agent', ['Producer']],
  ['Business Entity Producer', ['Business Entity']],
  ['Insurance Agency', ['Business Entity']],
  ['Public Adjuster', []],
])('the class %s', (name, classes) => {
  const rows = readEntityReport(reportXml(stateXml('TX', licenseXml({ LICENSE_CLASS: name }))));
  expect(rows.map(({ licenseClass }) => licenseClass)).toEqual(classes);
});

test('the licenses of a firm are those of a business entity', () => {
  const xml = reportXml(stateXml('TX', licenseXml())).replaceAll('INDIVIDUAL>', 'FIRM>');
  expect(readEntityReport(xml)).toEqual([{ ...row, licenseClass: 'Business Entity' }]);
});

test.each([
  [
    'dates without leading zeros',
    licenseXml({ DATE_ISSUE_LICENSE_ORIG: '3/1/2020', DATE_EXPIRE_LICENSE: '2/28/2027' }),
  ],
  [
    'dates of ISO 8601',
    licenseXml({ DATE_ISSUE_LICENSE_ORIG: '2020-03-01', DATE_EXPIRE_LICENSE: '2027-02-28T00:00:00' }),
  ],
  [
    'dates as one number',
    licenseXml({ DATE_ISSUE_LICENSE_ORIG: '20200301', DATE_EXPIRE_LICENSE: '20270228' }),
  ],
  [
    'another case',
    licenseXml({ ACTIVE: 'YES', RESIDENCY_STATUS: 'Resident' }).replace('>Active<', '>ACTIVE<'),
  ],
  ['a letter', licenseXml({ ACTIVE: 'y', RESIDENCY_STATUS: 'r' })],
  ['spaces', licenseXml({ ACTIVE: ' Yes ', LICENSE_NUM: '\n 0012 \n' }).replace('Health<', ' Health <')],
  ['attributes', licenseXml().replace('<ACTIVE>', '<ACTIVE code="1">').replace('<LOA>', '<LOA lang="en">')],
  ['an element that nobody reads', licenseXml({ ADHS: '<HOME_STATE/>', DATE_UPDATED: '' })],
  ['character data', licenseXml({ LICENSE_NUM: '<![CDATA[0012]]>' })],
  [
    'elements in another order',
    licenseXml().replace(/(<LICENSE>)(<LICENSE_NUM>.*?<\/LICENSE_NUM>)(.*)(<\/LICENSE>)/, '$1$3$2$4'),
  ],
  [
    'a line beside it that has no name',
    licenseXml({}, `<DETAIL><LOA/><STATUS>Active</STATUS></DETAIL>${health}`),
  ],
])('a license with %s is the same', (_, xml) => {
  expect(readEntityReport(reportXml(stateXml('TX', xml)))).toEqual([row]);
});

test.each([
  ['its name in lower case', reportXml(stateXml('tx', licenseXml()))],
  ['its name in full', reportXml(stateXml('Texas', licenseXml()))],
  [
    'other attributes around its name',
    reportXml(stateXml('TX', licenseXml()).replace(' name', ' id="7" name')),
  ],
  [
    'namespaces',
    reportXml(stateXml('TX', licenseXml()))
      .replaceAll(/<(\/?)([A-Z])/g, '<$1p:$2')
      .replace('<p:PDB', '<p:PDB xmlns:p="urn:pdb"'),
  ],
])('a state with %s is the same', (_, xml) => {
  expect(readEntityReport(xml)).toEqual([row]);
});

test.each([
  ['empty', { DATE_EXPIRE_LICENSE: '' }],
  ['“NULL”', { DATE_EXPIRE_LICENSE: 'NULL' }],
])('an expiration date that is %s is ignored, and so is a missing one', (_, change) => {
  const missing = licenseXml().replace(/<DATE_EXPIRE_LICENSE>.*?<\/DATE_EXPIRE_LICENSE>/, '');
  for (const xml of [licenseXml(change), missing])
    expect(readEntityReport(reportXml(stateXml('TX', xml)))).toEqual([{ ...row, expiresOn: null }]);
});

test('a line of authority that the report does not state does not count, and neither does an incomplete license', () => {
  const unstated = licenseXml({}, '<DETAIL><LOA>Health</LOA></DETAIL>');
  expect(readEntityReport(reportXml(stateXml('TX', unstated)))).toEqual([
    { ...row, lineCode: '', lineActive: false },
  ]);
  const without = licenseXml().replace('<ACTIVE>Yes</ACTIVE>', '');
  expect(readEntityReport(reportXml(stateXml('TX', without, licenseXml({ LICENSE_NUM: '13' }))))).toEqual([
    { ...row, licenseNumber: '13' },
  ]);
});

test('a license of a Canadian province is a row too', () => {
  expect(readEntityReport(reportXml(stateXml('ON', licenseXml())))).toEqual([{ ...row, state: 'ON' }]);
});

test('a license that cannot be read is left out, not guessed', () => {
  const bad = licenseXml({ DATE_EXPIRE_LICENSE: '02/30/2027' });
  expect(readEntityReport(reportXml(stateXml('TX', bad, licenseXml())))).toEqual([row]);
});

test.each([
  ['without a license', reportXml()],
  ['with a state and no license', reportXml(stateXml('TX'))],
  ['of nobody', '<PDB><TRANSACTION_TYPE>ERROR</TRANSACTION_TYPE><ERROR>No record found</ERROR></PDB>'],
  ['that is empty', '<PDB></PDB>'],
])('a report %s has no rows', (_, xml) => {
  expect(readEntityReport(xml)).toEqual([]);
});

test.each([
  ['unreadable', 'The service is down'],
  ['unreadable', '<html><body>Log in, Zamborsky</body></html>'],
  ['unreadable', '<PDB><PRODUCER>'],
  ['unreadable', reportXml(stateXml('Texarkana', licenseXml()))],
  [
    'unreadable',
    `<!DOCTYPE PDB [<!ENTITY file SYSTEM "file:///etc/hostname">]>${reportXml(stateXml('TX', licenseXml({ LICENSE_NUM: '&file;' })))}`,
  ],
  ['refused', '<PDB><TRANSACTION_TYPE><TYPE>ERROR</TYPE></TRANSACTION_TYPE></PDB>'],
  ['refused', '<PDB><TRANSACTION_TYPE>Error</TRANSACTION_TYPE><ERROR/></PDB>'],
  ['unreadable', reportXml(stateXml('TX', licenseXml({ ACTIVE: 'perhaps' })))],
  ['refused', '<PDB><ERROR><DESCRIPTION>Account of Zamborsky is closed</DESCRIPTION></ERROR></PDB>'],
])('%s: it is an outage whose message quotes nothing', (code, xml) => {
  const thrown = (() => {
    try {
      return readEntityReport(xml);
    } catch (error) {
      return error as Error;
    }
  })();
  expect(thrown).toMatchObject({ name: 'RegistryOutage', code, message: `registry: ${code}` });
});
