import { expect, test } from '@jest/globals';
import { helpRequest } from '../../api/schemas/referrals/referrals.ts';
import { fieldOfPointer, refusedFieldText } from '../../portal/src/form/field-words.ts';
import { createIdempotencyKeys } from '../../portal/src/form/idempotency-key.ts';
import {
  emptyHelp,
  extraFaultsOf,
  type HelpValues,
  toHelpRequest,
} from '../../portal/src/pages/consumer/help/to-help-request.ts';

const consent = { version: '2027-1', language: 'en' } as const;
const filled: HelpValues = {
  ...emptyHelp,
  name: ' Ana Reyes ',
  phone: '(801) 555-0123',
  zip: '84101',
  coverageYear: '2027',
  need: 'renew',
  asker: 'representative',
  consent: true,
};

test('a filled form becomes a body that the API accepts, without the empty fields', () => {
  const body = toHelpRequest(filled, consent);
  expect(helpRequest.parse(JSON.parse(JSON.stringify(body)))).toEqual({
    name: 'Ana Reyes',
    phone: '+18015550123',
    zip: '84101',
    language: 'en',
    coverageYear: 2027,
    need: 'renew',
    representative: true,
    consent,
  });
});

test('an agent is sent by name or NPN as typed; the one who helped before only where none is named', () => {
  const sent = (values: Partial<HelpValues>) => {
    const body = JSON.parse(JSON.stringify(toHelpRequest({ ...filled, ...values }, consent)));
    const { agent, returnToAgent } = helpRequest.parse(body);
    return { agent, returnToAgent };
  };
  expect(sent({ agent: ' Reyes, Ana ' })).toEqual({ agent: { name: 'Reyes, Ana' } });
  expect(sent({ agent: 'NPN 0017 593 264' })).toEqual({ agent: { npn: '0017593264' } });
  expect(sent({ returnToAgent: true })).toEqual({ returnToAgent: true });
  expect(sent({ agent: 'Ana Reyes', returnToAgent: true })).toEqual({ agent: { name: 'Ana Reyes' } });
  expect(helpRequest.safeParse(toHelpRequest({ ...filled, agent: 'Ana 801-555' }, consent)).success).toBe(
    false,
  );
});

test('consent is never sent for a box that is not ticked', () => {
  expect(helpRequest.safeParse(toHelpRequest({ ...filled, consent: false }, consent)).success).toBe(false);
});

test('consent to texts is sent only where it is ticked and a phone is given, and is never needed', () => {
  const texts = { version: '2027-9', language: 'es' } as const;
  const sent = (values: Partial<HelpValues>) =>
    helpRequest.parse(JSON.parse(JSON.stringify(toHelpRequest({ ...filled, ...values }, consent, texts))))
      .textConsent;
  expect(emptyHelp.textConsent).toBe(false);
  expect(sent({})).toBeUndefined();
  expect(sent({ textConsent: true })).toEqual(texts);
  expect(sent({ textConsent: true, phone: ' ', email: 'ana@example.com' })).toBeUndefined();
  expect(toHelpRequest({ ...filled, textConsent: true }, consent)['textConsent']).toBeUndefined();
});

test('a contact and the person’s role are required in addition to valid fields', () => {
  expect(extraFaultsOf({ ...filled, phone: ' ', asker: '' })).toEqual(['phone', 'asker']);
  expect(extraFaultsOf({ ...filled, asker: 'neither' })).toEqual(['asker']);
  expect(extraFaultsOf({ ...filled, phone: '', email: 'ana@example.com' })).toEqual([]);
});

test('the same form sent again has the same key; a changed one has another', () => {
  let made = 0;
  const keyFor = createIdempotencyKeys(() => `key-${++made}`);
  expect([keyFor({ zip: '84101' }), keyFor({ zip: '84101' }), keyFor({ zip: '84102' })]).toEqual([
    'key-1',
    'key-1',
    'key-2',
  ]);
});

test('a refused field shows its own message where that says more', () => {
  const words = { missing: 'Enter it.', invalid: 'Enter 5 digits.', codes: { taken: 'Somebody has it.' } };
  const text = (code: string) => refusedFieldText({ code, detail: 'We do not know it.' }, words, true);
  expect(['required', 'wrong-format', 'taken', 'unknown-zip'].map(text)).toEqual([
    'Enter it.',
    'Enter 5 digits.',
    'Somebody has it.',
    'We do not know it.',
  ]);
  const unknown = { code: 'unknown-zip', detail: 'We do not know it.' };
  expect(refusedFieldText(unknown, { missing: 'Escríbalo.', invalid: 'Escriba 5 dígitos.' }, false)).toBe(
    'Escriba 5 dígitos.',
  );
});

test('a pointer names its top-level field; one to the query names none', () => {
  expect(['/zip', '/consent/version', '?page', ''].map(fieldOfPointer)).toEqual([
    'zip',
    'consent',
    undefined,
    undefined,
  ]);
});
