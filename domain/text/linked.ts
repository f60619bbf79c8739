/** A link in a sentence: an address of the service's own, or one of `contacts`. */
export interface Link {
  href: string;
  shown: string;
}

/** A sentence with links in it: what is not a `Link` stays text, whatever it looks like. */
export interface LinkedMailLine {
  parts: readonly (string | Link)[];
}

export type MailLine = string | LinkedMailLine;

/** @param url of the portal, or one of `contacts`; never what somebody typed */
export const webLink = (url: string): Link => ({ href: url, shown: url });

/** @param address one of `contacts`; never what somebody typed */
export const mailLink = (address: string): Link => ({ href: `mailto:${address}`, shown: address });

/** Tags a sentence that has links in it. Only what is made by `webLink` or `mailLink` becomes one. */
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
