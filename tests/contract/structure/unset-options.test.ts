import { expect, test } from '@jest/globals';
import { exportsOnlyForTests, sourcesOfTheProject, unsetOptions } from './optional-properties.ts';

/** Properties that are set where a search by name does not find it, or that belong to a foreign format, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'api/deps.ts: proxies': 'PROXIES of the environment, which api/main.ts spreads into the settings',
  'api/deps.ts: rateLimits': 'RATE_LIMIT_… of the environment, which api/main.ts spreads into the settings',
  'api/http/docs/schema-text.ts: allOf': 'a JSON schema, as zod-openapi makes it',
  'api/http/docs/schema-text.ts: anyOf': 'a JSON schema, as zod-openapi makes it',
  'api/http/docs/schema-text.ts: const': 'a JSON schema, as zod-openapi makes it',
  'api/http/docs/schema-text.ts: enum': 'a JSON schema, as zod-openapi makes it',
  'standalone/fakes/twilio/twilio-calls.ts: Say': 'TwiML as an XML parser returns it',
};

test('every optional property is set by the product: none is a switch for tests', () => {
  expect(unsetOptions(sourcesOfTheProject())).toEqual(Object.keys(exceptions));
});

/** Exports that only tests call, with the reason. */
const forTests: Readonly<Record<string, string>> = {
  'domain/matching/grid.ts: squareOf':
    'defines the result of square_of in Postgres, with which tests compare it',
  'portal/src/instead-of/date-fns-locale.ts: enUS':
    'portal/vite.config.ts puts the file in place of a library that imports it',
  'scripts/checks.ts: slowChecks': 'tests/run.ts, which is `npm test`, runs them before the tests',
  'scripts/temporal-server.ts: isTemporalServerBuilt':
    'tests/run.ts skips what needs the server where it is not built',
};

test('nothing is exported only for tests', () => {
  expect(exportsOnlyForTests(sourcesOfTheProject())).toEqual(Object.keys(forTests));
});

const running = new Map([
  ['a/lamp.ts', 'export interface Lamp {\n  isLit?: boolean;\n  name?: string;\n}'],
  ['a/other.ts', "import { thing } from './thing.ts';\nthing({ isLit: true });"],
  ['a/main.ts', "import type { Lamp } from './lamp.ts';\nconst lamp: Lamp = { name: 'a' };"],
]);

test('a property that nothing sets is found, with its file', () => {
  const unlit = new Map(running).set('a/other.ts', '');
  expect(unsetOptions({ running: unlit, tests: new Map() })).toEqual(['a/lamp.ts: isLit']);
});

test('a property of a common name is found once only a test sets it', () => {
  const tests = new Map([
    ['tests/lamp.test.ts', "import type { Lamp } from '../a/lamp.ts';\nconst lamp: Lamp = { isLit: true };"],
  ]);
  expect(unsetOptions({ running, tests: new Map() })).toEqual([]);
  expect(unsetOptions({ running, tests })).toEqual(['a/lamp.ts: isLit']);
});
