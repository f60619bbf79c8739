import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../runtime/command-line.ts';
import { quickChecks, runCheck, slowChecks } from '../scripts/checks.ts';
import { findTemporalExecutable } from '../standalone/services/temporal-executable.ts';
import {
  type Counts,
  countLine,
  describeFailure,
  type FailedFile,
  type RunResult,
  resultVariable,
} from './harness/runner/quiet-reporter.ts';
import { testFilesThatUse } from './harness/runner/test-files.ts';
import { findTemporalServer } from './harness/servers/temporal-server.ts';
import { findTimeSkippingServer } from './harness/servers/time-skipping-server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const command = {
  name: 'npm test',
  about:
    'Runs all checks and all tests. The last line is "N passed, N failed", with ", N skipped" where this machine lacks ' +
    'something. `npm run test:only -- PATH` runs the tests of one folder or file.',
  settings: { XDG_CACHE_HOME: 'the folder of caches, ~/.cache by default' },
  exitCodes: { 0: 'nothing failed', 1: 'something failed' },
};

async function main(): Promise<void> {
  readCommandLine(command);
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const check of [...quickChecks, ...slowChecks]) {
    const { passed, output, summary } = await runCheck(check);
    total[passed ? 'passed' : 'failed'] += 1;
    say(passed ? summary : `${summary}\n${output}`);
  }
  const lacking = await findLackingServers();
  for (const { path, reason } of lacking) say(`skipped: ${relative(root, path)}: ${reason}`);
  total.skipped += lacking.length;
  add(total, await runTests(lacking.map(({ path }) => path)));
  say(countLine(total));
  process.exitCode = total.failed > 0 ? 1 : 0;
}

interface SkippedFile {
  path: string;
  reason: string;
}

/** The test files whose server this machine does not have and cannot get. */
async function findLackingServers(): Promise<SkippedFile[]> {
  const servers = [
    { supports: ['time-skipping'], find: findTimeSkippingServer },
    { supports: ['temporal-dev-server'], find: findTemporalExecutable },
    { supports: ['temporal-server'], find: findTemporalServer },
  ];
  const skipped: SkippedFile[] = [];
  for (const { supports, find } of servers) {
    try {
      await find(process.env, say);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const paths = supports.flatMap((support) => testFilesThatUse(support, join(root, 'tests')));
      skipped.push(...paths.map((path) => ({ path, reason })));
    }
  }
  return skipped;
}

/** Failed files that can be a busy machine's: more are a fault of what they test. */
const mostFlakyFiles = 5;

/**
 * Runs all files but these. When a few fail, those run once more, one at a time: what passes then is reported as flaky, with
 * what it said, and does not count as failed. It is a fault all the same, of the test or of what it tests.
 */
async function runTests(left: readonly string[]): Promise<Counts> {
  const first = await runJest(left.map((path) => `--testPathIgnorePatterns=${escapePattern(path)}$`));
  const { counts, failedFiles } = first;
  if (failedFiles.length === 0 || failedFiles.length > mostFlakyFiles) return report(first);
  for (const { path } of failedFiles) say(`again, by itself: ${path}`);
  const again = await runJest(['--runInBand', '--runTestsByPath', ...failedFiles.map(({ path }) => path)]);
  sayFailures('flaky', failuresThatPassed(failedFiles, again.failedFiles));
  const replaced = sum(failedFiles.map((file) => file.counts));
  return report({
    ...again,
    counts: {
      passed: counts.passed - replaced.passed + again.counts.passed,
      // what failed in no file stays failed
      failed: counts.failed - replaced.failed + again.counts.failed,
      skipped: counts.skipped - replaced.skipped + again.counts.skipped,
    },
  });
}

function report({ counts, failedFiles }: RunResult): Counts {
  sayFailures('failed', failedFiles);
  return counts;
}

/** The failures of the first run that are none of the second. */
function failuresThatPassed(first: readonly FailedFile[], second: readonly FailedFile[]): FailedFile[] {
  const key = (path: string, title: string) => `${path}\n${title}`;
  const failed = new Set(
    second.flatMap(({ path, failures }) => failures.map(({ title }) => key(path, title))),
  );
  return first.map((file) => ({
    ...file,
    failures: file.failures.filter(({ title }) => !failed.has(key(file.path, title))),
  }));
}

function sayFailures(word: 'failed' | 'flaky', files: readonly FailedFile[]): void {
  for (const { path, failures } of files)
    for (const failure of failures) say(describeFailure(word, path, failure));
}

async function runJest(args: readonly string[]): Promise<RunResult> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'test-results-'));
  const file = join(folder, 'result.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=NodeVersionSupportWarning',
    // each file loads its modules anew: a tenth of the time went to collecting what they leave behind
    '--max-semi-space-size=64',
  ];
  try {
    // a snapshot that was not kept fails
    const child = spawn(process.execPath, [...flags, jest, '--ci', ...args], {
      cwd: root,
      // Jest's workers get their flags by the environment.
      env: { ...process.env, ...quiet, NODE_OPTIONS: flags.join(' '), [resultVariable]: file },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const code = await exitCode(child);
    const result = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunResult) : noResult;
    const { counts } = result;
    say(`${'tests'.padEnd(18)} ${code === 0 ? 'passed' : 'FAILED'}  ${seconds(began)}`);
    // Jest can fail with no failing test, such as when its own set-up breaks.
    return code !== 0 && counts.failed === 0 ? { ...result, counts: { ...counts, failed: 1 } } : result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The AWS SDK announces in every process which Node it will need one day. */
const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

const noResult: RunResult = { counts: { passed: 0, failed: 0, skipped: 0 }, failedFiles: [] };

function sum(all: readonly Counts[]): Counts {
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const one of all) add(total, one);
  return total;
}

function add(total: Counts, more: Counts): void {
  total.passed += more.passed;
  total.failed += more.failed;
  total.skipped += more.skipped;
}

function exitCode(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1_000).toFixed(1)} s`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
