import type { HelpValues } from './to-help-request.ts';

/** Lifetime of a draft: a person who looks something up comes back within it, the next user of a shared computer rarely does. */
const draftLifetimeMs = 30 * 60_000;
const storageKey = 'help';

/** What of the form is kept. Consent is given anew; the language is kept once it was chosen, otherwise it follows that of the page. */
type KeptHelp = Omit<HelpValues, 'consent' | 'textConsent' | 'language'> & { language?: string };

/**
 * What a consumer has typed into the form for help, in this tab alone, so that a reload loses nothing. It is gone once the request
 * was sent, half an hour after the last change, and whenever the person clears it.
 */
export interface HelpDraft {
  /** Reads the draft; undefined if there is none. */
  read: () => KeptHelp | undefined;
  save: (values: KeptHelp) => void;
  remove: () => void;
}

/**
 * Creates the draft of this tab, and removes one that is too old: nothing of it is left in the storage.
 * @param storage the tab's session storage. If it throws, because the browser forbids it, nothing is kept
 * @param clock current time in milliseconds
 */
export function createHelpDraft(
  storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  clock: () => number = Date.now,
): HelpDraft {
  let end: ReturnType<typeof setTimeout> | undefined;

  const remove = () => {
    clearTimeout(end);
    unlessForbidden(() => storage().removeItem(storageKey));
  };
  const removeIn = (ms: number) => {
    clearTimeout(end);
    end = setTimeout(remove, ms);
  };
  const stored = () =>
    unlessForbidden(
      () => JSON.parse(storage().getItem(storageKey) ?? 'null') as { at: number; values: KeptHelp } | null,
    );
  const leftMs = (at: unknown) => (typeof at === 'number' ? at + draftLifetimeMs - clock() : 0);

  const draft = stored();
  if (draft !== null) {
    const ms = leftMs(draft?.at);
    if (ms > 0) removeIn(ms);
    else remove();
  }
  return {
    read: () => {
      const found = stored();
      // a timer of a tab that slept is late
      return found && leftMs(found.at) > 0 && typeof found.values === 'object' ? found.values : undefined;
    },
    save: (values) => {
      unlessForbidden(() => storage().setItem(storageKey, JSON.stringify({ at: clock(), values })));
      removeIn(draftLifetimeMs);
    },
    remove,
  };
}

/** The browser can forbid the storage, and something else can be stored there. */
function unlessForbidden<Result>(use: () => Result): Result | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
