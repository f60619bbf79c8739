import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/*
 * Installs the packages of package-lock.json, unless they are installed already. This is the first step of `npm start` and
 * `npm test`. Written in plain JavaScript, because nothing is installed yet on a fresh clone.
 */

const lock = new URL('../package-lock.json', import.meta.url);
const stamp = new URL('../node_modules/.installed', import.meta.url);
const hash = () => createHash('sha256').update(readFileSync(lock)).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash()) {
  process.stdout.write('Installing packages. The first time this takes a minute or two.\n');
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...flags], { stdio: 'inherit' });
  if (status === 0) writeFileSync(stamp, hash());
  process.exitCode = status ?? 1;
}
