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
const agents = { en: (await load('agents-en')).words, es: (await load('agents-es')).words };

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

test('no text for agents is left in English', () => {
  const translated = new Map(textsIn(agents.es));
  const { ops: _, ...words } = agents.en;
  const same = textsIn(words).filter(([path, text]) => translated.get(path) === text);
  expect(same).toEqual([['serviceName', 'Help On Demand']]);
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

test.each([
  [
    'consumers',
    /^\/v1\/(referrals|consents|waiting-times|places|status-link-requests)(\/|$)(?!.*\/(outcomes|notes)$)/,
    ['code-expired', 'not-allowed-now', 'referral-ended'],
    // shown by the pages in their own way
    ['already-open', 'state-marketplace', 'intake-paused', 'invalid-fields', 'not-authenticated'],
  ],
  [
    'agents',
    /^\/v1\/(me|offers|session|passkeys|terms|registrations|invitations|password-reset|.*-(links|reminders)|.*\/(outcomes|notes)$)/,
    ['offer-busy', 'notes-changed', 'terms-version'],
    [
      'invalid-fields',
      'not-authenticated',
      'log-in-failed',
      'second-factor-required',
      'second-factor-failed',
      'second-factor-missing',
      'passkey-refused',
      'generated-password',
      'notes-changed',
      'username-taken',
      'invitation-expired',
      'invitation-ended',
      'already-registered',
      'not-eligible',
      'link-expired',
    ],
  ],
])('every documented problem of the routes for %s has a text', async (_, paths, expected, shownByPages) => {
  const documented = await documentedProblems(paths);
  expect(documented).toEqual(expect.arrayContaining(expected));
  const known = new Set([...Object.keys(spanish.problem), ...shownByPages, ...mistakesOfPages]);
  expect(documented.filter((kind) => !known.has(kind))).toEqual([]);
});

/** Kinds of the problems that the API documents for some of its paths. */
async function documentedProblems(paths: RegExp): Promise<string[]> {
  const document = (await api.call('GET /openapi.json')).json as unknown as {
    paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
  };
  const kinds = Object.entries(document.paths)
    .filter(([path]) => paths.test(path))
    .flatMap(([, methods]) => Object.values(methods))
    .flatMap(({ responses }) => Object.entries(responses))
    .filter(([code]) => Number(code) >= 400)
    .flatMap(([, { description }]) =>
      [...description.matchAll(/`([a-z-]+)`:/g)].map(([, kind]) => kind ?? ''),
    );
  return [...new Set(kinds)];
}
