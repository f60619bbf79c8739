import { expect, test } from '@jest/globals';
import { helpRequest } from '../../api/schemas/referrals/referrals.ts';
import { helpRequestCheck } from '../../portal/src/pages/consumer/help/help-request-check.ts';
import {
  emptyHelp,
  type HelpValues,
  toHelpRequest,
} from '../../portal/src/pages/consumer/help/to-help-request.ts';

const consent = { version: '2027-1', language: 'en' } as const;
const filled: HelpValues = {
  ...emptyHelp,
  name: 'Ana Reyes',
  phone: '(801) 555-0123',
  email: 'ana@example.com',
  zip: '84101',
  coverageYear: '2027',
  need: 'renew',
  asker: 'adult',
  consent: true,
};

/** Fields and the codes of their faults; faults of a format have none of their own. */
function faults(schema: typeof helpRequestCheck, body: unknown) {
  const result = schema.safeParse(body);
  if (result.success) return [];
  const found = new Map<string, string>();
  for (const { code, path, params } of result.error.issues) {
    const field = String(path[0]);
    const own = code === 'custom' ? params?.['code'] : undefined;
    if (!found.has(field)) found.set(field, typeof own === 'string' ? own : 'invalid');
  }
  return [...found].toSorted(([a], [b]) => a.localeCompare(b));
}

const typed: Readonly<Partial<Record<keyof HelpValues, readonly (string | boolean)[]>>> = {
  name: [
    '',
    ' ',
    'x'.repeat(201),
    'Ana\u0007',
    'Ana\u202e',
    'a\ud800',
    'www.example.com',
    'Ana 12345',
    '…',
    'Ana 𐐷',
    '林',
  ],
  phone: [
    '',
    '8015550123',
    '+52 55 1234 5678',
    '801-555-0123 x4',
    '1-800-FLOWERS',
    '900-234-0130',
    'x'.repeat(101),
    '1',
  ],
  email: [
    '',
    'hana',
    'Hana <hana@example.com>',
    'hána@example.com',
    'hana@bücher.example',
    'a@b.c'.padStart(401, 'a'),
  ],
  zip: ['', '8410', '84101-1234', '841011', 'ABCDE', '８４１０１'],
  coverageYear: ['', '2026'],
  need: ['', 'medicaid-chip'],
  agent: [
    '17593264',
    '0',
    '000',
    '12345678901',
    'Ana Reyes',
    'Reyes, Ana',
    'ana@example.com',
    'Ana 801-555',
    '…',
  ],
  consent: [false],
};

test.each(Object.entries(typed).flatMap(([field, values]) => values.map((value) => [field, value] as const)))(
  'the form finds the same fault as the API in %s “%s”',
  (field, value) => {
    const body = JSON.parse(JSON.stringify(toHelpRequest({ ...filled, [field]: value }, consent)));
    expect(faults(helpRequestCheck, body)).toEqual(faults(helpRequest, body));
  },
);

test('an untouched form has its faults all at once', () => {
  const body = JSON.parse(JSON.stringify(toHelpRequest(emptyHelp, consent)));
  expect(faults(helpRequestCheck, body).map(([field]) => field)).toEqual(
    faults(helpRequest, body).map(([field]) => field),
  );
});
