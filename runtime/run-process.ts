import { describePostgresError, stackFramesOf, withoutPersonalText } from './redaction.ts';
import { ignoreClosedOutput } from './stop-signals.ts';

/** Failures that are told in a sentence of their own, by the names that `settings.ts` and `reach.ts` give them. */
const expectedErrorNames = new Set(['SettingsError', 'UnreachableError']);

/**
 * Runs the work of a process to its end, whoever still reads its output: a failure is told in words and becomes the exit code, so that a supervisor or a
 * deployment sees it. Where in the code it happened is told with LOG_LEVEL=debug.
 */
export async function runProcess(work: () => Promise<void>): Promise<void> {
  ignoreClosedOutput();
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
  if (expectedErrorNames.has(error.name)) return withStack(error, error.message);
  const words = describePostgresError(error) ?? (withoutPersonalText(error.message) || error.name);
  return withStack(error, words);
}

function withStack(error: Error, words: string): string {
  if (!['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? '')) return words;
  const cause =
    error.cause instanceof Error ? `\nbecause of ${withStack(error.cause, error.cause.name)}` : '';
  return `${words}\n${stackFramesOf(error)}${cause}`;
}
