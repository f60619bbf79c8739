import { normalizeTypedText } from './normalize-typed.ts';

/** Faults of a typed phone number. */
export const phoneFaults = ['not-a-us-phone', 'phone-extension', 'phone-letters', 'premium-phone'] as const;
export type PhoneFault = (typeof phoneFaults)[number];

/** A number in E.164, or its fault. */
export type ReadPhone = { phone: string } | { fault: PhoneFault };

/**
 * Reads a US phone number in any usual spelling. The form of the North American Numbering Plan decides, not a list of area
 * codes in service, which grows every year. The lookup and the code that is sent to the number find out whether it is in
 * service, so toll-free numbers and pagers pass here.
 */
export function readPhoneNumber(typed: string): ReadPhone {
  if (typed.length > maxTypedLength) return { fault: 'not-a-us-phone' };
  const text = normalizeTypedText(typed).replace(label, '');
  const suffix = extension.exec(text);
  if (suffix && digitsIn(text.slice(0, suffix.index)) >= 10) return { fault: 'phone-extension' };
  if (/\p{L}/u.test(text)) return { fault: 'phone-letters' };
  const digits = text.replaceAll(/\D/g, '');
  const [, national] =
    (isFromAbroad(text, digits) ? /^(?:00|011)?1(\d{10})$/ : /^1?(\d{10})$/).exec(digits) ?? [];
  if (national === undefined || !hasNumberingPlanShape(national)) return { fault: 'not-a-us-phone' };
  const area = national.slice(0, 3);
  if (foreignAreaCodes.has(area)) return { fault: 'not-a-us-phone' };
  return area === premiumAreaCode ? { fault: 'premium-phone' } : { phone: `+1${national}` };
}

const label = /^(?:tel[eé]fono|tel|phone|cell|cel|mobile|m[oó]vil)(?!\p{L})[.:]* */iu;

/** Longest text to read; no spelling of a number is longer. */
const maxTypedLength = 100;

/** Extension at the end: `x45`, `ext. 45`, `#45`, `;ext=45`, `,45`, `*45`; words also without a number. */
const extension =
  /(?<!\p{L})(?:(?:ext(?:ension|n)?|extensi[oó]n|int(?:erno)?|anexo|poste|opci[oó]n|xtn?|x)[ .:=#]*\d{0,8}|[#,;*p][ .:=#]*\d{1,8})[ )#]*$/iu;

const digitsIn = (text: string) => text.replaceAll(/\D/g, '').length;

/** True when a number starts with `+`, `00` or `011`, as in a call from abroad, so that a country code follows. */
function isFromAbroad(text: string, digits: string): boolean {
  return /^[^\d]*\+/.test(text) || /^(?:00|011)/.test(digits);
}

/**
 * True for `NXX-NXX-XXXX` with N from 2 to 9. Neither an area code nor an exchange is `N11`, and the area codes `N9X`,
 * `37X` and `96X` are reserved for the growth of the plan.
 */
function hasNumberingPlanShape(national: string): boolean {
  return /^(?!.11|.9|37|96)[2-9]\d\d(?!.11)[2-9]\d{6}$/.test(national);
}

/** Premium numbers charge the caller, which would be us. */
const premiumAreaCode = '900';

/**
 * Area codes of Canada and the Caribbean. A code that is missing here counts as a US code until the lookup. Codes never
 * move to the United States, so an outdated list excludes nobody.
 */
const foreignAreaCodes: ReadonlySet<string> = new Set(
  (
    '204 226 236 249 250 257 263 273 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 506 514 519 ' +
    '548 579 581 584 587 600 604 613 622 633 639 644 647 655 672 677 683 688 705 709 742 753 778 780 782 807 819 825 867 ' +
    '873 879 902 905 942 242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876'
  ).split(' '),
);
