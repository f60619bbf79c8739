import { type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger, pino } from 'pino';
import { withoutPersonalData, withoutPersonalText } from './redaction.ts';

export type Log = Logger;

/** Level and destination; by default `info` and standard output. */
export interface LogOptions {
  level?: string;
  destination?: DestinationStream;
}

/**
 * Creates the log of one process: JSON lines, or plain text on a terminal. Removes personal data from messages, values
 * and errors (`redaction.ts`); ids, stages and NPNs stay.
 */
export function createLog(name: string, options: LogOptions = {}): Log {
  const destination =
    options.destination ?? (process.stdout.isTTY ? createPlainLines() : pino.destination(1));
  const log = pino(
    {
      name,
      level: options.level ?? 'info',
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (values) => withoutPersonalData(values) as Record<string, unknown>,
      },
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod(values, method) {
          method.apply(
            this,
            values.map((value: unknown) =>
              typeof value === 'string' ? withoutPersonalText(value) : value,
            ) as typeof values,
          );
        },
      },
    },
    destination,
  );
  return withSafeChildren(log);
}

/** Redacts the bindings of child logs, because pino's formatters see only the values of a log call. */
function withSafeChildren(log: Logger): Logger {
  // oxlint-disable-next-line typescript/unbound-method -- called with the log that makes the child
  const makeChild = log.child as unknown as (
    this: Logger,
    bindings: Bindings,
    options?: ChildLoggerOptions,
  ) => Logger;
  const child = function (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) {
    return makeChild.call(this, withoutPersonalData(bindings) as Bindings, options);
  };
  return Object.assign(log, { child });
}

/** Turns JSON lines into text for people: time, level, name, message, then the values. */
function createPlainLines(): DestinationStream {
  return {
    write(line: string) {
      const { time, level, name, msg, err, ...values } = JSON.parse(line) as Record<string, unknown>;
      const rest = Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      const stack =
        typeof err === 'object' && err !== null && 'stack' in err ? [`\n${String(err.stack)}`] : [];
      const at = String(time).slice(11, 19);
      process.stdout.write(`${[at, level, name, msg ?? '', ...rest, ...stack].map(String).join(' ')}\n`);
    },
  };
}
