/** Takes a line of news about a measurement on its way. */
export type Say = (line: string) => void;

/** What a measurement found, beside the most that it may be. */
export interface Figure {
  name: string;
  /** What it is compared with. */
  baseline: string;
  value: number;
  max: number;
  unit: string;
}

/** How long the work took, in seconds. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** One line for each figure: what was measured, the target, and whether it was met. */
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

/** A figure says nothing of an import that did not do its work. @throws an Error that names what differs */
export function expectReport<Report extends object>(report: Report, expected: Partial<Report>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = (report as Record<string, unknown>)[name];
    if (found !== value) throw new Error(`${name} is ${String(found)} instead of ${String(value)}`);
  }
}
