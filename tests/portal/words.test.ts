import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { common } from '../../portal/src/words/en/common.ts';
import { help } from '../../portal/src/words/en/help.ts';
import { howLong } from '../../portal/src/words/en/how-long.ts';
import { status } from '../../portal/src/words/en/status.ts';
import { wordsIn } from '../../portal/src/words/words.ts';
import { type ApiHarness, openApiHarness } from '../harness/api-harness.ts';
import { textsIn } from './words.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

test('no text for consumers is left in English', () => {
  const spanish = new Map(textsIn(wordsIn('es')));
  const same = textsIn({ ...common, help, howLong, status }).filter(
    ([path, text]) => spanish.get(path) === text,
  );
  expect(same).toEqual([
    ['serviceName', 'Help On Demand'],
    ['status.npn', 'NPN'],
  ]);
});

/** Problems that the pages show in their own way. */
const shownByPages = [
  'already-open',
  'state-marketplace',
  'intake-paused',
  'invalid-fields',
  'not-authenticated',
];
/** Problems that only a mistake in the pages' own requests could cause. */
const mistakesOfPages = [
  'malformed-json',
  'malformed-request',
  'unsupported-media-type',
  'too-large',
  'foreign-origin',
  'idempotency-key-missing',
  'idempotency-key-reused',
];

test('every documented problem of the consumers’ routes has a text', async () => {
  const { paths } = (await api.call('GET /openapi.json')).json as unknown as {
    paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
  };
  const isForConsumers = (path: string) =>
    /^\/v1\/(referrals|consents|waiting-times|status-link-requests)(\/|$)/.test(path) &&
    !path.endsWith('/outcomes');
  const documented = Object.entries(paths)
    .filter(([path]) => isForConsumers(path))
    .flatMap(([, methods]) => Object.values(methods))
    .flatMap(({ responses }) => Object.entries(responses))
    .filter(([code]) => Number(code) >= 400)
    .flatMap(([, { description }]) =>
      [...description.matchAll(/`([a-z-]+)`:/g)].map(([, kind]) => kind ?? ''),
    );
  expect(documented).toEqual(expect.arrayContaining(['code-expired', 'not-allowed-now', 'referral-ended']));
  const known = new Set([...Object.keys(wordsIn('es').problem), ...shownByPages, ...mistakesOfPages]);
  expect([...new Set(documented)].filter((kind) => !known.has(kind))).toEqual([]);
});
