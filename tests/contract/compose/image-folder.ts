import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder, runBuild } from '../../../standalone/services/programs.ts';
import { readProjectFile } from './compose-file.ts';

/**
 * Makes the folder `/app` of the image on this machine: runs the steps of the Dockerfile that choose the packages, and adds
 * the build.
 * @param folder does not exist yet
 * @throws an error with the output of a step that fails
 */
export async function makeImageFolder(folder: string, announce: (sentence: string) => void): Promise<void> {
  mkdirSync(folder);
  for (const [instruction, rest] of stepsOf('packages')) {
    if (instruction === 'COPY') copy(rest.split(' ').slice(0, -1), folder);
    else if (instruction === 'RUN') await run(rest, folder);
  }
  await runBuild(announce);
  cpSync(join(projectFolder, 'dist'), join(folder, 'dist'), { recursive: true });
  rmSync(join(folder, 'dist', 'standalone'), { recursive: true });
}

/** Variables that the Dockerfile sets for every process of the image. */
export function imageEnvironment(): Record<string, string> {
  const lines = readProjectFile('Dockerfile').matchAll(/^ENV (\w+)="?([^"\n]*)"?$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

/** The steps of a stage: instruction and the rest of its line, continued lines joined. */
function stepsOf(stage: string): [instruction: string, rest: string][] {
  const [, text] =
    new RegExp(`^FROM \\S+ AS ${stage}\n(.*?)^FROM `, 'ms').exec(readProjectFile('Dockerfile')) ?? [];
  if (text === undefined) throw new Error(`The Dockerfile has no stage ${stage}`);
  const lines = text.replaceAll('\\\n', '').split('\n');
  return lines.map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]);
}

function copy(names: readonly string[], folder: string): void {
  for (const name of names) cpSync(join(projectFolder, name), join(folder, name));
}

async function run(command: string, cwd: string): Promise<void> {
  // Jest's flags for Node are not those of the image's build
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn('sh', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`RUN ${command} ended with ${code}\n${output.trim()}`);
}
