import { expect, test } from '@jest/globals';
import { exportsOfTestsAlone, sourcesOfTheProject, unsetOptions } from './optional-properties.ts';

/** Set, where a search by names does not see it; or a type of somebody else's data. Each with its reason. */
const setOtherwise: Readonly<Record<string, string>> = {
  'api/deps.ts: proxies': 'PROXIES of the environment, which api/main.ts spreads into the settings',
  'api/deps.ts: rateLimits': 'RATE_LIMIT_… of the environment, which api/main.ts spreads into the settings',
  'standalone/fakes/twilio/twilio-calls.ts: Say': 'TwiML as a parser of XML gives it',
};

test('every optional property is set by something that runs: none is a switch that only tests turn', () => {
  expect(unsetOptions(sourcesOfTheProject())).toEqual(Object.keys(setOtherwise));
});

/** What only tests call, each with its reason. */
const forTests: Readonly<Record<string, string>> = {
  'domain/matching/grid.ts: squareOf':
    'says what square_of of Postgres must answer, which tests hold against it',
};

test('nothing is exported for tests alone', () => {
  expect(exportsOfTestsAlone(sourcesOfTheProject())).toEqual(Object.keys(forTests));
});

const running = new Map([
  ['a/lamp.ts', 'export interface Lamp {\n  isLit?: boolean;\n  name?: string;\n}'],
  ['a/other.ts', "import { thing } from './thing.ts';\nthing({ isLit: true });"],
  ['a/main.ts', "import type { Lamp } from './lamp.ts';\nconst lamp: Lamp = { name: 'a' };"],
]);

test('what nothing sets is found, with its file', () => {
  const unlit = new Map(running).set('a/other.ts', '');
  expect(unsetOptions({ running: unlit, tests: new Map() })).toEqual(['a/lamp.ts: isLit']);
});

test('what is set under the same name for something else is found once a test turns it', () => {
  const tests = new Map([
    ['tests/lamp.test.ts', "import type { Lamp } from '../a/lamp.ts';\nconst lamp: Lamp = { isLit: true };"],
  ]);
  expect(unsetOptions({ running, tests: new Map() })).toEqual([]);
  expect(unsetOptions({ running, tests })).toEqual(['a/lamp.ts: isLit']);
});
