/** A link in a sentence: a page of the portal, or one of `helpContacts`. */
export interface Link {
  href: string;
  shown: string;
}

/** A sentence with links. Only a `Link` becomes one; text stays text, even if it looks like an address. */
export interface LinkedMailLine {
  parts: readonly (string | Link)[];
}

export type MailLine = string | LinkedMailLine;

/** @param url a page of the portal, or one of `helpContacts`; never text that a person typed */
export const webLink = (url: string): Link => ({ href: url, shown: url });

/** @param address one of `helpContacts`; never text that a person typed */
export const mailLink = (address: string): Link => ({ href: `mailto:${address}`, shown: address });

/** @param number one of `helpContacts`, in digits */
export const phoneLink = (number: string): Link => {
  const digits = number.replaceAll('-', '');
  // 711 is dialed as it is
  return { href: digits.length > 3 ? `tel:+${digits}` : `tel:${digits}`, shown: number };
};

/** Template tag for a sentence with links, which `webLink`, `mailLink` and `phoneLink` make. */
export function linked(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Link)[]
): LinkedMailLine {
  const parts = texts.flatMap((text, index) => {
    const value = values[index];
    return value === undefined ? [text] : [text, typeof value === 'number' ? `${value}` : value];
  });
  return { parts: parts.filter((part) => part !== '') };
}
