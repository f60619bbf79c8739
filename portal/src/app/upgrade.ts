import { portalBuildHeader } from '../../../api/schemas/portal-build.ts';

/** What this page knows of newer pages than itself. */
export interface Upgrade {
  /** Whether the service has the pages of another build. */
  isDue: () => boolean;
  /** Makes a fetch that reads from each answer which build the service has. */
  watched: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch;
  /** Loads the page anew, in the build of the service. */
  load: () => void;
  /** Whether a page could be replaced unseen: nobody has used it for a while, or it is hidden. */
  isUnattended: () => boolean;
  /** Calls back when `isDue` changes. @returns a function that ends this */
  subscribe: (onChange: () => void) => () => void;
}

export interface UpgradeOptions {
  /** The build of this page; undefined when it is served from the sources. */
  build: string | undefined;
  reload: () => void;
  storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  /** Current time in milliseconds. */
  clock: () => number;
  isUnattended: () => boolean;
}

/**
 * Milliseconds before a page is loaded for the same build again. While servers of two builds answer side by side, a page
 * would else load again and again.
 */
const againAfterMs = 10 * 60_000;
const storageKey = 'loaded-for';

/** Creates the watch for newer pages. Every answer of the API names the build of the pages that belong to it. */
export function createUpgrade({ build, reload, storage, clock, isUnattended }: UpgradeOptions): Upgrade {
  const listeners = new Set<() => void>();
  let due: string | undefined;
  const loadedLately = () => {
    try {
      const { of, at } = JSON.parse(storage().getItem(storageKey) ?? '{}') as { of?: string; at?: number };
      return of !== undefined && at !== undefined && clock() - at < againAfterMs ? of : undefined;
    } catch {
      return undefined;
    }
  };
  const hear = (other: string | null) => {
    if (build === undefined || other === null) return;
    const now = other === build || other === loadedLately() ? undefined : other;
    if (now === due) return;
    due = now;
    for (const listener of listeners) listener();
  };
  return {
    isDue: () => due !== undefined,
    isUnattended,
    watched: (fetch) => async (input, init) => {
      const response = await fetch(input, init);
      hear(response.headers.get(portalBuildHeader));
      return response;
    },
    load() {
      try {
        storage().setItem(storageKey, JSON.stringify({ of: due, at: clock() }));
      } catch {
        // the browser forbids storage: the page loads, and may load once more
      }
      reload();
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

/** Whether something is typed or chosen in the page that a reload would lose. Fields that are ticked boxes or buttons hold no text. */
export function hasTyped(page: Pick<Document, 'querySelectorAll'>): boolean {
  const fields = page.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
    'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea',
  );
  return [...fields].some(({ value }) => value !== '');
}
