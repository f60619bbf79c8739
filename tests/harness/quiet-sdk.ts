import { inspect } from 'node:util';
import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Log lines of the SDK in this test file. In production the worker passes them to its own log. */
export const sdkLog: string[] = [];

/**
 * Prints only the SDK's errors, because it warns of every failed attempt and tests cause those on purpose. Call it once in a
 * test file, before anything else of the SDK.
 * @param expected errors that the file causes on purpose
 */
export function quietSdk({ expected }: { expected?: RegExp } = {}): void {
  const recordEntry = ({ level, message, meta }: LogEntry) => {
    const line = `${message} ${inspect(meta, { depth: null })}`;
    sdkLog.push(line);
    if (level === 'ERROR' && !expected?.test(line)) process.stderr.write(`${line}\n`);
  };
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  Runtime.install({
    logger: new DefaultLogger('WARN', recordEntry),
    telemetryOptions: { logging: { filter, forward: {} } },
  });
}

/** A log that nobody reads. */
export const noLog = { warn: () => undefined, error: () => undefined };
