/** A piece of HTML that may stand in another one as it is. */
export interface Html {
  html: string;
}

export const raw = (text: string): Html => ({ html: text });

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? character);

/** Makes HTML of a template. Values that are no HTML are escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  const texts = values.map((value) => (typeof value === 'string' ? escaped(value) : value.html));
  return raw(parts.map((part, index) => part + (texts[index] ?? '')).join(''));
}

export const join = (pieces: readonly Html[]): Html => raw(pieces.map((piece) => piece.html).join('\n'));

/** Makes HTML of a description, in which backticks enclose code. */
export function textOf(description = ''): Html {
  return raw(escaped(description).replaceAll(/`([^`]+)`/g, '<code>$1</code>'));
}
