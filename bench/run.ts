import { readCommandLine, refuseCommandLine } from '../runtime/command-line.ts';
import { measureAgentRecord } from './agent-record.ts';
import { measureAudit } from './audit.ts';
import { measureBacklog } from './backlog.ts';
import { measureFeeds } from './feeds.ts';
import { type BenchOptions, type Figure, isMet, type Measurement, type Say, tableOf } from './figures.ts';
import { measureCascade, measureOverlap } from './load-test/main.ts';
import { measureMatching } from './matching.ts';
import { measureNotify } from './notify.ts';
import { measureOpen } from './open/open.ts';
import { measureReferral } from './referral/referral.ts';
import { measureRetention } from './retention.ts';
import { measureReview } from './review.ts';
import { runStoppable } from './run-stoppable.ts';
import { measureAgreement } from './simulation/agreement.ts';
import { measureStart } from './start/start.ts';
import { measureWatching } from './watching.ts';

const measurements: Readonly<Record<string, Measurement>> = {
  feeds: measureFeeds,
  matching: measureMatching,
  record: measureAgentRecord,
  cascade: measureCascade,
  overlap: measureOverlap,
  referral: measureReferral,
  open: measureOpen,
  watching: measureWatching,
  start: measureStart,
  review: measureReview,
  notify: measureNotify,
  backlog: measureBacklog,
  audit: measureAudit,
  retention: measureRetention,
  simulation: measureAgreement,
};

const known = Object.keys(measurements);

const command = {
  name: 'npm run bench',
  about:
    'Runs all benchmarks, or the named ones, on servers of their own, and compares each figure with what it must be ' +
    '(docs/performance.md). After Ctrl-C no server and no files are left.',
  args: { '[NAME...]': { about: 'a benchmark', oneOf: known } },
  options: {
    rounds: {
      type: 'string',
      about: 'how many rounds of `referral` alternate, an odd number: 1 for a first look',
      default: '5',
    },
    temporal: {
      type: 'string',
      about:
        'HOST:PORT of the Temporal server for those that run the whole service; one of their own without it',
    },
    database: {
      type: 'string',
      about:
        'URL of an empty Postgres database for those that run the whole service, which leave there what they make; one of ' +
        'their own without it',
    },
  },
  exitCodes: {
    0: 'every figure is what it must be',
    1: 'a figure misses what it must be, or a benchmark failed',
    130: 'Ctrl-C ended it',
  },
} as const;

const say: Say = (line) => process.stdout.write(`${line}\n`);

async function measure(
  names: readonly string[],
  signal: AbortSignal,
  options: BenchOptions,
): Promise<number> {
  const figures: Figure[] = [];
  let failed = 0;
  for (const name of names) {
    try {
      figures.push(...((await measurements[name]?.(say, signal, options)) ?? []));
    } catch (error) {
      failed += 1;
      process.stderr.write(`The benchmark ${name} failed: ${(error as Error).message}\n`);
      if (signal.aborted) break;
    }
  }
  if (figures.length > 0) say(`\n${tableOf(figures)}`);
  return failed === 0 && figures.every(isMet) ? 0 : 1;
}

const { args: chosen, values } = readCommandLine(command);
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds % 2 !== 1 || rounds < 1)
  refuseCommandLine(command, `--rounds is not an odd number: ${values.rounds}`);
// the service takes the addresses of its servers from there, as `npm start` does
if (values.temporal) process.env['TEMPORAL_ADDRESS'] = values.temporal;
if (values.database) process.env['DATABASE_URL'] = values.database;
await runStoppable((signal) => measure(chosen.length > 0 ? chosen : known, signal, { rounds }));
