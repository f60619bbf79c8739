import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './services/private-files.ts';
import type { KnownProcess } from './services/processes.ts';

/** A part of a running `npm start`; one that runs elsewhere has no pid. */
export interface Part {
  pid?: number;
  address: string;
}

export type PartName = 'api' | 'worker' | 'temporal' | 'postgres' | 'outbox';

/** A person of the sample data who can log in. */
export interface Login {
  role: string;
  username: string;
  password: string;
  totpSecret?: string;
}

/** What `.data/run.json` holds while everything runs; only its owner reads it. */
export interface RunFile {
  parts: Partial<Record<PartName, Part>>;
  logins: readonly Login[];
  feedsKey: string;
  twilioAuthToken: string;
  publicUrl: string;
  /** The variables by which another process joins in, such as `npm run worker` (runtime/environment.ts). */
  env: Record<string, string>;
}

export function writeRunFile(dataDir: string, run: RunFile): void {
  writePrivateJson(runFile(dataDir), run);
}

export function removeRunFile(dataDir: string): void {
  rmSync(runFile(dataDir), { force: true });
}

function runFile(dataDir: string): string {
  return join(dataDir, 'run.json');
}

/** What was started on a data folder and has to be ended again, `start` being `npm start` itself. */
export type StartedProcesses = Partial<Record<PartName | 'start', KnownProcess>>;

/** Processes that an earlier start noted, whether or not they still run. */
export function readStartedProcesses(dataDir: string): StartedProcesses {
  return (readJson(startedFile(dataDir)) as StartedProcesses | undefined) ?? {};
}

/** Notes processes as they are started, so that whatever happens the next start finds them. */
export function writeStartedProcesses(dataDir: string, started: StartedProcesses): void {
  writePrivateJson(startedFile(dataDir), started);
}

function startedFile(dataDir: string): string {
  return join(dataDir, 'processes.json');
}
