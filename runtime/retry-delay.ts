/** Returns how many milliseconds to wait after failures in a row: 250, doubled each time, at most 10 seconds. */
export function retryDelayMs(failures: number): number {
  return Math.min(10_000, 125 * 2 ** failures);
}
