import { expect, test } from '@jest/globals';
import { type Sources, sourcesOfTheProject } from './optional-properties.ts';

/** What a module holds besides constants, functions and what no one can change. */
const signs: Readonly<Record<string, RegExp>> = {
  'a variable': /^(?:export )?(?:let|var) /m,
  'a collection that can change':
    /^(?:export )?const \w+(?:: (?!Readonly)[^=\n]+)? = (?:new (?:Map|WeakMap|WeakSet|Set)(?:<[^>]*>)?\(\)|\[\];|\{\};)/m,
};

/** Folders whose modules the workflow bundle has. */
const folders = ['workflows/', 'domain/'];

/** Finds what modules of the workflow bundle hold that can change, as `path: what`. */
function changingState({ running }: { running: Sources }): string[] {
  return [...running]
    .filter(([path]) => folders.some((folder) => path.startsWith(folder)))
    .flatMap(([path, source]) =>
      Object.entries(signs)
        .filter(([, sign]) => sign.test(source))
        .map(([what]) => `${path}: ${what}`),
    );
}

test('modules of the workflow bundle hold nothing that changes: all runs in a worker share them', () => {
  // formats, days and offsets that are kept, and would come out the same in every run
  expect(changingState(sourcesOfTheProject())).toEqual([
    'domain/text/locale-format.ts: a collection that can change',
    'domain/time/marketplace-calendar.ts: a collection that can change',
    'domain/time/wall-clock.ts: a collection that can change',
  ]);
});

test('a variable and a collection of a module are found, with their file', () => {
  const running = new Map([
    ['workflows/a.ts', 'let count = 0;\n'],
    ['domain/b.ts', 'export const seen = new Set<string>();\n'],
    [
      'domain/c.ts',
      "const words: ReadonlySet<string> = new Set(['a']);\nfunction f() {\n  let count = 0;\n}\n",
    ],
  ]);
  expect(changingState({ running })).toEqual([
    'workflows/a.ts: a variable',
    'domain/b.ts: a collection that can change',
  ]);
});
