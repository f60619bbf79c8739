/** A loop that runs until it is stopped. */
export interface Loop {
  stop: () => Promise<void>;
}

/** The work of a loop, and the log message of a pass that fails. */
export interface LoopWork {
  /** Processes one page; a full one means that there may be more. */
  processPage: () => Promise<{ isFull: boolean }>;
  /** Called before the first page of each pass. */
  begin?: () => void;
  /** Milliseconds between two passes. */
  tickMs: number;
  log: { warn: (values: object, message: string) => void };
  failureMessage: string;
}

/** Processes pages until none is full, then waits, and starts over. Keeps running while Postgres is down. */
export function startLoop({ processPage, begin, tickMs, log, failureMessage }: LoopWork): Loop {
  let stopped = false;
  let wake: () => void = () => undefined;
  const nap = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, stopped ? 0 : tickMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async () => {
    while (!stopped) {
      try {
        begin?.();
        while (!stopped && (await processPage()).isFull);
      } catch (error) {
        log.warn({ reason: error instanceof Error ? error.name : 'unknown' }, failureMessage);
      }
      await nap();
    }
  };
  const running = loop();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
