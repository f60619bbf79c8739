import { expect, test } from '@jest/globals';
import { createUpgrade } from '../../portal/src/app/upgrade.ts';

/** A page of build `a` in its tab, and what its service answers. */
function openPage(build: string | undefined, stored = new Map<string, string>()) {
  let now = 0;
  let loads = 0;
  let heard = 0;
  const upgrade = createUpgrade({
    build,
    reload: () => (loads += 1),
    storage: () => ({
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
    }),
    clock: () => now,
    isUnattended: () => false,
  });
  upgrade.subscribe(() => (heard += 1));
  const answer = (of: string | null) =>
    upgrade.watched(async () => new Response('', of === null ? {} : { headers: { 'Portal-Build': of } }))(
      '/',
    );
  return {
    upgrade,
    answer,
    pass: (ms: number) => (now += ms),
    counts: () => ({ loads, heard }),
  };
}

test('a page is out of date from the first answer of a service with other pages, until that is taken back', async () => {
  const { upgrade, answer, counts } = openPage('a');
  for (const [of, isDue] of [
    ['a', false],
    [null, false],
    ['b', true],
    ['b', true],
    ['a', false],
  ] as const) {
    await answer(of);
    expect(upgrade.isDue()).toBe(isDue);
  }
  expect(counts()).toEqual({ loads: 0, heard: 2 });
});

test('while servers of two builds answer side by side, a page is loaded once in ten minutes', async () => {
  const stored = new Map<string, string>();
  const before = openPage('a', stored);
  await before.answer('b');
  before.upgrade.load();
  expect(before.counts().loads).toBe(1);
  // the page that came was of the old build again
  const after = openPage('a', stored);
  await after.answer('b');
  expect(after.upgrade.isDue()).toBe(false);
  await after.answer('c');
  expect(after.upgrade.isDue()).toBe(true);
  after.pass(10 * 60_000);
  await after.answer('b');
  expect(after.upgrade.isDue()).toBe(true);
});

test('a page that is served from the sources has no build, and is never out of date', async () => {
  const { upgrade, answer } = openPage(undefined);
  await answer('b');
  expect(upgrade.isDue()).toBe(false);
});
