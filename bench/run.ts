import { exitCodeOf, ignoreClosedOutput, listenForStop } from '../runtime/stop-signals.ts';
import { measureFeeds } from './feeds.ts';
import { type Figure, type Say, tableOf } from './figures.ts';
import { measureCascade } from './load-test/main.ts';
import { measureMatching } from './matching.ts';
import { measureReview } from './review.ts';

/*
 * `npm run bench [-- NAME …]`: measures what the project promises, or the named parts of it. Exits with 1 when a target
 * is missed or a measurement fails, with 2 when it was called wrongly, with 130 after Ctrl-C. A signal leaves no Postgres
 * and no files behind.
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
      process.stderr.write(
        `The measurement of ${name} did not come to its end: ${(error as Error).message}\n`,
      );
      if (signal.aborted) break;
    }
  }
  if (figures.length > 0) say(`\n${tableOf(figures)}`);
  return failed === 0 && figures.every(({ value, max }) => value <= max) ? 0 : 1;
}

ignoreClosedOutput();
const known = Object.keys(measurements);
const asked = process.argv.slice(2);
if (asked.some((name) => !known.includes(name))) {
  process.stderr.write(
    `Usage: npm run bench [-- NAME …]\n  NAME is one of ${known.join(', ')}; all without it\n`,
  );
  process.exit(2);
}
const stopping = new AbortController();
let endedBy: NodeJS.Signals | undefined;
// what a measurement started is ended at once as it is, so there is nothing to hasten
void listenForStop(() => undefined).received.then((signal) => {
  endedBy = signal;
  stopping.abort(new Error(`ended by ${signal}`));
});
const code = await measure(asked.length > 0 ? asked : known, stopping.signal);
// what was under way when a signal came has lost its database and is not waited for
process.exit(endedBy ? exitCodeOf(endedBy) : code);
