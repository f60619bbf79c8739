/** Prints a line about a running measurement. */
export type Say = (line: string) => void;

/** What the command line asks of a benchmark. */
export interface BenchOptions {
  /** Rounds of a comparison whose rounds alternate; odd, because its median is the figure. */
  rounds: number;
}

/** A benchmark. @param signal ends it; everything that it started is removed then */
export type Measurement = (say: Say, signal: AbortSignal, options: BenchOptions) => Promise<Figure[]>;

/** What a value must reach: at most `max`, or at least `min`. */
type Must = { max: number; min?: never } | { min: number; max?: never };

/** A measured value and its goal. */
export type Figure = Must & {
  name: string;
  /** The thing that the value is compared with. */
  baseline: string;
  value: number;
  unit: string;
  /** A value that is better still. A run that falls short of it does not fail. */
  aim?: number;
};

/** Runs the work. @returns its duration in seconds */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Returns the median of an odd number of values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Returns the value below which a share of the values lies, such as 0.99. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
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

/** True if a figure reaches what it must. */
export function isMet({ value, max, min }: Figure): boolean {
  return max === undefined ? value >= min : value <= max;
}

/** Formats a table with a line for each figure: the measured value, its goals, and by how much it falls short. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${rounded(figure.value)} ${figure.unit} ${figure.baseline}`,
    figure.max === undefined ? `at least ${figure.min}` : `at most ${figure.max}`,
    figure.aim === undefined ? '' : `${figure.aim}`,
    verdictOn(figure),
  ]);
  const table = [['figure', 'measured', 'must be', 'aim', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Says if a figure reaches its goals, and by how much it falls short of the one that it misses. */
function verdictOn(figure: Figure): string {
  const { value, max, min, aim } = figure;
  const shortOf = (goal: number) => rounded(Math.abs(value - goal));
  if (!isMet(figure)) return `MISSED by ${shortOf(max ?? min ?? Number.NaN)}`;
  if (aim === undefined) return 'met';
  const isReached = max === undefined ? value >= aim : value <= aim;
  return isReached ? 'met, the aim too' : `met, short of the aim by ${shortOf(aim)}`;
}

/** Two decimals for a small value, which is often a share or a factor; counts are whole. */
function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** Checks that an import did its work; otherwise its figure means nothing. @throws an Error that names the difference */
export function expectReport<Report extends object>(report: Report, expected: Partial<Report>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = (report as Record<string, unknown>)[name];
    if (found !== value) throw new Error(`${name} is ${String(found)} instead of ${String(value)}`);
  }
}
