import { expect, test } from '@jest/globals';
import { appCode, appSecret, generateRecoveryCode, stepOf } from '../../../store/accounts/totp.ts';

/** "12345678901234567890", the secret of the test vectors of RFC 6238 (appendix B), in base32. */
const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const key = { linkSecret: 'a'.repeat(64), accountId: 'account', keyId: 'key' };

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('%i seconds after 1970 the app shows the code of RFC 6238', (seconds, code) => {
  expect(appCode(rfcSecret, new Date(seconds * 1_000))).toBe(code);
});

test('a code is valid in its own 30 seconds, one step before and one after, and in no others', () => {
  const { secret } = appSecret(key, 'ops');
  const step = 60_000_000;
  const code = appCode(secret, new Date(step * 30_000));
  const stepAt = (steps: number) => stepOf(key, { code, at: new Date((step + steps) * 30_000 + 29_999) });
  expect([-2, -1, 0, 1, 2].map(stepAt)).toEqual([undefined, step, step, step, undefined]);
});

test('the secret has 160 bits, is another one for each account and key, and is in the address that apps read', () => {
  const { secret, uri } = appSecret(key, 'dana@ops');
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(uri).toBe(
    `otpauth://totp/Help%20On%20Demand:dana%40ops?issuer=Help%20On%20Demand&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
  );
  const others = [
    { ...key, keyId: 'other' },
    { ...key, accountId: 'other' },
    { ...key, linkSecret: 'b'.repeat(64) },
  ];
  const secrets = [secret, ...others.map((other) => appSecret(other, 'dana@ops').secret)];
  expect(new Set(secrets).size).toBe(4);
});

test('a recovery code has 128 bits', () => {
  expect(generateRecoveryCode()).toMatch(/^[A-Z2-7]{26}$/);
  expect(generateRecoveryCode()).not.toBe(generateRecoveryCode());
});
