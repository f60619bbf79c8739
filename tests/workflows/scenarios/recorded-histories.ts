import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { temporal } from '@temporalio/proto';

const { History } = temporal.api.history.v1;
type History = temporal.api.history.v1.IHistory;

const folder = new URL('../../histories/', import.meta.url);

/** Names of the recorded histories. */
export const recordedHistories: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

/** Saves a history as JSON, without the names of the machines that it ran on. */
export function writeHistory(name: string, history: History): void {
  const plain: unknown = History.toObject(History.fromObject(history), {
    longs: String,
    enums: String,
    bytes: String,
  });
  const text = JSON.stringify(plain, (key, value: unknown) => (key === 'identity' ? undefined : value), 1);
  writeFileSync(new URL(`${name}.json`, folder), `${text}\n`);
}

/** Lists every stage that a recorded history showed to ops. */
export function stagesIn({ events }: History): string[] {
  return (events ?? []).flatMap(({ upsertWorkflowSearchAttributesEventAttributes: shown }) => {
    const stage = shown?.searchAttributes?.indexedFields?.['Stage']?.data;
    return stage ? [JSON.parse(Buffer.from(stage).toString()) as string] : [];
  });
}

export function readHistory(name: string): History {
  const text = readFileSync(new URL(`${name}.json`, folder), 'utf8');
  return History.fromObject(JSON.parse(text) as Record<string, unknown>);
}
