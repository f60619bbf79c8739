import { existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder } from './private-files.ts';

const maxBytes = 10 * 1024 * 1024;

/** Path of a part's log file. */
export function logFile(dataDir: string, name: string): string {
  return join(logFolder(dataDir), `${name}.log`);
}

export function logFolder(dataDir: string): string {
  return join(dataDir, 'logs');
}

/** Opens a part's log for appending. Renames a large one first. @returns the file descriptor */
export function openLog(dataDir: string, name: string): number {
  makePrivateFolder(logFolder(dataDir));
  const path = logFile(dataDir, name);
  if (existsSync(path) && statSync(path).size > maxBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** Last lines of a part's log, for an error message. */
export function lastLines(dataDir: string, name: string, count = 15): string {
  const path = logFile(dataDir, name);
  if (!existsSync(path)) return '';
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
