import { inspect } from 'node:util';
import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** What the SDK has said in this test file: what a worker of production passes on to its own log. */
export const sdkLog: string[] = [];

/** The SDK tells every failed attempt, which tests provoke on purpose: only errors are shown. Once a test file, first. */
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
