import { placesOf, withoutPersonalText, wordsOfPostgres } from './redaction.ts';
import { outliveReaders } from './stop-signals.ts';

/** Failures that are told in a sentence of their own, by the names that `settings.ts` and `reach.ts` give them. */
const expected = new Set(['SettingsError', 'UnreachableError']);

/**
 * Runs the work of a process to its end, whoever still reads its output: a failure is told in words and becomes the exit code, so that a supervisor or a
 * deployment sees it. Where in the code it happened is told with LOG_LEVEL=debug.
 */
export async function run(work: () => Promise<void>): Promise<void> {
  outliveReaders();
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * A failure in words without personal data and without a stack: what Postgres says of a statement quotes rows, so its
 * code and the names of table, column and constraint stand for it.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return withoutPersonalText(String(error));
  if (expected.has(error.name)) return withPlaces(error, error.message);
  const words = wordsOfPostgres(error) ?? (withoutPersonalText(error.message) || error.name);
  return withPlaces(error, words);
}

function withPlaces(error: Error, words: string): string {
  if (!['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? '')) return words;
  const cause =
    error.cause instanceof Error ? `\nbecause of ${withPlaces(error.cause, error.cause.name)}` : '';
  return `${words}\n${placesOf(error)}${cause}`;
}
