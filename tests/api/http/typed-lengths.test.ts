import { expect, test } from '@jest/globals';
import { multilineText, personName, singleLineText, token } from '../../../api/schemas/fields.ts';
import { typedCode, typedEmail, typedPhone, typedZip } from '../../../api/schemas/typed-fields.ts';
import { readReply } from '../../../domain/notifications/read-reply.ts';
import { readEmailAddress } from '../../../domain/values/email-address.ts';
import { readPhoneNumber } from '../../../domain/values/phone-number.ts';
import { nameFaultsOf } from '../../../domain/values/text-checks.ts';

const fields = {
  typedPhone,
  typedEmail,
  typedZip,
  typedCode,
  personName,
  line: singleLineText(200),
  words: multilineText(2000),
  token,
};
/** Inputs that make a backtracking pattern slow: one of them could block the process for minutes. */
const signs = ['1', '@', ';', ' ', '.', '#', 'a', '-', '…', 'ﷺ', '1x', 'a.', '@;', ', '];

test.each(Object.entries(fields))(
  '%s is read in linear time, however long and with whatever characters',
  (_, field) => {
    for (const sign of signs)
      for (const length of [40, 100, 400, 2_000, 100_000])
        expect(typeof field.safeParse(`${sign.repeat(length / sign.length)}!`).success).toBe('boolean');
  },
);

test.each([
  ['a phone number', readPhoneNumber],
  ['an address', readEmailAddress],
  ['a name', nameFaultsOf],
  ['a reply', readReply],
] as const)('%s is read in linear time also where its length was not checked', (_, read) => {
  for (const sign of signs) expect(read(`${sign.repeat(1_600 / sign.length)}!`)).toBeDefined();
});

test('a text that is too long has that error only', () => {
  const { error } = typedPhone.safeParse('1'.repeat(101));
  expect(error?.issues.map(({ code }) => code)).toEqual(['too_big']);
});
