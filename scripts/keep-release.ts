import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCommandLine, refuseCommandLine } from '../runtime/command-line.ts';
import { withoutSourceMap } from '../worker/deployment/version.ts';
import { polledTaskQueues } from '../worker/worker.ts';
import {
  bundleOfRelease,
  folderOfRelease,
  historiesFolder,
  isRelease,
  listReleases,
  readVersion,
  releaseBefore,
  taskQueuesOfRelease,
} from './kept-releases.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

const command = {
  name: 'npm run keep-release',
  about:
    'Keeps the workflow bundle, the recorded histories and the task queues of the release that package.json names, in ' +
    'tests/histories/releases. The tests compare later versions with them (CONTRIBUTING.md). Deletes the bundles of ' +
    'releases before the last one, to which nobody goes back. Safe to repeat.',
  exitCodes: { 0: 'the release is kept', 1: 'it failed' },
};

/** Stands for the source map, which names the folder of the build: the SDK runs no bundle without one. */
const emptySourceMap = Buffer.from('{"version":3,"sources":[],"names":[],"mappings":""}').toString('base64');

/** Keeps the release. */
async function main(): Promise<void> {
  readCommandLine(command);
  const version = readVersion();
  if (!isRelease(version))
    refuseCommandLine(command, `The version in package.json, ${version}, is not that of a release`);
  const code = withoutSourceMap(await bundleWorkflows());
  const folder = join(historiesFolder, folderOfRelease(version));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sourceMap = `\n//# sourceMappingURL=data:application/json;base64,${emptySourceMap}\n`;
  writeFileSync(bundleOfRelease(version), code + sourceMap);
  writeFileSync(taskQueuesOfRelease(version), `${polledTaskQueues.join('\n')}\n`);
  const histories = readdirSync(historiesFolder).filter((name) => name.endsWith('.json'));
  for (const name of histories) copyFileSync(join(historiesFolder, name), join(folder, name));
  const last = releaseBefore(version);
  for (const release of listReleases().filter((one) => one !== version && one !== last))
    rmSync(bundleOfRelease(release), { force: true });
  process.stdout.write(
    `Kept ${version}: ${histories.length} histories and ${basename(bundleOfRelease(version))}\n`,
  );
}

await main();
