import type { Change, ChangeBatch } from '../../../store/changes.ts';

/** What can be watched: one request for help, all that concerns one agent, or everything. */
export type Topic = `referral ${string}` | `agent ${string}` | 'ops';

/** Notifies open streams of committed events. The events themselves are read from the database. */
export interface LiveEvents {
  /** Calls the watcher about a topic. @returns a function that ends the watch */
  watch(topic: Topic, watcher: Watcher): () => void;
  /** Number of open watches. */
  watcherCount(): number;
  /** Calls the watchers of what has changed. */
  notify: (batch: ChangeBatch) => void;
  /** Position of the latest batch, 0 before the first. */
  position(): number;
  /** Calls all watchers, because changes may have been missed. */
  notifyAll: () => void;
  /** Calls all watchers, because changes cannot be read until `notifyAll`. */
  notifyOutage: () => void;
  /** Whether changes cannot be read at present. */
  isOut(): boolean;
  /** Ends every watch. */
  close(): void;
}

export interface Watcher {
  /** Events of these subjects have been committed. */
  onChange: (changes: readonly Change[]) => void;
  /** Changes may have been missed: what is shown has to be read again. */
  onGap: () => void;
  /** Changes cannot be read. What has changed meanwhile is reported by `onGap` once they can be again. */
  onOutage: () => void;
  /** Nothing has changed for a while; keeps the connection alive. */
  onTick: () => void;
  /** The process is stopping. */
  onStop: () => void;
}

/**
 * Creates the registry of watchers of this process (docs/architecture.md, rule 14).
 * @param tickMs milliseconds between two ticks of all watchers
 */
export function createLiveEvents({ tickMs }: { tickMs: number }): LiveEvents {
  const watchers = new Map<Topic, Set<Watcher>>();
  let position = 0;
  let isOut = false;
  const each = (call: (watcher: Watcher) => void) => {
    for (const group of watchers.values()) for (const watcher of group) call(watcher);
  };
  const tick = setInterval(() => each(({ onTick }) => onTick()), tickMs).unref();

  return {
    watch(topic, watcher) {
      const group = watchers.get(topic) ?? new Set();
      watchers.set(topic, group.add(watcher));
      return () => {
        group.delete(watcher);
        if (group.size === 0 && watchers.get(topic) === group) watchers.delete(topic);
      };
    },
    watcherCount: () => [...watchers.values()].reduce((sum, group) => sum + group.size, 0),
    notify(batch) {
      position = batch.position;
      const changed = new Map<Topic, Change[]>();
      for (const change of batch.changes)
        for (const topic of topicsOf(change)) {
          if (!watchers.has(topic)) continue;
          const changes = changed.get(topic);
          if (changes) changes.push(change);
          else changed.set(topic, [change]);
        }
      for (const [topic, changes] of changed)
        for (const watcher of watchers.get(topic) ?? []) watcher.onChange(changes);
    },
    position: () => position,
    notifyAll() {
      isOut = false;
      each(({ onGap }) => onGap());
    },
    notifyOutage() {
      isOut = true;
      each(({ onOutage }) => onOutage());
    },
    isOut: () => isOut,
    close() {
      clearInterval(tick);
      each(({ onStop }) => onStop());
      watchers.clear();
    },
  };
}

function topicsOf({ kind, id, npns }: Change): Topic[] {
  const agents = npns.map((npn) => `agent ${npn}` as const);
  return ['ops', ...agents, ...(kind === 'referral' ? [`referral ${id}` as const] : [])];
}
