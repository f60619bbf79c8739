import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type FeedKind, feedKinds } from '../../domain/onboarding/evidence.ts';
import { marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import { feedDefinitions } from '../../store/feeds/import/definitions.ts';
import { completeAgent, type NamedAgent, randomAgent, type SampleAgent } from './agents.ts';
import { parseDay } from './days.ts';
import { rowsOf } from './rows.ts';

/** Options of the generator. The same options give the same bytes. */
export interface SampleOptions {
  /** Folder for the `<kind>.csv` files; created if it does not exist. */
  directory: string;
  seed: number;
  /** Number of random agents, in addition to the named ones. */
  agents: number;
  /** Date of the files, `YYYY-MM-DD`; today by default. No date in them is later, apart from ends and expirations. */
  asOf?: string;
  /** Agents with fixed data at the top of the files. */
  named?: readonly NamedAgent[];
}

/** Path of each feed, and its number of rows without the header. */
export type SampleFiles = Readonly<Record<FeedKind, { path: string; rows: number }>>;

/**
 * Writes the four feeds as their sources do: headers, leading zeros, `-` flags for the earlier plan year, entities,
 * SHOP-only and reversed terminations, quoted fields. Most agents fail no condition; `failingShares` has the shares.
 * Each agent is generated again for each file, so that memory does not grow with the number of agents.
 */
export async function generateFeeds(options: SampleOptions): Promise<SampleFiles> {
  await mkdir(options.directory, { recursive: true });
  const files = {} as Record<FeedKind, { path: string; rows: number }>;
  for (const kind of feedKinds) {
    const file = { path: join(options.directory, `${kind}.csv`), rows: -1 };
    await pipeline(inChunks(counted(csvLinesOf(kind, options), file)), createWriteStream(file.path));
    files[kind] = file;
  }
  return files;
}

function* csvLinesOf(kind: FeedKind, options: SampleOptions): Generator<string> {
  yield csvLine(feedDefinitions[kind].columns.map(({ header }) => header));
  const asOf = parseDay(options.asOf ?? marketplaceDateAt(new Date()));
  for (const agent of agentsOf(options, asOf)) {
    for (const row of rowsOf[kind](agent, asOf)) yield csvLine(row);
  }
}

function* agentsOf({ seed, agents, named = [] }: SampleOptions, asOf: number): Generator<SampleAgent> {
  const options = { seed, asOf, taken: new Set(named.map(({ npn }) => npn)) };
  for (const agent of named) yield completeAgent(agent, options);
  for (let number = 0; number < agents; number += 1) yield randomAgent(number, options);
}

function* counted(lines: Iterable<string>, file: { rows: number }): Generator<string> {
  for (const line of lines) {
    file.rows += 1;
    yield line;
  }
}

function csvLine(fields: readonly string[]): string {
  const quoted = fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
  return `${quoted.join(',')}\n`;
}

/** Characters of one write. Large writes are several times faster than one per row. */
const chunkLength = 64 * 1024;

/** Joins lines into chunks of about 64 kB. */
export function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
