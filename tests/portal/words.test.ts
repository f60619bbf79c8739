import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { common } from '../../portal/src/words/en/common.ts';
import { help } from '../../portal/src/words/en/help.ts';
import { status } from '../../portal/src/words/en/status.ts';
import { wordsIn } from '../../portal/src/words/words.ts';
import { type ApiHarness, openApiHarness } from '../harness/api-harness.ts';
import { textsIn } from './words.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

test('no text that a consumer reads was left in English', () => {
  const spanish = new Map(textsIn(wordsIn('es')));
  const same = textsIn({ ...common, help, status }).filter(([path, text]) => spanish.get(path) === text);
  expect(same).toEqual([
    ['serviceName', 'Help On Demand'],
    ['status.npn', 'NPN'],
  ]);
});

/** The pages say these in a way of their own. */
const saidElsewhere = [
  'already-open',
  'state-marketplace',
  'intake-paused',
  'invalid-fields',
  'not-authenticated',
];
/** Nothing that a consumer does brings these; would the pages make such a mistake, something went wrong on our side. */
const mistakesOfPages = [
  'malformed-json',
  'malformed-request',
  'unsupported-media-type',
  'too-large',
  'foreign-origin',
  'idempotency-key-missing',
  'idempotency-key-reused',
];

test('every problem that the doors for consumers document has words', async () => {
  const { paths } = (await api.call('GET /openapi.json')).json as unknown as {
    paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
  };
  const isForConsumers = (path: string) =>
    /^\/v1\/(referrals|consents|status-link-requests)(\/|$)/.test(path) && !path.endsWith('/outcomes');
  const documented = Object.entries(paths)
    .filter(([path]) => isForConsumers(path))
    .flatMap(([, methods]) => Object.values(methods))
    .flatMap(({ responses }) => Object.entries(responses))
    .filter(([code]) => Number(code) >= 400)
    .flatMap(([, { description }]) =>
      [...description.matchAll(/`([a-z-]+)`:/g)].map(([, kind]) => kind ?? ''),
    );
  expect(documented).toEqual(expect.arrayContaining(['code-expired', 'not-allowed-now', 'referral-ended']));
  const said = new Set([...Object.keys(wordsIn('es').problem), ...saidElsewhere, ...mistakesOfPages]);
  expect([...new Set(documented)].filter((kind) => !said.has(kind))).toEqual([]);
});
