import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Announce, Progress } from '../progress.ts';
import { lastLines, logFile, openLog } from './log-files.ts';

/** The project's root folder. This file always runs from its source. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Flags of Node for built programs. With source maps, stack traces name lines of the source. */
export const nodeFlags = [
  '--enable-source-maps',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=NodeVersionSupportWarning',
] as const;

/** The programs to start: those of the build, or the sources. */
export interface Programs {
  /** Builds what the programs need. Called before the first one starts. */
  prepare: (step: Progress['step'], signal: AbortSignal) => Promise<void>;
  /** Returns the file of a program, such as `worker/main`. */
  fileOf: (name: string) => string;
}

/** The programs of the build. Builds first if the sources have changed. */
export const builtPrograms: Programs = {
  prepare: (step, signal) => step('Build', (announce) => runBuild(announce, signal)),
  fileOf: (name) => `${name}.js`,
};

/**
 * Returns Node's arguments for a program: a path in the build, such as `worker/main.js`, or an absolute path. TypeScript
 * is run with tsx.
 */
export function programArguments(program: string): string[] {
  const loader = program.endsWith('.ts') ? ['--import', 'tsx'] : [];
  return [...nodeFlags, ...loader, isAbsolute(program) ? program : join(projectFolder, 'dist', program)];
}

export interface ProgramRun {
  /** Name of its log file. */
  name: string;
  program: string;
  env: NodeJS.ProcessEnv;
  dataDir: string;
  signal?: AbortSignal;
}

/**
 * Runs a program to its end, and writes its output to its log.
 * @throws an error with the end of the log when it fails
 */
export async function runProgram({ name, program, env, dataDir, signal }: ProgramRun): Promise<void> {
  const log = openLog(dataDir, name);
  const child = spawn(process.execPath, programArguments(program), {
    cwd: projectFolder,
    env,
    signal,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const code = await closed(child);
  if (code === 0) return;
  throw new Error(`${name} ended with ${code} (${logFile(dataDir, name)}):\n${lastLines(dataDir, name)}`);
}

/**
 * Builds the project if its sources have changed (scripts/build.ts).
 * @throws an error with the output of the build
 */
export async function runBuild(announce: Announce, signal?: AbortSignal): Promise<void> {
  const output = await runScript('build.ts', 'The build failed', signal);
  for (const line of output.split('\n').filter(Boolean)) announce(line);
}

/**
 * Runs a file of `scripts/` to its end.
 * @returns what it printed
 * @throws an error with `failure` and what it printed when it fails
 */
export async function runScript(file: string, failure: string, signal?: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(projectFolder, 'scripts', file)], {
    cwd: projectFolder,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const append = (part: Buffer) => (output += part.toString());
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  const code = await closed(child);
  if (code !== 0) throw new Error(`${failure}:\n${output.trim()}`);
  return output.trim();
}

/** Waits for the end of a process. @returns its exit code @throws the error if it could not start or was aborted */
function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
      if (child.pid === undefined) reject(error);
    });
    child.once('close', (code) => (failure ? reject(failure) : resolve(code)));
  });
}
