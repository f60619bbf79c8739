import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { stuckSentence } from './stuck-sentence.ts';

const beginningLines = 12;
const beginningWidth = 200;

/** The variable that names the file for the result. */
export const resultVariable = 'TEST_RESULT_FILE';

/** The part of Jest's results that this reporter reads. */
interface FileResult {
  testFilePath: string;
  failureMessage?: string | null;
  /** Set when the file itself failed, such as its `afterAll`. */
  testExecError?: unknown;
  console?: readonly { type: string; message: string }[] | null;
  testResults: readonly { fullName: string; status: string; failureMessages: readonly string[] }[];
}

interface Reporter {
  onTestResult(test: unknown, result: FileResult): void;
  onRunComplete(contexts: unknown, results: JestCounts & { testResults: readonly FileResult[] }): void;
}

/**
 * A Jest reporter that prints nothing for tests that pass, each failure in full at once, and at the end the skipped tests by
 * name, the failed ones with the first lines of what they say, for a log of which only the end is kept, and the counts. The
 * result goes to a file instead when the environment names one.
 */
export function createReporter(config: { rootDir: string }): Reporter {
  const relativePath = (path: string) => relative(config.rootDir, path);
  return {
    onTestResult(_test, result) {
      if (!result.failureMessage) return;
      write(`\n${relativePath(result.testFilePath)}\n${result.failureMessage.trimEnd()}\n`);
      for (const { type, message } of result.console ?? []) write(`  ${type}: ${message}`);
    },
    onRunComplete(_contexts, results) {
      for (const { testFilePath, testResults } of results.testResults) {
        for (const skipped of testResults.filter(wasSkipped)) {
          write(`skipped: ${relativePath(testFilePath)}: ${skipped.fullName}`);
        }
      }
      for (const file of results.testResults) writeFailures(relativePath(file.testFilePath), file);
      const stuck = results.testResults.filter(isStuck);
      const result: RunResult = {
        counts: countsOf(results),
        stuck: stuck.map(({ testFilePath }) => testFilePath),
        countsOfStuck: countsOfFiles(stuck),
      };
      const file = process.env[resultVariable];
      if (file === undefined) write(countLine(result.counts));
      else writeFileSync(file, JSON.stringify(result));
    },
  };
}

/** What came of a run, as JSON in a file. */
export interface RunResult {
  counts: Counts;
  /** Paths of the files in which the time-skipping server lost a task, and their part of the counts. */
  stuck: readonly string[];
  countsOfStuck: Counts;
}

/** Whether a file failed because of its server, which says nothing of what the file tests. */
function isStuck({ failureMessage }: FileResult): boolean {
  return failureMessage?.includes(stuckSentence) ?? false;
}

function countsOfFiles(files: readonly FileResult[]): Counts {
  const tests = files.flatMap(({ testResults }) => testResults);
  const countOf = (status: string) => tests.filter((one) => one.status === status).length;
  const failed = countOf('failed') + files.filter(({ testExecError }) => testExecError).length;
  return { passed: countOf('passed'), failed, skipped: tests.filter(wasSkipped).length };
}

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts of a run. A test file that could not be run at all is one failure. */
function countsOf(results: JestCounts): Counts {
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

/** The numbers that Jest reports about a run. */
interface JestCounts {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
}

/** "12 passed, 0 failed", and the skipped ones if there are any. */
export function countLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function writeFailures(path: string, { failureMessage, testResults }: FileResult): void {
  if (!failureMessage) return;
  const failed = testResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) write(`failed: ${path}: it could not be run\n${beginningOf(failureMessage)}`);
  for (const { fullName, failureMessages } of failed)
    write(`failed: ${path}: ${fullName}\n${beginningOf(failureMessages.join('\n'))}`);
}

/** The first lines of a message, and the first line of its stack within the tests, each behind a bar. */
function beginningOf(message: string): string {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const place = lines.slice(beginningLines).find((line) => /^\s+at .*\btests\/.*\.test\.tsx?:\d/.test(line));
  const told = [...lines.slice(0, beginningLines), ...(place === undefined ? [] : [place])];
  return told.map((line) => `  | ${line.slice(0, beginningWidth)}`).join('\n');
}

function wasSkipped({ status }: { status: string }): boolean {
  return status === 'pending' || status === 'skipped' || status === 'todo';
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
