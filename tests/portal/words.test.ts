import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { helpContacts } from '../../domain/text/help-contacts.ts';
import { notGovernment } from '../../domain/text/not-government.ts';
import { about as aboutInEnglish } from '../../portal/src/words/en/about.ts';
import { about as aboutInSpanish } from '../../portal/src/words/es/about.ts';
import { createTextLoader, type Words } from '../../portal/src/words/words.ts';
import { type ApiHarness, openApiHarness } from '../harness/api-harness.ts';
import { textsIn } from './words.ts';

const load = createTextLoader({ awaited: (loading) => loading });
const [english, spanish] = [await load('consumers-en'), await load('consumers-es')].map(
  ({ words }) => words,
) as [Words, Words];

let api: ApiHarness;
beforeAll(async () => {
  api = await openApiHarness();
});
afterAll(() => api.close());

test('no text for consumers is left in English', () => {
  const translated = new Map(textsIn(spanish));
  const same = textsIn(english).filter(([path, text]) => translated.get(path) === text);
  expect(same).toEqual([
    ['serviceName', 'Help On Demand'],
    ['status.npn', 'NPN'],
  ]);
});

test('no text of the pages about the service is left in English, and none is missing', () => {
  const [inEnglish, inSpanish] = [textsIn(aboutInEnglish), textsIn(aboutInSpanish)];
  const isLink = ([path]: [string, string]) => path.endsWith('link.to');
  expect(inSpanish.map(([path]) => path)).toEqual(inEnglish.map(([path]) => path));
  expect(inSpanish.filter(isLink)).toEqual(inEnglish.filter(isLink));
  const translated = new Map(inSpanish);
  const same = inEnglish.filter((text) => !isLink(text) && translated.get(text[0]) === text[1]);
  expect(same).toEqual([]);
});

test.each(['en', 'es'] as const)(
  'that this is not the government stands on top of a page in the words of its footer (%s)',
  (language) => {
    const { banner, footer } = { en: english, es: spanish }[language];
    expect(banner).toBe(notGovernment[language]);
    expect(footer.note).toContain(banner);
  },
);

const documentNamed = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../portal/${name}`, import.meta.url)), 'utf8');

test('the document of the form for help says what the page says, before the page is there', () => {
  const document = documentNamed('help.html');
  for (const { help } of [english, spanish])
    for (const words of [help.title, help.lead]) expect(document).toContain(words);
  for (const number of [helpContacts.callCenter, helpContacts.callCenterTty])
    expect(document).toContain(`<a href="tel:+${number.replaceAll('-', '')}">${number}</a>`);
});

test('the document of the start page says what the page says, and leads on, before the page is there', () => {
  const document = documentNamed('start.html');
  for (const { start } of [english, spanish])
    for (const words of [start.lead, `>${start.consumer.action}</a>`]) expect(document).toContain(words);
  for (const words of [
    english.start.title,
    english.start.agent.heading,
    `>${english.start.agent.action}</a>`,
  ])
    expect(document).toContain(words);
});

test.each(['index.html', 'start.html', 'help.html'])(
  '%s says above all that it is not the government',
  (name) => {
    for (const { banner } of [english, spanish]) expect(documentNamed(name)).toContain(banner);
  },
);

test('the README says it in the same words', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  expect(readme).toContain(notGovernment.en);
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
    /^\/v1\/(referrals|consents|waiting-times|places|status-link-requests)(\/|$)/.test(path) &&
    !/\/(outcomes|notes)$/.test(path);
  const documented = Object.entries(paths)
    .filter(([path]) => isForConsumers(path))
    .flatMap(([, methods]) => Object.values(methods))
    .flatMap(({ responses }) => Object.entries(responses))
    .filter(([code]) => Number(code) >= 400)
    .flatMap(([, { description }]) =>
      [...description.matchAll(/`([a-z-]+)`:/g)].map(([, kind]) => kind ?? ''),
    );
  expect(documented).toEqual(expect.arrayContaining(['code-expired', 'not-allowed-now', 'referral-ended']));
  const known = new Set([...Object.keys(spanish.problem), ...shownByPages, ...mistakesOfPages]);
  expect([...new Set(documented)].filter((kind) => !known.has(kind))).toEqual([]);
});
