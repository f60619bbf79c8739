/**
 * What was typed or pasted, as the plain text that a reader sees: invisible marks (joiners, direction marks, soft hyphens,
 * byte-order marks) dropped, every dash `-`, every space ` `, full-width characters narrow, and the digits of any script 0
 * to 9. No outer spaces.
 */
export function normalizeTypedText(typed: string): string {
  return withPlainDigits(
    typed
      .normalize('NFKC')
      .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}\ufffc]/gu, '')
      .replaceAll(/[\p{Pd}\u2212\u02d7]/gu, '-')
      .replaceAll(/\s+/g, ' '),
  ).trim();
}

/** A text with the digits of any script as 0 to 9. */
export function withPlainDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => (/[0-9]/.test(digit) ? digit : digitOf(digit)));
}

/** Letters of Greek and Cyrillic, in lower case, that look in one of their cases as one of ours. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  [
    ['αβεζηικμνορτυχ', 'abezhikmnoptyx'],
    ['авекмнорстухіѕјԁ', 'abekmhopctyxisjd'],
  ].flatMap(([theirs = '', ours = '']) =>
    theirs.split('').map((letter, index): [string, string] => [letter, ours[index] ?? letter]),
  ),
);

/** A text in lower case with the letters that a keyboard of another script put for ours. */
export function withPlainLetters(text: string): string {
  return text.replaceAll(
    /[\p{Script=Greek}\p{Script=Cyrillic}]/gu,
    (letter) => lookalikes.get(letter) ?? letter,
  );
}

/** A code of digits as it was typed: what people and programs put between and around digits is not part of it. */
export function normalizeTypedCode(typed: string): string {
  return normalizeTypedText(typed).replaceAll(/[\s\p{P}]/gu, '');
}

/** The decimal digits of a script stand in a row of ten in Unicode, and rows begin where no digit stands before. */
function digitOf(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((point - zero) % 10);
}
