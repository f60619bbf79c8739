import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const beginningLines = 12;
const beginningWidth = 200;

/** The variable that names the file for the result. */
export const resultVariable = 'TEST_RESULT_FILE';

/** The part of Jest's results that this reporter reads. */
interface FileResult {
  testFilePath: string;
  failureMessage?: string | null;
  /** Set when the file itself failed, such as its `afterAll`. */
  testExecError?: { message: string; stack?: string | null };
  console?: readonly { type: string; message: string }[] | null;
  testResults: readonly { fullName: string; status: string; failureMessages: readonly string[] }[];
}

interface Reporter {
  onTestResult(test: unknown, result: FileResult): void;
  onRunComplete(contexts: unknown, results: JestCounts & { testResults: readonly FileResult[] }): void;
}

/**
 * A Jest reporter that prints nothing for tests that pass, each failure in full at once, the skipped tests by name, and at the
 * end the failed ones again, in short, and the counts. The result goes to a file instead when the environment names one.
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
      const failedFiles = results.testResults
        .filter(({ failureMessage }) => failureMessage)
        .map((file) => ({
          path: relativePath(file.testFilePath),
          counts: countsOfFile(file),
          failures: failuresOf(file),
        }));
      const result: RunResult = { counts: countsOf(results), failedFiles };
      const target = process.env[resultVariable];
      if (target !== undefined) return writeFileSync(target, JSON.stringify(result));
      for (const { path, failures } of failedFiles)
        for (const failure of failures) write(describeFailure('failed', path, failure));
      write(countLine(result.counts));
    },
  };
}

/** What came of a run, as JSON in a file. */
export interface RunResult {
  counts: Counts;
  failedFiles: FailedFile[];
}

export interface FailedFile {
  /** From the folder of the project. */
  path: string;
  counts: Counts;
  failures: Failure[];
}

export interface Failure {
  /** Title of the test with those of what it is in; or what is said of a file as a whole. */
  title: string;
  /** The first lines of the message, and the first line of its stack within the tests. */
  beginning: string[];
}

function countsOfFile({ testResults, testExecError }: FileResult): Counts {
  const countOf = (status: string) => testResults.filter((one) => one.status === status).length;
  const failed = countOf('failed') + (testExecError ? 1 : 0);
  return { passed: countOf('passed'), failed, skipped: testResults.filter(wasSkipped).length };
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

/** Its failed tests; and the file itself when it could not be run, or failed at its end. */
function failuresOf({ failureMessage, testExecError, testResults }: FileResult): Failure[] {
  const failures = testResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      title: fullName,
      beginning: beginningOf(failureMessages.join('\n')),
    }));
  const isOfFile = testExecError !== undefined || failures.length === 0;
  return isOfFile
    ? [
        ...failures,
        {
          title: 'the file as a whole',
          beginning: beginningOf(testExecError?.stack ?? failureMessage ?? ''),
        },
      ]
    : failures;
}

/** A failure in a few lines, for a log of which only the end is kept. */
export function describeFailure(
  word: 'failed' | 'flaky',
  path: string,
  { title, beginning }: Failure,
): string {
  return [`${word}: ${path}: ${title}`, ...beginning.map((line) => `  | ${line}`)].join('\n');
}

function beginningOf(message: string): string[] {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .*(?:node_modules|\(node:|new Promise)/.test(line));
  const place = lines.slice(beginningLines).find((line) => /^\s+at .*\btests\/.*\.test\.tsx?:\d/.test(line));
  const told = [...lines.slice(0, beginningLines), ...(place === undefined ? [] : [place])];
  return told.map((line) => line.slice(0, beginningWidth));
}

function wasSkipped({ status }: { status: string }): boolean {
  return status === 'pending' || status === 'skipped' || status === 'todo';
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
