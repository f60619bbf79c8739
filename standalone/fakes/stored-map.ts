import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A map in insertion order. With a file it keeps its content over a restart. */
export interface StoredMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  clear(): void;
  /** All values, oldest first. */
  values(): Value[];
}

/**
 * Opens a map over a file with one JSON line per change; the last line for a key wins. Each line is written at once, so
 * that a killed process loses nothing. Opening rewrites the file without replaced entries. Only its owner can read the
 * file, because mails contain links with secrets. Without a file the map is kept in memory.
 * @param keep number of entries that are kept; the oldest are removed first
 */
export function openStoredMap<Value>(file: string | undefined, keep: number): StoredMap<Value> {
  const entries = new Map<string, Value>(file === undefined ? [] : read<Value>(file));
  dropOldest(entries, keep);
  if (file !== undefined) rewrite(file, entries);

  const append = (key: string, value: Value | null) => {
    if (file !== undefined) appendFileSync(file, lineOf(key, value));
  };
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.set(key, value);
      append(key, value);
      for (const dropped of dropOldest(entries, keep)) append(dropped, null);
    },
    delete(key) {
      if (entries.delete(key)) append(key, null);
    },
    clear() {
      entries.clear();
      if (file !== undefined) rewrite(file, entries);
    },
    values: () => [...entries.values()],
  };
}

const lineOf = (key: string, value: unknown) => `${JSON.stringify([key, value])}\n`;

function read<Value>(file: string): Map<string, Value> {
  const entries = new Map<string, Value>();
  if (!existsSync(file)) return entries;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const change = parsed(line);
    if (change === undefined) continue;
    const [key, value] = change;
    if (value === null) entries.delete(key);
    else entries.set(key, value as Value);
  }
  return entries;
}

/** Parses a line. A process that was killed while writing leaves half a line; that change was never answered, so it is skipped. */
function parsed(line: string): [string, unknown] | undefined {
  try {
    return JSON.parse(line) as [string, unknown];
  } catch {
    return undefined;
  }
}

function rewrite(file: string, entries: ReadonlyMap<string, unknown>): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lines = [...entries].map(([key, value]) => lineOf(key, value));
  writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function dropOldest(entries: Map<string, unknown>, keep: number): string[] {
  const dropped = [...entries.keys()].slice(0, Math.max(0, entries.size - keep));
  for (const key of dropped) entries.delete(key);
  return dropped;
}
