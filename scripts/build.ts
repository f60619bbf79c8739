import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../runtime/command-line.ts';
import { exitCodeOf, listenForStop } from '../runtime/stop-signals.ts';
import { identifyProcess, killProcess } from '../standalone/services/processes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const layers = ['domain', 'workflows', 'activities', 'store', 'api', 'worker', 'runtime', 'standalone'];
const others = [
  'portal',
  'scripts/build.ts',
  'scripts/workflow-bundle.ts',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const target = join(root, 'dist');
const draftFolder = join(root, 'node_modules', '.cache', 'help-on-demand', `build-${process.pid}`);
/** Tools that are running. */
const running = new Set<ChildProcess>();

const command = {
  name: 'npm run build',
  about: 'Builds dist/, from which the processes run, unless the sources are unchanged since the last build.',
  exitCodes: {
    0: 'dist/ is up to date',
    1: 'the build failed; dist/ is as it was',
    130: 'Ctrl-C ended it; dist/ is as it was',
  },
};

/** Builds in a temporary folder and then moves it, so that a failed build leaves the last one as it was. */
async function main(): Promise<void> {
  const hash = hashOfSources();
  if (isBuiltFrom(hash)) return;
  const draft = draftFolder;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    await allOf([compile(draft), buildPortal(draft), writeWorkflowBundle(draft)]);
    copyDataFiles(draft);
    writeFileSync(join(draft, '.sources'), hash);
    putInPlace(draft, hash);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Waits for all, even if one has failed, because the others may still write. @throws all failures in one error */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(works);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [String(outcome.reason)] : [],
  );
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}

function isBuiltFrom(hash: string): boolean {
  const stamp = join(target, '.sources');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** Puts the build in place of the one before it, unless another process has just put the same one there. */
function putInPlace(draft: string, hash: string): void {
  while (!isBuiltFrom(hash)) {
    rmSync(target, { recursive: true, force: true });
    try {
      return moveFolder(draft, target);
    } catch (error) {
      // another process has put its build there between the two steps
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

/** Moves the build to its folder. Copies it if `node_modules` is on another disk, where a rename fails. */
function moveFolder(draft: string, destination: string): void {
  try {
    renameSync(draft, destination);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    cpSync(draft, destination, { recursive: true });
  }
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const path of [...layers, ...others].flatMap((source) => filesBelow(join(root, source)))) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  const entries = entriesOf(path);
  if (entries === undefined) return [path];
  return entries.flatMap((name) => filesBelow(join(path, name)));
}

/** Lists a folder; undefined for a file. */
function entriesOf(path: string): string[] | undefined {
  try {
    return readdirSync(path).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function compile(draft: string): Promise<void> {
  return run('typescript', 'tsc', ['-p', 'tsconfig.build.json', '--outDir', draft, '--sourceMap']);
}

async function buildPortal(draft: string): Promise<void> {
  if (!existsSync(join(root, 'portal', 'index.html'))) return;
  const flags = ['--outDir', join(draft, 'portal'), '--emptyOutDir', '--logLevel', 'warn'];
  await run('vite', 'vite', ['build', 'portal', ...flags]);
}

/** Writes the workflow bundle. Workers in production never bundle by themselves. */
async function writeWorkflowBundle(draft: string): Promise<void> {
  // imported here, because the package takes a while to load and an unchanged build does not need it
  const { bundleWorkflows } = await import('./workflow-bundle.ts');
  const code = await bundleWorkflows();
  mkdirSync(join(draft, 'worker'), { recursive: true });
  writeFileSync(join(draft, 'worker', 'workflow-bundle.js'), code);
}

/** Copies the files that the compiler does not: migrations, tables, terms, pages. */
function copyDataFiles(draft: string): void {
  for (const path of layers.flatMap((layer) => filesBelow(join(root, layer)))) {
    if (/\.tsx?$/.test(path)) continue;
    const copy = join(draft, relative(root, path));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(path, copy);
  }
}

/** Runs a package's tool in a separate process, so that the tools run in parallel. */
async function run(packageName: string, tool: string, args: readonly string[]): Promise<void> {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  const child = spawn(process.execPath, [join(folder, bin[tool] ?? ''), ...args], {
    cwd: root,
    // its own process group, so that the compiler that it starts can be killed with it
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  running.delete(child);
  if (code !== 0) throw new Error(`${tool} ended with ${code}\n${output.trim()}`);
}

/** Kills the tools, because the compiler ignores a request to stop. */
function killTools(signal: NodeJS.Signals): never {
  for (const { pid } of running) {
    const known = pid === undefined ? undefined : identifyProcess(pid);
    if (known !== undefined) killProcess(known);
  }
  rmSync(draftFolder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(exitCodeOf(signal));
}

readCommandLine(command);
void listenForStop().received.then(killTools);
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
