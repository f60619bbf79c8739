/**
 * Normalizes typed or pasted text to what a reader sees: no invisible characters (joiners, direction marks, soft hyphens,
 * byte-order marks), every dash `-`, every space ` `, full-width characters narrow, the digits of any script 0 to 9, and
 * no outer spaces.
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

/** Replaces the digits of any script by 0 to 9. */
export function withPlainDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => (/[0-9]/.test(digit) ? digit : digitOf(digit)));
}

/** Lower case Greek and Cyrillic letters that look like Latin letters in one of their cases. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  [
    ['αβεζηικμνορτυχ', 'abezhikmnoptyx'],
    ['авекмнорстухіѕјԁ', 'abekmhopctyxisjd'],
  ].flatMap(([theirs = '', ours = '']) =>
    theirs.split('').map((letter, index): [string, string] => [letter, ours[index] ?? letter]),
  ),
);

/** Replaces look-alike letters of other scripts in a lower case text by Latin ones. */
export function withPlainLetters(text: string): string {
  return text.replaceAll(
    /[\p{Script=Greek}\p{Script=Cyrillic}]/gu,
    (letter) => lookalikes.get(letter) ?? letter,
  );
}

/** Normalizes a typed code of digits: drops spaces and punctuation around and between the digits. */
export function normalizeTypedCode(typed: string): string {
  return normalizeTypedText(typed).replaceAll(/[\s\p{P}]/gu, '');
}

/** Value of a decimal digit: Unicode has the digits of a script in a row of ten, and no digit stands before a row. */
function digitOf(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((point - zero) % 10);
}
