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

/** Registry of the running parts: keeps `run.json` and `processes.json` up to date, and stops everything. */
export interface PartRegistry {
  /** Records the process and the address of a part. */
  recordPart: (name: PartName, process: KnownProcess, address: string) => void;
  /** Records a part that was not started here. @returns its address */
  recordExternalPart: (name: PartName, address: string) => string;
  /** Records a process that is not a part. */
  recordProcess: (name: 'start', process: KnownProcess) => void;
  /** Adds a function that stops a part. `stop` calls them in reverse order. */
  onStop: (stop: () => Promise<void>) => void;
  /** Writes `run.json` from now on, because everything is up. */
  publish: (rest: Omit<RunFile, 'parts'>) => void;
  run: () => RunFile;
  /** Prints a message to the terminal. */
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
        await stop().catch((error: unknown) => say(`A part did not stop cleanly: ${String(error)}`));
      }
    },
  };
}
