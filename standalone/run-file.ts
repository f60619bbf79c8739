import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './services/private-files.ts';
import type { KnownProcess } from './services/processes.ts';

/** A part of a running `npm start`. An external part has no pid. */
export interface Part {
  pid?: number;
  address: string;
}

export type PartName = 'api' | 'worker' | 'temporal' | 'postgres' | 'outbox';

/** Log-in of a person in the sample data. */
export interface Login {
  role: string;
  username: string;
  password: string;
  totpSecret?: string;
}

/** Content of `.data/run.json`, which exists while everything runs. Only its owner can read it. */
export interface RunFile {
  parts: Partial<Record<PartName, Part>>;
  logins: readonly Login[];
  feedsKey: string;
  twilioAuthToken: string;
  publicUrl: string;
  /** Variables that connect another process, such as `npm run worker` (runtime/environment.ts). */
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

/** Processes that were started on a data folder and must be stopped. `start` is `npm start` itself. */
export type StartedProcesses = Partial<Record<PartName | 'start', KnownProcess>>;

/** Reads the processes that an earlier start recorded. Some may have ended since. */
export function readStartedProcesses(dataDir: string): StartedProcesses {
  return (readJson(startedFile(dataDir)) as StartedProcesses | undefined) ?? {};
}

/** Records processes as they are started, so that the next start finds them even after a crash. */
export function writeStartedProcesses(dataDir: string, started: StartedProcesses): void {
  writePrivateJson(startedFile(dataDir), started);
}

function startedFile(dataDir: string): string {
  return join(dataDir, 'processes.json');
}
