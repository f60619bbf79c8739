import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long other work of the process had to wait, in milliseconds. */
export interface EventLoopDelay {
  /** 99.9 % of the waits were at most this long. */
  p999: number;
  max: number;
  /**
   * The longest CPU time of the process between two turns of a timer, leaving out one in a thousand. Unlike the waits it
   * does not grow when the machine has other work.
   */
  heldMs: number;
}

const [resolutionMs, nanosecond, microsecond] = [5, 1e-6, 1e-3];

/** Runs the work and measures how late timers of this process fire meanwhile, and how much it computes between two. */
export async function withEventLoopDelay<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; delay: EventLoopDelay }> {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  const held: number[] = [];
  let last = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(last);
    held.push((user + system) * microsecond);
    last = process.cpuUsage();
  }, resolutionMs);
  histogram.enable();
  try {
    const result = await work();
    // a timer that is on time is recorded with its interval
    const lateMs = (value: number) => Math.max(0, value * nanosecond - resolutionMs);
    const delay = { p999: lateMs(histogram.percentile(99.9)), max: lateMs(histogram.max) };
    return { result, delay: { ...delay, heldMs: percentile(held, 0.999) } };
  } finally {
    histogram.disable();
    clearInterval(timer);
  }
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
}
