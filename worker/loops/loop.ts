/** A loop that goes on till it is stopped. */
export interface Loop {
  stop: () => Promise<void>;
}

/** What a loop does, and what is said when it fails. */
export interface LoopWork {
  /** One page; a full one means that there may be more. */
  processPage: () => Promise<{ isFull: boolean }>;
  /** Called before the first page of each look. */
  begin?: () => void;
  /** How long it waits between two looks. */
  tickMs: number;
  log: { warn: (values: object, message: string) => void };
  failureMessage: string;
}

/** Looks again and again whether there is work, page by page. Survives Postgres being away. */
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
