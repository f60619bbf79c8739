import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../standalone/services/cache-folder.ts';
import { buildWithGo, isExecutable } from '../../standalone/services/go-programs.ts';

const version = versionInCompose();

/** The version whose image docker-compose.yml names. */
function versionInCompose(): string {
  const text = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
  const [, found] = /image: temporalio\/server:(\d+\.\d+\.\d+)/.exec(text) ?? [];
  if (found === undefined) throw new Error('docker-compose.yml names no image temporalio/server');
  return found;
}

/**
 * Finds the folder with `temporal-server` and `temporal-sql-tool`, the programs of the production images, which the
 * development server lacks.
 * @throws an error that says how to get them
 */
export async function findTemporalServer(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = folderIn(env);
  if (programsIn(folder).every(({ file }) => isExecutable(file))) return folder;
  throw new Error(
    'the Temporal server of production is not built on this machine: `npm run temporal-server` builds it with Go',
  );
}

/**
 * Builds those of the programs that are missing, in the user's cache.
 * @throws an error that Go is missing, or with Go's own message
 */
export async function getTemporalServer(
  env: NodeJS.ProcessEnv,
  announce: (sentence: string) => void,
): Promise<string> {
  const folder = folderIn(env);
  const missing = programsIn(folder).filter(({ file }) => !isExecutable(file));
  if (missing.length > 0) {
    announce(`Building the Temporal server ${version} with Go, once: about 3 minutes`);
    await buildWithGo(missing, env);
  }
  return folder;
}

function folderIn(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `temporal-server-${version}`);
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
