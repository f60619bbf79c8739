import { existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder } from './private-files.ts';

const largest = 10 * 1024 * 1024;

/** The file that a part's output goes to. */
export function logFile(dataDir: string, name: string): string {
  return join(logFolder(dataDir), `${name}.log`);
}

export function logFolder(dataDir: string): string {
  return join(dataDir, 'logs');
}

/** Opens a part's log to append to; one that has grown large is put aside first. @returns its descriptor */
export function openLog(dataDir: string, name: string): number {
  makePrivateFolder(logFolder(dataDir));
  const path = logFile(dataDir, name);
  if (existsSync(path) && statSync(path).size > largest) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** The end of a part's log, for a message that says why it does not run. */
export function lastLines(dataDir: string, name: string, count = 15): string {
  const path = logFile(dataDir, name);
  if (!existsSync(path)) return '';
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
