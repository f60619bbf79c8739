import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import proto, { type temporal } from '@temporalio/proto';
import { patchProtobufRoot } from '@temporalio/proto/lib/patch-protobuf-root.js';

const { History } = proto.temporal.api.history.v1;
type History = temporal.api.history.v1.IHistory;

/**
 * Reads the history of one workflow: JSON as the Temporal UI and `temporal workflow show --output json` write it, or as
 * `tests/histories` holds it.
 * @throws an error that says what is wrong with the file
 */
export function readHistoryFile(path: string): History {
  const json = parse(readText(path));
  // some versions of the UI write the events alone, and the HTTP API writes the history as one of several members
  const whole = isObject(json) && 'history' in json ? json.history : json;
  const history = Array.isArray(whole) ? { events: whole as unknown[] } : whole;
  const first: unknown = isObject(history) && Array.isArray(history.events) ? history.events[0] : undefined;
  if (!isObject(history) || !isObject(first) || !('eventType' in first))
    throw new Error('it holds no workflow history: expected {"events": [ … ]}');
  try {
    // ProtoJSON has times as text; `tests/histories` has them as seconds and nanoseconds
    return typeof first.eventTime === 'string' ? fromProtoJson(history) : History.fromObject(history);
  } catch (error) {
    throw new Error(`its events cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Reads ProtoJSON. The SDK's `historyFromJSON` works only if npm has installed a single copy of protobufjs, because a
 * copy accepts only its own types. This uses the copy that `@temporalio/proto` uses.
 */
function fromProtoJson(json: unknown): History {
  const requireOfTypes = createRequire(createRequire(import.meta.url).resolve('@temporalio/proto'));
  const { fromJson } = requireOfTypes('protobufjs/ext/protojson') as {
    fromJson: (type: unknown, json: unknown, options: { ignoreUnknownFields: boolean }) => History;
  };
  const types = patchProtobufRoot({ ...proto }) as unknown as { lookupType: (name: string) => unknown };
  // a newer server may write fields that this SDK does not know
  return fromJson(types.lookupType('temporal.api.history.v1.History'), json, { ignoreUnknownFields: true });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' };
    throw new Error(why[code as keyof typeof why] ?? messageOf(error), { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
