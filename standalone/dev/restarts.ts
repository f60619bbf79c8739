import type { RunningPrograms } from '../services/start-programs.ts';

export interface RestartOptions {
  programs: Pick<RunningPrograms, 'restart' | 'runOnce'>;
  /** Bundles the workflows. @returns whether the bundle is another than before */
  bundle: () => Promise<boolean>;
  say: (line: string) => void;
  /** From its abortion on no change is taken up. */
  signal: AbortSignal;
}

/** Brings what runs up to date with the files that it runs from. */
export interface Restarts {
  /** A file has changed; its path is relative to the project. */
  changed: (path: string) => void;
  /** Waits until the restart under way is over, to be called once `signal` is aborted. */
  finish: () => Promise<void>;
}

/** The folders whose files worker and API run from. */
export const watchedFolders = ['domain', 'workflows', 'activities', 'store', 'runtime', 'api', 'worker'];

/** An editor that saves, and git that checks out, change several files at once. */
const quietMs = 150;

/** Gathers the changes of a moment and does what they call for, one round after another. */
export function createRestarts({ programs, bundle, say, signal }: RestartOptions): Restarts {
  const changes = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  /** Also of a bundle whose worker did not become ready: a later one that does is to get work. */
  let hasNewVersion = false;

  async function restart(name: 'api' | 'worker'): Promise<void> {
    const began = performance.now();
    await programs.restart(name);
    say(`  ${name} restarted after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  }

  async function bringUpToDate(): Promise<void> {
    if (signal.aborted || changes.size === 0) return;
    const paths = [...changes];
    changes.clear();
    const { migration, workflows, worker, api } = whatChanges(paths);
    say(`${paths.length === 1 ? paths[0] : `${paths.length} files`} changed`);
    try {
      if (migration) await programs.runOnce('migrate');
      if (workflows && (await bundle())) hasNewVersion = true;
      const renewWorker = async () => {
        await restart('worker');
        // until its version is made current a worker gets no work
        if (hasNewVersion) await programs.runOnce('promote');
        hasNewVersion = false;
      };
      await allOf([...(worker ? [renewWorker()] : []), ...(api ? [restart('api')] : [])]);
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
        running = running.then(bringUpToDate);
      }, quietMs);
    },
    async finish() {
      clearTimeout(timer);
      await running;
    },
  };
}

/** What changed files call for. */
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

/** Not what editors put beside a file while they save it. */
function isSource(path: string): boolean {
  return /\.(tsx?|sql|json|csv|tsv|txt|md)$/.test(path);
}

/** Waits for all, also when one has failed. @throws the failures in one error */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(works);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected'
      ? [outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason)]
      : [],
  );
  if (failures.length > 0) throw new Error(failures.join('\n'));
}
