/** A field with the comma before it: in quotation marks, with optional spaces around them, or without. */
const quoted = '\\s*"(?<quoted>[^"]*(?:""[^"]*)*)"\\s*';
const formula = '\\s*="(?<formula>[^"]*)"\\s*';
const field = new RegExp(`,(?:${quoted}|${formula}|(?<plain>[^",]*))(?=,|$)`, 'gy');

/** A quoted field that continues on the next line. */
const openField = /,\s*"[^"]*(?:""[^"]*)*$/y;

/**
 * Classifies a line: `whole` if its record ends with it, `open` if it ends inside a quoted field, `stray` if a stray quotation
 * mark makes that unclear.
 */
export function classifyLine(line: string): 'whole' | 'open' | 'stray' {
  const text = `,${line}`;
  let end = 0;
  for (const [found] of text.matchAll(field)) end += found.length;
  if (end === text.length) return 'whole';
  openField.lastIndex = end;
  return openField.test(text) ? 'open' : 'stray';
}

/** Splits a whole record into its fields (RFC 4180). Excel's `="0012345"`, which keeps leading zeros, is read as its text. */
export function parseQuotedFields(record: string): string[] {
  return Array.from(`,${record}`.matchAll(field), ({ groups = {} }) => {
    const text = groups['quoted']?.replaceAll('""', '"') ?? groups['plain'] ?? '';
    return groups['formula'] ?? /^="([^"]*)"$/.exec(text)?.[1] ?? text.trim();
  });
}

/** Splits a line with a stray quotation mark at its commas: enough to find its NPN, or a Social Security Number. */
export function splitIgnoringQuotes(line: string): string[] {
  return line.replace(/=?"/g, '').split(',');
}
