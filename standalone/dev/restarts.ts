import type { RunningPrograms } from '../services/start-programs.ts';

export interface RestartOptions {
  programs: Pick<RunningPrograms, 'restart' | 'runOnce'>;
  /** Bundles the workflows. @returns whether the bundle has changed */
  bundle: () => Promise<boolean>;
  say: (line: string) => void;
  /** Once it is aborted, changes are ignored. */
  signal: AbortSignal;
}

/** Restarts the programs whose files have changed. */
export interface Restarts {
  /** Reports a changed file by its path relative to the project. */
  changed: (path: string) => void;
  /** Waits for a restart in progress. Call it once `signal` is aborted. */
  finish: () => Promise<void>;
}

/** The folders with the sources of the worker and the API. */
export const watchedFolders = ['domain', 'workflows', 'activities', 'store', 'runtime', 'api', 'worker'];

/** Milliseconds without another change before a restart, because a save or a checkout changes several files at once. */
const quietMs = 150;

/** Collects changes until none has come for `quietMs`, then restarts what they affect. Restarts never overlap. */
export function createRestarts({ programs, bundle, say, signal }: RestartOptions): Restarts {
  const changes = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  /** Stays true if the worker of a new bundle does not become ready: the next worker that does is promoted. */
  let hasNewVersion = false;

  async function restart(name: 'api' | 'worker'): Promise<void> {
    const began = performance.now();
    await programs.restart(name);
    say(`  ${name} restarted after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  }

  async function applyChanges(): Promise<void> {
    if (signal.aborted || changes.size === 0) return;
    const paths = [...changes];
    changes.clear();
    const { migration, workflows, worker, api } = whatChanges(paths);
    say(`${paths.length === 1 ? paths[0] : `${paths.length} files`} changed`);
    try {
      if (migration) await programs.runOnce('migrate');
      if (workflows && (await bundle())) hasNewVersion = true;
      const restartWorker = async () => {
        await restart('worker');
        // a worker gets no work until its version is promoted
        if (hasNewVersion) await programs.runOnce('promote');
        hasNewVersion = false;
      };
      await allOf([...(worker ? [restartWorker()] : []), ...(api ? [restart('api')] : [])]);
    } catch (error) {
      if (!signal.aborted)
        say(`${error instanceof Error ? error.message : String(error)}\nWaiting for another change`);
    }
  }

  return {
    changed(path) {
      if (signal.aborted || !isSource(path)) return;
      changes.add(path);
      clearTimeout(timer);
      timer = setTimeout(() => {
        running = running.then(applyChanges);
      }, quietMs);
    },
    async finish() {
      clearTimeout(timer);
      await running;
    },
  };
}

/** Returns what must be run or restarted because of changed files. */
export function whatChanges(paths: readonly string[]) {
  const isIn = (...folders: string[]) => paths.some((path) => folders.includes(path.split('/')[0] ?? ''));
  const shared = isIn('domain', 'workflows', 'activities', 'store', 'runtime');
  return {
    migration: paths.some((path) => /(^|\/)migrations\//.test(path)),
    workflows: isIn('domain', 'workflows'),
    worker: shared || isIn('worker'),
    api: shared || isIn('api'),
  };
}

/** Recognizes sources by their extension. Editors put other files beside them while saving. */
function isSource(path: string): boolean {
  return /\.(tsx?|sql|json|csv|tsv|txt|md)$/.test(path);
}

/** Waits for all tasks, even if one has failed. @throws all failures in one error */
async function allOf(tasks: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(tasks);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected'
      ? [outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason)]
      : [],
  );
  if (failures.length > 0) throw new Error(failures.join('\n'));
}
