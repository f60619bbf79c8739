import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program to build from source, and the file to save it as. */
export interface GoProgram {
  /** Package path with its version, such as `example.org/cmd/program@v1.2.3`. */
  source: string;
  /** Absolute path in the user's cache. */
  file: string;
}

/**
 * Builds programs with Go. Each is built in a temporary folder and then renamed, so that two builds at once never see an
 * incomplete file. They are built one after another, because a build reuses what the one before has compiled.
 * @throws an error that says that Go is not installed, or has Go's output
 */
export async function buildWithGo(programs: readonly GoProgram[], env: NodeJS.ProcessEnv): Promise<void> {
  const go = findOnPath('go', ['version'], env);
  if (go === undefined) throw new Error('Go is not installed');
  for (const program of programs) await build(go, program, env);
}

async function build(go: string, { source, file }: GoProgram, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = join(file, '..');
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(join(folder, 'building-'));
  try {
    const child = spawn(go, ['install', source], {
      env: { ...env, GOBIN: draft },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (part: Buffer) => (output = (output + part.toString()).slice(-2_000)));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    if (code !== 0) throw new Error(`The Go build failed (${output.trim()})`);
    renameSync(join(draft, nameOf(source)), file);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Go names a program after the last folder of its source. */
function nameOf(source: string): string {
  return source.replace(/@.*$/, '').replace(/^.*\//, '');
}

/** Finds a program on the PATH that accepts these arguments. @returns its path; undefined if there is none */
export function findOnPath(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders
    .map((folder) => join(folder, name))
    .find((path) => isExecutable(path) && succeeds(path, args));
}

function succeeds(path: string, args: readonly string[]): boolean {
  try {
    execFileSync(path, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
