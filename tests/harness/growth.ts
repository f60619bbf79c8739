/**
 * Says how a function's work grows with its text, whatever the machine: how many times as long it takes for four times the
 * characters. That is 4 when it is linear, 16 when it is quadratic. Of some runs the shortest counts, during which the machine
 * did least besides.
 * @param textOf makes a text of so many characters
 */
export function growthOf(work: (text: string) => unknown, textOf: (length: number) => string): number {
  const [short, long] = [textOf(4_000), textOf(16_000)];
  return shortestMs(() => work(long)) / shortestMs(() => work(short));
}

const runs = 20;

function shortestMs(work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const begunAt = performance.now();
    work();
    return performance.now() - begunAt;
  });
  return Math.min(...times);
}
