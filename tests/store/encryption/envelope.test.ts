import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type Cell, open, seal } from '../../../store/encryption/envelope.ts';
import { toMasterKeys, unwrap, wrap } from '../../../store/encryption/master-keys.ts';

const key = randomBytes(32);
const cell: Cell = { table: 'consumer_contacts', column: 'name', row: 'a7b0' };

describe('an envelope', () => {
  test.each(['Ana Reyes', 'María José Ñuñez 王小明'])('gives back %j, and contains it nowhere', (text) => {
    const sealed = seal(key, text, cell);
    expect(open(key, sealed, cell).toString('utf8')).toBe(text);
    expect(sealed.includes(text)).toBe(false);
  });

  test('of no text gives back none', () => {
    expect(open(key, seal(key, '', cell), cell)).toHaveLength(0);
  });

  test('of the same text differs each time, so that equal contacts do not show', () => {
    expect(seal(key, 'Ana Reyes', cell)).not.toEqual(seal(key, 'Ana Reyes', cell));
  });

  test('of which any one bit was changed does not open', () => {
    const sealed = seal(key, 'Ana Reyes', cell);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => open(key, changed, cell)).toThrow('consumer_contacts.name of a7b0 cannot be decrypted');
    }
  });

  test('that was cut or lengthened does not open', () => {
    const sealed = seal(key, 'Ana Reyes', cell);
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => open(key, sealed.subarray(0, length), cell)).toThrow('cannot be decrypted');
    expect(() => open(key, Buffer.concat([sealed, Buffer.of(0)]), cell)).toThrow('cannot be decrypted');
  });

  test.each([
    ['another row', { row: 'a7b1' }],
    ['another column', { column: 'email' }],
    ['another table', { table: 'contact_changes' }],
  ])('that was moved to %s does not open there', (_where, other) => {
    expect(() => open(key, seal(key, 'Ana Reyes', cell), { ...cell, ...other })).toThrow(
      'it was changed, or belongs to another row or key',
    );
  });

  test('does not open with another key', () => {
    expect(() => open(randomBytes(32), seal(key, 'Ana Reyes', cell), cell)).toThrow('another row or key');
  });

  test('of a version that is not known yet says so', () => {
    const sealed = seal(key, 'Ana Reyes', cell);
    sealed[0] = 2;
    expect(() => open(key, sealed, cell)).toThrow('its version is unknown');
  });
});

describe('a wrapped key', () => {
  const [first, second] = [randomBytes(32), randomBytes(32)];

  test('is wrapped under the first master key, and opens with any that is there', () => {
    const wrapped = wrap(toMasterKeys([first]), key, cell);
    expect(unwrap(toMasterKeys([second, first]), wrapped, cell)).toEqual(key);
    expect(wrap(toMasterKeys([second, first]), key, cell).masterKeyId).toBe(toMasterKeys([second])[0].id);
  });

  test('whose master key is not there says which is missing, and nothing of the key', () => {
    const wrapped = wrap(toMasterKeys([first]), key, cell);
    const { id } = toMasterKeys([first])[0];
    expect(() => unwrap(toMasterKeys([second]), wrapped, cell)).toThrow(`MASTER_KEY lacks the key ${id}`);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(first.toString('hex')).not.toContain(id);
  });
});
