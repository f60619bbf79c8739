/** Lifetime of a draft: as long as a session lasts. */
const lifetimeMs = 12 * 60 * 60 * 1000;
const storageKey = 'drafts';

/** Drafts of one account in this tab, by form. */
interface StoredDrafts {
  account: string;
  forms: Record<string, { at: number; values: unknown }>;
}

/** Drafts of this tab, kept while the user logs in again. They belong to one account; no other account sees them. */
export interface Drafts {
  /** Reads an account's draft of a form; undefined if there is none. */
  read: (account: string, form: string) => unknown;
  /** Saves a draft. @param values null for input that must not be stored; the form then says that it is lost */
  save: (account: string, form: string, values: unknown) => void;
  remove: (account: string, form: string) => void;
  /** True if there is a draft with values, of any account. */
  hasAny: () => boolean;
  /** Removes the drafts of all other accounts. */
  removeOthers: (account: string) => void;
  clear: () => void;
}

/**
 * Creates the drafts of this tab.
 * @param storage the tab's session storage. If it throws, because the browser forbids it, drafts are lost with the page
 * @param clock current time in milliseconds
 */
export function createDrafts(
  storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  clock: () => number = Date.now,
): Drafts {
  const isCurrent = ({ at }: { at: number }) => clock() - at < lifetimeMs;

  const stored = (): StoredDrafts | undefined => {
    try {
      const found = JSON.parse(storage().getItem(storageKey) ?? 'null') as StoredDrafts | null;
      return found === null ? undefined : found;
    } catch {
      return undefined;
    }
  };
  const write = (drafts: StoredDrafts | undefined) => {
    try {
      if (drafts && Object.keys(drafts.forms).length > 0)
        storage().setItem(storageKey, JSON.stringify(drafts));
      else storage().removeItem(storageKey);
    } catch {
      // the browser forbids storage, or it is full
    }
  };
  const formsOf = (account: string) => {
    const drafts = stored();
    return drafts?.account === account ? drafts.forms : {};
  };

  return {
    read: (account, form) => {
      const { [form]: draft } = formsOf(account);
      return draft && isCurrent(draft) ? draft.values : undefined;
    },
    save: (account, form, values) =>
      write({ account, forms: { ...formsOf(account), [form]: { at: clock(), values } } }),
    remove: (account, form) => {
      const { [form]: gone, ...forms } = formsOf(account);
      if (gone) write({ account, forms });
    },
    hasAny: () =>
      Object.values(stored()?.forms ?? {}).some((draft) => isCurrent(draft) && draft.values !== null),
    removeOthers: (account) => {
      if (stored()?.account !== account) write(undefined);
    },
    clear: () => write(undefined),
  };
}
