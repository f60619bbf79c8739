import { setTimeout as sleep } from 'node:timers/promises';
import { describePostgresError, stackFramesOf, withoutPersonalText } from './redaction.ts';
import { ignoreClosedOutput } from './stop-signals.ts';

/** Errors whose message is meant for people, by the names that `settings.ts` and `connection-checks.ts` give them. */
const expectedErrorNames = new Set(['SettingsError', 'UnreachableError']);

/**
 * Runs the work of a process to its end, even if nobody reads its output any more, and exits. A failure is printed without
 * a stack and becomes exit code 1, which a supervisor or a deployment sees. With LOG_LEVEL=debug the stack is printed too.
 */
export async function runProcess(work: () => Promise<void>): Promise<void> {
  ignoreClosedOutput();
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
  // a connection on which no answer comes would keep the process running
  process.exit();
}

/** Waits for connections to close, but only for five seconds: a database may not answer any more. */
export async function closeAll(closings: readonly Promise<unknown>[]): Promise<void> {
  await Promise.race([Promise.all(closings), sleep(5_000)]);
}

/**
 * Describes a failure without personal data. Messages of Postgres quote rows, so the code and the names of table,
 * column and constraint stand in for them.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return withoutPersonalText(String(error));
  if (expectedErrorNames.has(error.name)) return withStack(error, error.message);
  const message = describePostgresError(error) ?? (withoutPersonalText(error.message) || error.name);
  return withStack(error, message);
}

function withStack(error: Error, message: string): string {
  if (!['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? '')) return message;
  const cause =
    error.cause instanceof Error ? `\nbecause of ${withStack(error.cause, error.cause.name)}` : '';
  return `${message}\n${stackFramesOf(error)}${cause}`;
}
