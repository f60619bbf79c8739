/** How long what was typed outlives its page: as long as a log-in lasts. */
const lifetimeMs = 12 * 60 * 60 * 1000;
const storageKey = 'drafts';

/** What an account has typed in this tab and not saved, by form. */
interface StoredDrafts {
  account: string;
  forms: Record<string, { at: number; values: unknown }>;
}

/** Keeps what was typed in this tab over a log-in; it is one account's, and no other one sees it. */
export interface Drafts {
  /** What the account typed into a form and did not save; undefined: nothing. */
  read: (account: string, form: string) => unknown;
  /** @param values null: something that is not kept, of which the form says that it is lost */
  save: (account: string, form: string, values: unknown) => void;
  remove: (account: string, form: string) => void;
  /** Whether anything that is kept waits to be saved, whoever typed it. */
  hasAny: () => boolean;
  /** Somebody is logged in: what anybody else typed goes. */
  removeOthers: (account: string) => void;
  clear: () => void;
}

/**
 * @param storage of this tab alone. Where it throws, because the browser allows none, nothing outlives the page
 * @param clock milliseconds
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
      // the browser allows no storage, or no more of it
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
