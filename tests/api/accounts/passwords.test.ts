import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { BusyError, createTurns, hashPassword, verifyPassword } from '../../../store/accounts/passwords.ts';

const password = 'Harbor!Lantern7';

describe('the hash of a password', () => {
  test('has the cost that OWASP recommends for argon2id', async () => {
    expect(await hashPassword(password)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test.each([
    ['less memory', { memoryCost: 4096 }],
    ['more passes', { timeCost: 3 }],
    ['another algorithm', { algorithm: 1 }],
  ])('is to be replaced if it was made with %s, and is right all the same', async (_which, cost) => {
    const stored = await hash(password, cost);
    expect(await verifyPassword(stored, password)).toEqual({ isRight: true, isCurrent: false });
  });

  test('is to be replaced if it was made from another Unicode form', async () => {
    const typed = 'Montaña!7-Lluvia';
    const stored = await hash(typed.normalize('NFD'), { memoryCost: 19_456, timeCost: 2 });
    expect(await verifyPassword(stored, typed)).toEqual({ isRight: true, isCurrent: false });
    expect(await verifyPassword(await hashPassword(typed), typed.normalize('NFD'))).toEqual({
      isRight: true,
      isCurrent: true,
    });
  });

  test('waits for its turn among so many; beyond them one is refused at once, until there is room again', async () => {
    const inTurn = createTurns({ atOnce: 2, mostWaiting: 3 });
    const ends: (() => void)[] = [];
    const begin = () => inTurn(() => new Promise<void>((resolve) => void ends.push(resolve)));
    const running = Array.from({ length: 5 }, begin);
    await expect(begin()).rejects.toThrow(BusyError);
    expect(ends).toHaveLength(2);
    ends[0]?.();
    await running[0];
    const later = begin();
    await expect(begin()).rejects.toThrow(BusyError);
    for (let at = 1; at < 6; at += 1) {
      ends[at]?.();
      await (at < 5 ? running[at] : later);
    }
  });

  test('leaves threads to others: a file is read while forty passwords wait', async () => {
    let done = 0;
    const hashes = Array.from({ length: 40 }, () => hashPassword(password).then(() => (done += 1)));
    await readFile(import.meta.filename);
    expect(done).toBeLessThan(10);
    await Promise.all(hashes);
    expect(done).toBe(40);
  });
});
