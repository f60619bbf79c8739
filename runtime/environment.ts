import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

/**
 * Completes the environment of a process. Variables that are set win over the file `.env` of the working folder, which
 * wins over the parts of a running `npm start`. Changes `env` in place, because the AWS SDK reads its credentials
 * from there. The running parts are used only if neither a database nor a Temporal server is named, so that a
 * production setting is never mixed with a part of this machine.
 */
export function completeEnvironment(env: NodeJS.ProcessEnv, folder = process.cwd()): NodeJS.ProcessEnv {
  addMissing(env, readEnvFile(folder));
  if (!env['DATABASE_URL'] && !env['TEMPORAL_ADDRESS'])
    addMissing(env, readRunningParts(dataFolder(env, folder)));
  return env;
}

/** Absolute path of the data folder of `npm start`. */
export function dataFolder(env: NodeJS.ProcessEnv, folder = process.cwd()): string {
  return resolve(folder, env['DATA_DIR'] || '.data');
}

/** Reads the variables of the file `.env` in a folder; none if there is no such file. */
export function readEnvFile(folder: string): Record<string, string | undefined> {
  const text = readIfExists(join(folder, '.env'));
  return text === undefined ? {} : parseEnv(text);
}

/** Reads the variables that connect a process with a running `npm start`; none if nothing runs. */
function readRunningParts(folder: string): Record<string, string | undefined> {
  const text = readIfExists(join(folder, 'run.json'));
  if (text === undefined) return {};
  const { env } = JSON.parse(text) as { env?: Record<string, string> };
  return env ?? {};
}

function addMissing(env: NodeJS.ProcessEnv, more: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(more)) env[name] ||= value ?? '';
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
