import { execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
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
  const found = onPath('temporal', env) ?? (isExecutable(built) ? built : findDownloaded(folder));
  if (found !== undefined) return found;
  mkdirSync(folder, { recursive: true });
  const downloaded = await download(folder);
  if (downloaded !== undefined) return downloaded;
  const go = onPath('go', env);
  if (go === undefined) throw new Error(whatToInstall('Go is not installed either'));
  announce(
    `Temporal is not installed and cannot be downloaded: building it with Go, once, in 2 to 4 minutes`,
  );
  await build(go, folder, built);
  return built;
}

function whatToInstall(reason: string): string {
  return [
    `Temporal's command line program is not on the PATH, could not be downloaded, and ${reason}.`,
    'Install it (https://docs.temporal.io/cli), or Go 1.24 or later, and start again;',
    'or name a Temporal server of your own in TEMPORAL_ADDRESS.',
  ].join('\n');
}

/** The path of a program that the PATH leads to and that answers. */
function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const places = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return places.map((place) => join(place, name)).find((path) => isExecutable(path) && answers(path, name));
}

function answers(path: string, name: string): boolean {
  try {
    execFileSync(path, name === 'go' ? ['version'] : ['server', 'start-dev', '--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
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

/** Built beside its place and then moved there, so that two starts at once do not see half a program. */
async function build(go: string, folder: string, target: string): Promise<void> {
  const draft = mkdtempSync(join(folder, 'building-'));
  try {
    const child = spawn(go, ['install', `github.com/temporalio/cli/cmd/temporal@v${version}`], {
      env: { ...process.env, GOBIN: draft },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (part: Buffer) => (output = (output + part.toString()).slice(-2_000)));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    if (code !== 0) throw new Error(whatToInstall(`Go could not build it (${output.trim()})`));
    renameSync(join(draft, 'temporal'), target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
