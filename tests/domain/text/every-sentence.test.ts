import { describe, expect, test } from '@jest/globals';
import { catalogs, eventSentence, sentencesIn } from '../../../domain/text/catalog.ts';
import type { LinkedMailLine } from '../../../domain/text/linked.ts';
import { inMinutes, when } from '../../../scripts/message-samples.ts';
import { argumentsFor } from './arguments.ts';

interface CatalogText {
  path: string;
  text: string;
}

/** Lists every text of a catalog, each function with every list of its arguments. */
function textsIn(value: unknown, path = ''): CatalogText[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'function') {
    return argumentsFor(path).flatMap((args, index) =>
      textsIn((value as (...args: unknown[]) => unknown)(...args), `${path}(${index})`),
    );
  }
  if (typeof value !== 'object' || value === null) return [];
  if ('parts' in value) return [{ path, text: textOfLine(value as LinkedMailLine) }];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, path ? `${path}.${key}` : key));
}

const textOfLine = ({ parts }: LinkedMailLine) =>
  parts.map((part) => (typeof part === 'string' ? part : part.shown)).join('');

const broken = /undefined|null|NaN|Invalid|\[object|\$\{|  | ,|,,|\.\./;
const [english, spanish] = [textsIn(catalogs.en), textsIn(catalogs.es)];

describe.each([
  ['English', english],
  ['Spanish', spanish],
])('every sentence in %s', (_, texts) => {
  test('is there', () => {
    expect(texts.length).toBeGreaterThan(400);
    expect(texts.filter(({ text }) => text.trim() === '').map(({ path }) => path)).toEqual([]);
  });

  test('is whole: no gap where a word belongs', () => {
    expect(texts.filter(({ text }) => broken.test(text))).toEqual([]);
  });

  test('of a workflow fits into a line of the Temporal UI', () => {
    const summaries = texts.filter(
      ({ path }) => path.startsWith('workflow.') && !path.includes('onboarding'),
    );
    expect(summaries.filter(({ text }) => Buffer.byteLength(text) > 200)).toEqual([]);
    const ofOnboardings = texts.filter(({ path }) => path.startsWith('workflow.wait.onboarding'));
    expect(ofOnboardings.filter(({ text }) => Buffer.byteLength(text) > 400)).toEqual([]);
  });
});

test('a Spanish article melts into the word before it, also before a date', () => {
  const unmelted = spanish.filter(({ text }) => /\b(?:de|a|el) el (?!\p{Lu})/iu.test(text));
  expect(unmelted).toEqual([]);
});

test('nothing was left in English in the Spanish catalog', () => {
  // the last: codes of what is asked and answered, not words
  const sameInBoth = /\.url$|\.url\b|^language|(?<=^channel\.)\w+$|^pushQuestion\..*\.(?:of|action)$/;
  const englishAt = new Map(english.map(({ path, text }) => [path, text]));
  const untranslated = spanish.filter(
    ({ path, text }) =>
      !sameInBoth.test(path) && /[a-z]/.test(text) && englishAt.get(path) === text && text.length > 3,
  );
  expect(untranslated.map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
});

test('a language without a catalog is answered in English, a regional one in its language', () => {
  expect(sentencesIn('es-MX').language).toBe('es');
  expect(['en', 'vi', 'ES', ''].map((code) => sentencesIn(code).language)).toEqual(['en', 'en', 'es', 'en']);
});

describe('what is waited for', () => {
  test('is described with its end and what follows', () => {
    const moment = { causes: [], waitingUntil: inMinutes(42), when: { ...when, hideZone: true } };
    expect(catalogs.en.referralStage.offering.ops(moment)).toBe(
      "Waiting for the agent's answer until 10:42 AM; then the next agent is asked",
    );
    expect(catalogs.es.referralStage.offering.ops(moment)).toBe(
      'Se espera la respuesta del agente hasta las 10:42 a. m.; después se pregunta al siguiente',
    );
  });

  test('says why to ops, and what to do to the agent', () => {
    const { agent, ops } = catalogs.en.onboardingStage['awaiting-terms'];
    const moment = { causes: ['agents-and-brokers-terms-of-use'] as const, when };
    expect(ops(moment)).toContain('Agents and Brokers Terms of Use');
    expect(agent(moment)).toContain('you receive no referrals');
    expect(agent(moment)).not.toContain('Help On Demand Terms of Use and');
  });
});

describe('an event', () => {
  const at = inMinutes(15).toISOString();

  test('is one line', () => {
    const data = { offerId: 'o1', npn: '1234567', number: 2, expiresAt: at };
    expect(eventSentence(catalogs.en, { subject: 'referral', kind: 'offered', data }, when)).toBe(
      'Offer 2: agent 1234567 has until 10:15 AM MST to answer',
    );
  });

  test('of an unknown kind is shown by its name', () => {
    for (const kind of ['sent-to-the-moon', 'constructor', 'toString']) {
      expect(eventSentence(catalogs.es, { subject: 'onboarding', kind, data: {} }, when)).toBe(kind);
    }
  });
});
