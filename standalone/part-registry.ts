import type { Announce } from './progress.ts';
import {
  type Part,
  type PartName,
  type RunFile,
  readStartedProcesses,
  removeRunFile,
  type StartedProcesses,
  writeRunFile,
  writeStartedProcesses,
} from './run-file.ts';
import type { KnownProcess } from './services/processes.ts';

/** The book of what runs: it keeps `run.json` and `processes.json` true, and knows how to end everything. */
export interface PartRegistry {
  /** A part runs as this process from now on. */
  recordPart: (name: PartName, process: KnownProcess, address: string) => void;
  /** A part that is not ours. @returns its address */
  recordExternalPart: (name: PartName, address: string) => string;
  /** Notes a process that is no part. */
  recordProcess: (name: 'start', process: KnownProcess) => void;
  /** What is to be done to end a part; the last one started is ended first. */
  onStop: (stop: () => Promise<void>) => void;
  /** Everything is up: from now on `run.json` tells the world. */
  publish: (rest: Omit<RunFile, 'parts'>) => void;
  run: () => RunFile;
  /** Tells the person who looks on. */
  say: Announce;
  stop: () => Promise<void>;
}

export function createPartRegistry(dataDir: string, say: Announce): PartRegistry {
  const addresses: Partial<Record<PartName, Part>> = {};
  const started: StartedProcesses = { ...readStartedProcesses(dataDir) };
  const stops: (() => Promise<void>)[] = [];
  let published: Omit<RunFile, 'parts'> | undefined;

  const run = (): RunFile => {
    if (published === undefined) throw new Error('Not everything is up yet');
    return { parts: { ...addresses }, ...published };
  };
  const save = () => {
    writeStartedProcesses(dataDir, started);
    if (published !== undefined) writeRunFile(dataDir, run());
  };
  return {
    recordPart(name, process, address) {
      started[name] = process;
      addresses[name] = { pid: process.pid, address };
      save();
    },
    recordExternalPart(name, address) {
      addresses[name] = { address };
      return address;
    },
    recordProcess(name, process) {
      started[name] = process;
      save();
    },
    onStop: (stop) => void stops.push(stop),
    publish(rest) {
      published = rest;
      save();
    },
    run,
    say,
    async stop() {
      published = undefined;
      removeRunFile(dataDir);
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
        await stop().catch((error: unknown) => say(`A part did not end as it should: ${String(error)}`));
      }
    },
  };
}
