/** Languages of the pages. */
export const pageLanguages = ['en', 'es'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

/** For whom a page is. */
export type PageReaders = 'consumers' | 'agents' | 'operations';

/** Marks the routes of pages for consumers, who do not load the texts of others. */
export const forConsumers = { readers: 'consumers' } as const;

/** Marks the routes of pages for the operations team. Routes without a mark are for agents, and for everyone with an account. */
export const forOperations = { readers: 'operations' } as const;

/** Finds for whom a page is. @param handles those of its routes */
export function pageReaders(handles: readonly unknown[]): PageReaders {
  return [forConsumers, forOperations].find((mark) => handles.includes(mark))?.readers ?? 'agents';
}

/** Chooses the language of a page. Codes are BCP 47; languages without pages are ignored. */
export function pageLanguage(wanted: {
  /** Pages for the operations team are only in English. */
  readers: PageReaders;
  /** Language that the user chose on this device. */
  chosen?: string;
  /** Language of the request that the page shows. */
  ofRequest?: string;
  /** Languages of the browser, the preferred one first. */
  ofBrowser: readonly string[];
}): PageLanguage {
  if (wanted.readers === 'operations') return 'en';
  const codes = [wanted.chosen, wanted.ofRequest, ...wanted.ofBrowser];
  return codes.map(writtenIn).find((language) => language !== undefined) ?? 'en';
}

function writtenIn(code: string | undefined): PageLanguage | undefined {
  const [primary] = code?.toLowerCase().split('-') ?? [];
  return pageLanguages.find((language) => language === primary);
}

/** Storage of the language that the user chose on this device. */
export interface SavedLanguage {
  read: () => string | undefined;
  save: (language: PageLanguage) => void;
}

/** @param storage may throw, because the browser can forbid it; the choice then lasts for the visit only */
export function createSavedLanguage(storage: () => Pick<Storage, 'getItem' | 'setItem'>): SavedLanguage {
  const key = 'language';
  return {
    read: () => unlessForbidden(() => storage().getItem(key) ?? undefined),
    save: (language) => unlessForbidden(() => storage().setItem(key, language)),
  };
}

function unlessForbidden<Result>(use: () => Result): Result | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
