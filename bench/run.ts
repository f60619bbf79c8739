import { exitCodeOf, ignoreClosedOutput, listenForStop } from '../runtime/stop-signals.ts';
import { measureFeeds } from './feeds.ts';
import { type Figure, type Say, tableOf } from './figures.ts';
import { measureCascade } from './load-test/main.ts';
import { measureMatching } from './matching.ts';
import { measureReview } from './review.ts';

/*
 * `npm run bench [-- NAME …]`: runs all benchmarks, or the named ones, and compares them with their targets. Exits with 1
 * when a target is missed or a benchmark fails, with 2 when a name is unknown, and with 130 after Ctrl-C. After a signal
 * no Postgres and no files are left.
 */

const measurements: Readonly<Record<string, (say: Say, signal: AbortSignal) => Promise<Figure[]>>> = {
  feeds: measureFeeds,
  matching: measureMatching,
  cascade: measureCascade,
  review: measureReview,
};

const say: Say = (line) => process.stdout.write(`${line}\n`);

async function measure(names: readonly string[], signal: AbortSignal): Promise<number> {
  const figures: Figure[] = [];
  let failed = 0;
  for (const name of names) {
    try {
      figures.push(...((await measurements[name]?.(say, signal)) ?? []));
    } catch (error) {
      failed += 1;
      process.stderr.write(`The benchmark ${name} failed: ${(error as Error).message}\n`);
      if (signal.aborted) break;
    }
  }
  if (figures.length > 0) say(`\n${tableOf(figures)}`);
  return failed === 0 && figures.every(({ value, max }) => value <= max) ? 0 : 1;
}

ignoreClosedOutput();
const known = Object.keys(measurements);
const chosen = process.argv.slice(2);
if (chosen.some((name) => !known.includes(name))) {
  process.stderr.write(
    `Usage: npm run bench [-- NAME …]\n  NAME is one of ${known.join(', ')}. Without a name all run.\n`,
  );
  process.exit(2);
}
const stopping = new AbortController();
let endedBy: NodeJS.Signals | undefined;
// the first signal already stops everything at once, so a second one needs no handler
void listenForStop(() => undefined).received.then((signal) => {
  endedBy = signal;
  stopping.abort(new Error(`stopped by ${signal}`));
});
const code = await measure(chosen.length > 0 ? chosen : known, stopping.signal);
// after a signal the unfinished work has lost its database and is not waited for
process.exit(endedBy ? exitCodeOf(endedBy) : code);
