import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../standalone/services/cache-folder.ts';
import { buildWithGo, isExecutable } from '../standalone/services/go-programs.ts';

const version = versionInCompose();

/** Reads the version of the server's image from docker-compose.yml. */
function versionInCompose(): string {
  const text = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
  const [, found] = /image: temporalio\/server:(\d+\.\d+\.\d+)/.exec(text) ?? [];
  if (found === undefined) throw new Error('docker-compose.yml names no image temporalio/server');
  return found;
}

/**
 * The folder of `temporal-server` and `temporal-sql-tool`, the programs in the production images. `npm start` uses the
 * development server instead.
 */
export function temporalServerFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `temporal-server-${version}`);
}

/** Returns whether both programs are built on this machine. */
export function isTemporalServerBuilt(env: NodeJS.ProcessEnv): boolean {
  return missingPrograms(env).length === 0;
}

/**
 * Builds the programs that are missing, into the user's cache.
 * @returns the folder of the programs
 * @throws an error that says that Go is not installed, or has Go's output
 */
export async function getTemporalServer(
  env: NodeJS.ProcessEnv,
  announce: (sentence: string) => void,
): Promise<string> {
  const missing = missingPrograms(env);
  if (missing.length > 0) {
    announce(`Building the Temporal server ${version} with Go, once: about 3 minutes`);
    await buildWithGo(missing, env);
  }
  return temporalServerFolder(env);
}

function missingPrograms(env: NodeJS.ProcessEnv) {
  return programsIn(temporalServerFolder(env)).filter(({ file }) => !isExecutable(file));
}

function programsIn(folder: string) {
  return [
    {
      source: `go.temporal.io/server/cmd/server@v${version}`,
      file: join(folder, 'temporal-server'),
    },
    {
      source: `go.temporal.io/server/cmd/tools/sql@v${version}`,
      file: join(folder, 'temporal-sql-tool'),
    },
  ];
}
