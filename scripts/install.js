import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * Installs the packages of package-lock.json, unless they are installed already. This is the first step of `npm start` and
 * `npm test`. With `--all` those of scripts/package-lock.json too, which are large and which `npm start` does not need.
 * Written in plain JavaScript, because nothing is installed yet on a fresh clone.
 */
const root = new URL('..', import.meta.url);
const packages = process.argv.includes('--all') ? [root, new URL('scripts/', root)] : [root];

/** Installs the packages of a folder. @returns npm's exit code */
function install(folder) {
  const lock = new URL('package-lock.json', folder);
  const stamp = new URL('node_modules/.installed', folder);
  const hash = () => createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash()) return 0;
  const which = folder === root ? '' : ' of scripts/';
  process.stdout.write(`Installing packages${which}. The first time this takes a minute or two.\n`);
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...flags], {
    cwd: fileURLToPath(folder),
    stdio: 'inherit',
  });
  if (status === 0) writeFileSync(stamp, hash());
  return status ?? 1;
}

for (const folder of packages) process.exitCode ||= install(folder);
