import { inspect } from 'node:util';
import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Log lines of the SDK in this test file. In production the worker passes them to its own log. */
export const sdkLog: string[] = [];

/**
 * Prints only the SDK's errors, because it warns of every failed attempt and tests cause those on purpose. Call it once in a
 * test file, before anything else of the SDK.
 */
export function quietSdk(): void {
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  Runtime.install({
    logger: new DefaultLogger('WARN', recordEntry),
    telemetryOptions: { logging: { filter, forward: {} } },
  });
}

function recordEntry({ level, message, meta }: LogEntry): void {
  const line = `${message} ${inspect(meta, { depth: null })}`;
  sdkLog.push(line);
  if (level === 'ERROR') process.stderr.write(`${line}\n`);
}
