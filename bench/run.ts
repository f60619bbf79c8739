import { readCommandLine } from '../runtime/command-line.ts';
import { measureAudit } from './audit.ts';
import { measureBacklog } from './backlog.ts';
import { measureFeeds } from './feeds.ts';
import { type Figure, type Say, tableOf } from './figures.ts';
import { measureCascade, measureOverlap } from './load-test/main.ts';
import { measureMatching } from './matching.ts';
import { measureNotify } from './notify.ts';
import { measureReview } from './review.ts';
import { runStoppable } from './run-stoppable.ts';
import { measureAgreement } from './simulation/agreement.ts';

const measurements: Readonly<Record<string, (say: Say, signal: AbortSignal) => Promise<Figure[]>>> = {
  feeds: measureFeeds,
  matching: measureMatching,
  cascade: measureCascade,
  overlap: measureOverlap,
  review: measureReview,
  notify: measureNotify,
  backlog: measureBacklog,
  audit: measureAudit,
  simulation: measureAgreement,
};

const known = Object.keys(measurements);

const command = {
  name: 'npm run bench',
  about:
    'Runs all benchmarks, or the named ones, on a Postgres of their own, and compares them with their targets. After ' +
    'Ctrl-C no Postgres and no files are left.',
  args: { '[NAME...]': { about: 'a benchmark', oneOf: known } },
  exitCodes: {
    0: 'every target is met',
    1: 'a target is missed, or a benchmark failed',
    130: 'Ctrl-C ended it',
  },
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

const { args: chosen } = readCommandLine(command);
await runStoppable((signal) => measure(chosen.length > 0 ? chosen : known, signal));
