import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { buildWithGo, findOnPath, isExecutable } from './go-programs.ts';
import type { Announce } from './progress.ts';

/** The newest version that `go install` builds: later ones replace a dependency in a way that it refuses. */
const version = '1.5.1';

/**
 * Finds Temporal's command line program, which is also its development server: on the PATH, in the user's cache,
 * by download, or built with Go. What is got is kept in the user's cache.
 * @throws an error that says what to install
 */
export async function findTemporalExecutable(env: NodeJS.ProcessEnv, announce: Announce): Promise<string> {
  const folder = join(cacheFolder(env), 'bin');
  const built = join(folder, `temporal-${version}`);
  const installed = findOnPath('temporal', ['server', 'start-dev', '--help'], env);
  const found = installed ?? (isExecutable(built) ? built : findDownloaded(folder));
  if (found !== undefined) return found;
  mkdirSync(folder, { recursive: true });
  const downloaded = await download(folder);
  if (downloaded !== undefined) return downloaded;
  announce(
    `Temporal is not installed and cannot be downloaded: building it with Go, once, in 2 to 4 minutes`,
  );
  try {
    await buildWithGo([{ source: `github.com/temporalio/cli/cmd/temporal@v${version}`, file: built }], env);
  } catch (error) {
    throw new Error(whatToInstall(error instanceof Error ? error.message : String(error)), { cause: error });
  }
  return built;
}

function whatToInstall(reason: string): string {
  return [
    `Temporal's command line program is not on the PATH and could not be downloaded or built: ${reason}.`,
    'Install it (https://docs.temporal.io/cli), or Go 1.24 or later, and start again;',
    'or name a Temporal server of your own in TEMPORAL_ADDRESS.',
  ].join('\n');
}

/** What the SDK's download leaves, by its name. */
function findDownloaded(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((file) => /^temporal-sdk-typescript-[\d.]+$/.test(file));
  return name === undefined ? undefined : join(folder, name);
}

/** The SDK downloads the program when it starts a server for a test; here only the program is wanted. */
async function download(folder: string): Promise<string | undefined> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  try {
    const environment = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir: folder } },
    });
    await environment.teardown();
  } catch {
    return undefined;
  }
  return findDownloaded(folder);
}
