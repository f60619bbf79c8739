import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The folders whose imports are checked. */
const folders = [
  'domain',
  'workflows',
  'activities',
  'store',
  'api',
  'worker',
  'runtime',
  'portal',
  'standalone',
  'bench',
  'scripts',
  'tests',
];

/** A command that fails when it finds a fault in the sources. */
export interface Check {
  name: string;
  command: string;
  args: readonly string[];
}

export interface CheckResult {
  passed: boolean;
  /** What the command printed. */
  output: string;
  /** Name, result and duration of the check, on one line. */
  summary: string;
}

/** The compiler's record of its last run, so that it checks only files that a change affects. */
const typesOfLastRun = join(root, 'node_modules', '.cache', 'help-on-demand', 'types.tsbuildinfo');
const tool = (name: string) => join(root, 'node_modules', '.bin', name);

/** Types, lint, format and import directions: what `npm run check` runs, and `npm test` before everything else. */
export const quickChecks: readonly Check[] = [
  { name: 'format', command: tool('biome'), args: ['check', '--error-on-warnings', '.'] },
  { name: 'lint', command: tool('oxlint'), args: ['--type-aware', '--deny-warnings'] },
  {
    name: 'types',
    command: tool('tsc'),
    args: ['--noEmit', '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', typesOfLastRun],
  },
  {
    name: 'import directions',
    command: tool('depcruise'),
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      ...folders.filter((folder) => existsSync(join(root, folder))),
    ],
  },
];

/** The checks that only `npm test` runs, after the quick ones. */
export const slowChecks: readonly Check[] = [
  { name: 'dead code', command: tool('knip'), args: ['--no-progress'] },
  {
    name: 'generated schema',
    command: process.execPath,
    args: ['--import', 'tsx', 'scripts/generate-schema.ts', '--verify'],
  },
  // before the tests: several of them need the build, and would otherwise replace it while others use it
  { name: 'build', command: process.execPath, args: ['--import', 'tsx', 'scripts/build.ts'] },
];

/** Runs a check to its end. */
export async function runCheck({ name, command, args }: Check): Promise<CheckResult> {
  const began = performance.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const passed = code === 0;
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const summary = `${name.padEnd(18)} ${passed ? 'passed' : 'FAILED'}  ${seconds} s`;
  return { passed, output: output.trim(), summary };
}
