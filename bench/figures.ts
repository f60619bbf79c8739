/** Prints a line about a running measurement. */
export type Say = (line: string) => void;

/** A measured value and its target. */
export interface Figure {
  name: string;
  /** The thing that the value is compared with. */
  baseline: string;
  value: number;
  max: number;
  unit: string;
}

/** Runs the work. @returns its duration in seconds */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Returns the median of an odd number of values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs the work for each item, after a warm-up with the first 50. @returns the median time in milliseconds */
export async function medianMsOf<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  for (const item of items.slice(0, 50)) await work(item);
  const times: number[] = [];
  for (const item of items) {
    const startedAt = performance.now();
    await work(item);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

/** Formats a table with a line for each figure: the measured value, the target, and if it was met. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, baseline, value, max, unit }) => [
    name,
    `${value.toFixed(1)} ${unit} ${baseline}`,
    `at most ${max}`,
    value <= max ? 'met' : 'MISSED',
  ]);
  const table = [['figure', 'measured', 'target', ''], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Checks that an import did its work; otherwise its figure means nothing. @throws an Error that names the difference */
export function expectReport<Report extends object>(report: Report, expected: Partial<Report>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = (report as Record<string, unknown>)[name];
    if (found !== value) throw new Error(`${name} is ${String(found)} instead of ${String(value)}`);
  }
}
