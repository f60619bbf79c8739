/** Notifies watchers that a subject may have new events. The events themselves are read from the database. */
export interface LiveEvents {
  /** Calls `onChange` whenever the subject may have new events. @returns a function that ends the watch */
  watch(subject: { kind: 'onboarding' | 'referral'; id: string }, watcher: Watcher): () => void;
  /** Number of open watches. */
  watcherCount(): number;
  /** Calls the watchers of one subject, which is named as Postgres announces it: `referral <id>`. */
  notify: (subject: string) => void;
  /** Calls all watchers, such as after a connection was lost that brings the notifications. */
  notifyAll: () => void;
  /** Ends every watch. */
  close(): void;
}

export interface Watcher {
  /** The subject may have new events. */
  onChange: () => void;
  /** The process is stopping. */
  onStop: () => void;
}

/**
 * Creates the registry of watchers of this process. A notification is only a hint (docs/architecture.md, rule 14), so all
 * watchers are also called on every tick.
 * @param tickMs milliseconds between two calls of all watchers
 */
export function createLiveEvents({ tickMs }: { tickMs: number }): LiveEvents {
  const watchers = new Map<string, Set<Watcher>>();
  const notifyAll = () => {
    for (const group of watchers.values()) for (const watcher of group) watcher.onChange();
  };
  const tick = setInterval(notifyAll, tickMs).unref();

  return {
    watch({ kind, id }, watcher) {
      const key = `${kind} ${id}`;
      const group = watchers.get(key) ?? new Set();
      watchers.set(key, group.add(watcher));
      return () => {
        group.delete(watcher);
        if (group.size === 0 && watchers.get(key) === group) watchers.delete(key);
      };
    },
    watcherCount: () => [...watchers.values()].reduce((sum, group) => sum + group.size, 0),
    notify(subject) {
      for (const watcher of watchers.get(subject) ?? []) watcher.onChange();
    },
    notifyAll,
    close() {
      clearInterval(tick);
      for (const group of watchers.values()) for (const watcher of group) watcher.onStop();
      watchers.clear();
    },
  };
}
