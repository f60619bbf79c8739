import TestSequencer from '@jest/test-sequencer';

/** Where the longest files are, which start processes or browsers and wait for them. */
const longest = [
  'standalone',
  'recovery',
  'browser',
  'bench',
  'contract/compose',
  'scripts',
  'workflows',
  'end-to-end',
];

const rankOf = ({ path }) => {
  const rank = longest.findIndex((folder) => path.includes(`/tests/${folder}/`));
  return rank < 0 ? longest.length : rank;
};

/**
 * Begins with the longest files, so that none of them runs alone at the end. Jest knows them by an earlier run of the same
 * checkout; without one it begins with the largest files, some of which are among the fastest.
 */
// oxlint-disable-next-line import/no-default-export -- Jest takes a default export and calls it with `new`
export default class extends TestSequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- it sorts no array, it is what Jest calls
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
