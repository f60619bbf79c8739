/**
 * What was typed or pasted, as the plain text that a reader sees: invisible marks (joiners, direction marks, soft hyphens,
 * byte-order marks) dropped, every dash `-`, every space ` `, full-width characters narrow, and the digits of any script 0
 * to 9. No outer spaces.
 */
export function plainText(typed: string): string {
  return typed
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}\ufffc]/gu, '')
    .replaceAll(/[\p{Pd}\u2212\u02d7]/gu, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^\x20-\x7e]/gu, (character) => (/\p{Nd}/u.test(character) ? digitOf(character) : character))
    .trim();
}

/** A code of digits as it was typed: what people and programs put between and around digits is not part of it. */
export function plainCode(typed: string): string {
  return plainText(typed).replaceAll(/[\s\p{P}]/gu, '');
}

/** The decimal digits of a script stand in a row of ten in Unicode, and rows begin where no digit stands before. */
function digitOf(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((point - zero) % 10);
}
