import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Workflow histories that the code of this folder has recorded. Those of releases are below it. */
export const historiesFolder = join(root, 'tests', 'histories');

/** Returns the folder of a release, by its name below `historiesFolder`: its workflow bundle and its histories. */
export const folderOfRelease = (version: string) => join('releases', version);

/** Returns the path of the workflow bundle of a release, with an empty source map. */
export const bundleOfRelease = (version: string) =>
  join(historiesFolder, folderOfRelease(version), 'workflow-bundle.js');

/** Returns the path of the list of task queues that the workers of a release poll, one a line. */
export const taskQueuesOfRelease = (version: string) =>
  join(historiesFolder, folderOfRelease(version), 'task-queues.txt');

/** Reads the version in package.json: that of a release, such as `0.2.0`, or of one in the making, such as `0.3.0-dev`. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** True for the version of a release, false for one in the making. */
export function isRelease(version: string): boolean {
  return releaseOf(version) === version;
}

/** Lists the releases whose histories are kept, the oldest first. */
export function listReleases(): string[] {
  const folder = join(historiesFolder, 'releases');
  return existsSync(folder) ? readdirSync(folder).toSorted(compareReleases) : [];
}

/** Returns the last release before a version: the one that goes back to it. Undefined before the second release. */
export function releaseBefore(version: string): string | undefined {
  return listReleases().findLast((release) => compareReleases(release, version) < 0);
}

/** Compares two versions by the release that each is, or is in the making of. */
export function compareReleases(one: string, other: string): number {
  return releaseOf(one).localeCompare(releaseOf(other), 'en', { numeric: true });
}

const releaseOf = (version: string) => version.replace(/-.*$/, '');
