import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { historiesFolder } from '../../../scripts/kept-releases.ts';
import { taskQueue } from '../../../workflows/messages.ts';

const { History } = temporal.api.history.v1;
type History = temporal.api.history.v1.IHistory;

/** Lists the names of the histories in a folder below `tests/histories`, as `readHistory` takes them. */
export function listHistories(folder = ''): string[] {
  const path = join(historiesFolder, folder);
  const files = existsSync(path) ? readdirSync(path).toSorted() : [];
  return files.filter((file) => file.endsWith('.json')).map((file) => join(folder, file.slice(0, -5)));
}

/** Names of the histories that this code has recorded. */
export const recordedHistories: readonly string[] = listHistories();

/** Names of the histories that this code has recorded with a patch on that is not: the next release may write such. */
export const historiesAhead: readonly string[] = listHistories('ahead');

/** Histories are recorded anew, by the tests that play their paths. */
export const isRecording = process.env.RECORD_HISTORIES !== undefined;

/** Saves a history as JSON, without the names of the machines that it ran on. */
export function writeHistory(name: string, history: History): void {
  const plain: unknown = History.toObject(History.fromObject(history), {
    longs: String,
    enums: String,
    bytes: String,
  });
  const text = JSON.stringify(plain, (key, value: unknown) => (key === 'identity' ? undefined : value), 1);
  const path = pathOf(name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}

/** Lists every stage that a recorded history showed to ops. */
export function stagesIn({ events }: History): string[] {
  return (events ?? []).flatMap(({ upsertWorkflowSearchAttributesEventAttributes: shown }) => {
    const stage = shown?.searchAttributes?.indexedFields?.['Stage']?.data;
    return stage ? [JSON.parse(Buffer.from(stage).toString()) as string] : [];
  });
}

/** Lists the patches that a history has the marker of. */
export function patchesIn({ events }: History): string[] {
  return (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) => {
    const data = marker?.details?.['patch-data']?.payloads?.[0]?.data;
    return data ? [(JSON.parse(Buffer.from(data).toString()) as { id: string }).id] : [];
  });
}

/** Lists the task queues on which a history starts something, as if its workflow ran in the queue of this service. */
export function taskQueuesIn({ events }: History): string[] {
  const own = events?.[0]?.workflowExecutionStartedEventAttributes?.taskQueue?.name ?? '';
  return (events ?? []).flatMap((event) => {
    const started =
      event.activityTaskScheduledEventAttributes ??
      event.startChildWorkflowExecutionInitiatedEventAttributes ??
      event.workflowExecutionContinuedAsNewEventAttributes;
    return started?.taskQueue?.name ? [started.taskQueue.name.replace(own, taskQueue)] : [];
  });
}

export function readHistory(name: string): History {
  return History.fromObject(JSON.parse(readFileSync(pathOf(name), 'utf8')) as Record<string, unknown>);
}

const pathOf = (name: string) => join(historiesFolder, `${name}.json`);
