/** Languages of the pages. */
export const pageLanguages = ['en', 'es'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

/**
 * Marks the routes of pages for consumers, which are in the user's language. All other pages are for agents and the
 * operations team, and are in English.
 */
export const forConsumers = { forConsumers: true } as const;

/** Chooses the language of a page for consumers. Codes are BCP 47; languages without pages are ignored. */
export function pageLanguage(wanted: {
  /** Language that the user chose on this device. */
  chosen?: string;
  /** Language of the request that the page shows. */
  ofRequest?: string;
  /** Languages of the browser, the preferred one first. */
  ofBrowser: readonly string[];
}): PageLanguage {
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
