import { join } from 'node:path';
import { readJson, writePrivateJson } from './private-files.ts';
import type { Announce } from './progress.ts';
import type { Login } from './run-file.ts';

/** Where the sample data goes to, and with which rights. */
export interface FirstDataTarget {
  /** The sample feeds are written to `sample/` in here. */
  dataDir: string;
  /** The address of the API, all parts being up. */
  apiUrl: string;
  /** The environment that the parts run in: `DATABASE_URL`, `FEEDS_KEY` and the others. */
  env: NodeJS.ProcessEnv;
  announce: Announce;
}

/** Loads the sample data into a fresh system. @returns who can log in */
export type LoadFirstData = (target: FirstDataTarget) => Promise<readonly Login[]>;

/**
 * Loads the sample data the first time that a data folder is used; a load that broke off is done again.
 * @returns the sample log-ins, also later
 */
export async function loadFirstDataOnce(
  load: LoadFirstData,
  target: FirstDataTarget,
): Promise<readonly Login[]> {
  const path = join(target.dataDir, 'logins.json');
  const known = readJson(path) as readonly Login[] | undefined;
  if (known !== undefined) return known;
  const logins = await load(target);
  writePrivateJson(path, logins);
  return logins;
}

/** The sample data of `npm start`. */
export const loadFirstData: LoadFirstData = async () => [];
