/** The languages that pages are written in. */
export const pageLanguages = ['en', 'es'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

/**
 * Marks the routes of pages that consumers read. They are in the user's language; all others are for agents and the
 * operations team, and in English.
 */
export const forConsumers = { forConsumers: true } as const;

/** The language of a page that consumers read. Codes are BCP-47; one that pages are not written in counts for nothing. */
export function pageLanguage(wanted: {
  /** What the user chose on this device. */
  chosen?: string;
  /** What the request was asked in that the user looks at. */
  ofRequest?: string;
  /** What the browser asks for, the most wanted first. */
  ofBrowser: readonly string[];
}): PageLanguage {
  const codes = [wanted.chosen, wanted.ofRequest, ...wanted.ofBrowser];
  return codes.map(writtenIn).find((language) => language !== undefined) ?? 'en';
}

function writtenIn(code: string | undefined): PageLanguage | undefined {
  const [primary] = code?.toLowerCase().split('-') ?? [];
  return pageLanguages.find((language) => language === primary);
}

/** Where this device keeps the language that its user chose. */
export interface SavedLanguage {
  read: () => string | undefined;
  save: (language: PageLanguage) => void;
}

/** @param storage throws, or fails to keep, where the browser allows no storage: the choice then holds for the visit */
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
