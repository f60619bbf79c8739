import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long other work of the process had to wait, in milliseconds. */
export interface EventLoopDelay {
  /** 99.9 % of the waits were at most this long. */
  p999: number;
  max: number;
}

const [resolutionMs, nanosecond] = [5, 1e-6];

/** Runs the work and measures how late timers of this process fire meanwhile. */
export async function withEventLoopDelay<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; delay: EventLoopDelay }> {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const result = await work();
  histogram.disable();
  // a timer that is on time is recorded with its interval
  const lateMs = (value: number) => Math.max(0, value * nanosecond - resolutionMs);
  return { result, delay: { p999: lateMs(histogram.percentile(99.9)), max: lateMs(histogram.max) } };
}
