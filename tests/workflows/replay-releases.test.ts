import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import {
  bundleOfRelease,
  compareReleases,
  folderOfRelease,
  isRelease,
  listReleases,
  readVersion,
  releaseBefore,
  taskQueuesOfRelease,
} from '../../scripts/kept-releases.ts';
import { readBuildId } from '../../worker/deployment/version.ts';
import { polledTaskQueues } from '../../worker/worker.ts';
import { type PatchName, patches } from '../../workflows/patches.ts';
import { quietSdk } from '../harness/quiet-sdk.ts';
import { getSharedServer } from '../harness/servers/shared-servers.ts';
import {
  historiesAhead,
  listHistories,
  patchesIn,
  readHistory,
  recordedHistories,
  taskQueuesIn,
} from './scenarios/recorded-histories.ts';

type History = temporal.api.history.v1.IHistory;

quietSdk();
const version = readVersion();
const last = releaseBefore(version);
const isOn = (name: PatchName) => patches[name].switchedOnIn !== undefined;
const allPatches = Object.keys(patches) as PatchName[];

/** Replays histories with a bundle. @returns what differs, by the history's name */
async function replayAll(codePath: string, histories: Record<string, History>) {
  const named = Object.entries(histories).map(([workflowId, history]) => ({ workflowId, history }));
  const differing: Record<string, string> = {};
  const replays = Worker.runReplayHistories({ workflowBundle: { codePath } }, named);
  for await (const { workflowId, error } of replays) if (error) differing[workflowId] = error.message;
  return differing;
}

const read = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, readHistory(name)]));

describe('one can go to the next release and back to the last one', () => {
  test('the histories of each release that is kept replay with this version', async () => {
    const { codePath } = await getSharedServer('workflowBundle');
    const histories = read(listReleases().flatMap((release) => listHistories(folderOfRelease(release))));
    expect(await replayAll(codePath, histories)).toEqual({});
  });

  test('the histories of this version replay with the bundle of the last release', async () => {
    // and a release with its own, so that one which cannot be run is noticed before it is needed
    for (const release of listReleases().filter((kept) => kept === last || kept === version))
      expect(await replayAll(bundleOfRelease(release), read(recordedHistories))).toEqual({});
  });

  test('a marker that the last release does not know is noticed', async () => {
    const marked = recordedHistories.map(readHistory).find((history) => patchesIn(history).length > 0) ?? {};
    for (const { markerRecordedEventAttributes: marker } of marked.events ?? []) {
      const [data] = marker?.details?.['patch-data']?.payloads ?? [];
      if (data) data.data = Buffer.from(JSON.stringify({ id: 'of-a-later-release', deprecated: false }));
    }
    const { marked: difference } = last ? await replayAll(bundleOfRelease(last), { marked }) : {};
    expect(difference).toMatch(/of-a-later-release/);
  });

  test('what starts in a history of this version starts on a task queue that the last release polls', () => {
    const used = new Set(recordedHistories.map(readHistory).flatMap(taskQueuesIn));
    const polled = last ? readFileSync(taskQueuesOfRelease(last), 'utf8').split('\n') : polledTaskQueues;
    expect([...used].filter((queue) => !polled.includes(queue))).toEqual([]);
  });
});

describe('a patch ships one release before it is switched on', () => {
  test('each that is on was shipped by the last release, whose bundle knows it', () => {
    const known = last ? readFileSync(bundleOfRelease(last), 'utf8') : '';
    const unknown = allPatches.filter(
      (name) =>
        isOn(name) &&
        !(last && compareReleases(patches[name].shippedIn, last) <= 0 && known.includes(`'${name}'`)),
    );
    expect(unknown).toEqual([]);
  });

  test('each that is on has its marker in a history of this version, each other in one recorded ahead', () => {
    const shown = (names: readonly string[]) => new Set(names.map(readHistory).flatMap(patchesIn));
    expect(shown(recordedHistories)).toEqual(new Set(allPatches.filter(isOn)));
    expect(shown(historiesAhead)).toEqual(new Set(allPatches.filter((name) => !isOn(name))));
  });

  test('no workflow asks for a patch that is not in the list', () => {
    const folder = fileURLToPath(new URL('../../workflows/', import.meta.url));
    const asking = readdirSync(folder).filter((name) =>
      /\bpatched\(/.test(readFileSync(folder + name, 'utf8')),
    );
    expect(asking).toEqual(['patches.ts']);
  });
});

describe('the version in package.json', () => {
  test('is in the making, or is that of a release whose bundle is kept and is the bundle of this code', async () => {
    const { codePath } = await getSharedServer('workflowBundle');
    const kept = isRelease(version) ? readBuildId(bundleOfRelease(version)) : readBuildId(codePath);
    expect(kept).toBe(readBuildId(codePath));
  });

  test('comes after every release that is kept', () => {
    const newer = listReleases().filter((release) => compareReleases(release, version) > 0);
    expect(newer).toEqual([]);
    expect(listReleases().includes(version)).toBe(isRelease(version));
  });
});
