/** A field with the comma before it: in quotation marks, which may have spaces around them, or without any. */
const quoted = '\\s*"(?<quoted>[^"]*(?:""[^"]*)*)"\\s*';
const formula = '\\s*="(?<formula>[^"]*)"\\s*';
const field = new RegExp(`,(?:${quoted}|${formula}|(?<plain>[^",]*))(?=,|$)`, 'gy');

/** A quoted field that goes on in the next line. */
const openField = /,\s*"[^"]*(?:""[^"]*)*$/y;

/** How a line ends: with the end of its record, inside a quoted field, or nobody knows for a stray quotation mark. */
export function classifyLine(line: string): 'whole' | 'open' | 'stray' {
  const text = `,${line}`;
  let end = 0;
  for (const [found] of text.matchAll(field)) end += found.length;
  if (end === text.length) return 'whole';
  openField.lastIndex = end;
  return openField.test(text) ? 'open' : 'stray';
}

/**
 * The fields of a whole record (RFC 4180). Excel's `="0012345"`, which keeps a number from being reckoned with, is read
 * as the text that it stands for.
 */
export function parseQuotedFields(record: string): string[] {
  return Array.from(`,${record}`.matchAll(field), ({ groups = {} }) => {
    const text = groups['quoted']?.replaceAll('""', '"') ?? groups['plain'] ?? '';
    return groups['formula'] ?? /^="([^"]*)"$/.exec(text)?.[1] ?? text.trim();
  });
}

/** What lies between the commas of a line with a stray quotation mark: enough to find an NPN, or what may not be there. */
export function splitIgnoringQuotes(line: string): string[] {
  return line.replace(/=?"/g, '').split(',');
}
