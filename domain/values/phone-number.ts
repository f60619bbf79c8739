import { normalizeTypedText } from './normalize-typed.ts';

/** Why what was typed is no phone number that we can use. */
export const phoneFaults = ['not-a-us-phone', 'phone-extension', 'phone-letters', 'premium-phone'] as const;
export type PhoneFault = (typeof phoneFaults)[number];

/** A number in E.164, or why it is none. */
export type ReadPhone = { phone: string } | { fault: PhoneFault };

/**
 * Reads a US phone number from any usual way of writing it. The shape of the North American plan decides, not a list of
 * the area codes in service, which grows every year: whether a number of the right shape is somebody's, the look-up and
 * the code that is sent there find out. So toll-free numbers, pagers and the like pass here.
 */
export function readPhoneNumber(typed: string): ReadPhone {
  if (typed.length > maxTypedLength) return { fault: 'not-a-us-phone' };
  const text = normalizeTypedText(typed).replace(label, '');
  const behind = extension.exec(text);
  if (behind && digitsIn(text.slice(0, behind.index)) >= 10) return { fault: 'phone-extension' };
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

/** What a field of numbers is read up to; no way of writing one is longer. */
const maxTypedLength = 100;

/** The mark of an extension at the end, as in `x45`, `ext. 45`, `#45`, `;ext=45`, `,45`, `*45`; words also without a number. */
const extension =
  /(?<!\p{L})(?:(?:ext(?:ension|n)?|extensi[oó]n|int(?:erno)?|anexo|poste|opci[oó]n|xtn?|x)[ .:=#]*\d{0,8}|[#,;*p][ .:=#]*\d{1,8})[ )#]*$/iu;

const digitsIn = (text: string) => text.replaceAll(/\D/g, '').length;

/** Whether it is written as one dials it from abroad, with the country code: `+`, `00` or `011` before it. */
function isFromAbroad(text: string, digits: string): boolean {
  return /^[^\d]*\+/.test(text) || /^(?:00|011)/.test(digits);
}

/**
 * `NXX-NXX-XXXX`, where N is 2 to 9: neither an area code nor an exchange is `N11`, and the area codes `N9X`, `37X` and
 * `96X` are set aside for the plan's own growth.
 */
function hasNumberingPlanShape(national: string): boolean {
  return /^(?!.11|.9|37|96)[2-9]\d\d(?!.11)[2-9]\d{6}$/.test(national);
}

/** Calls to it cost whoever calls, and we would call. */
const premiumAreaCode = '900';

/**
 * Area codes of Canada and the Caribbean. One that is missing here is taken for one of ours, and the look-up decides; none
 * ever comes back to the United States, so this list shuts nobody out.
 */
const foreignAreaCodes: ReadonlySet<string> = new Set(
  (
    '204 226 236 249 250 257 263 273 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 506 514 519 ' +
    '548 579 581 584 587 600 604 613 622 633 639 644 647 655 672 677 683 688 705 709 742 753 778 780 782 807 819 825 867 ' +
    '873 879 902 905 942 242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876'
  ).split(' '),
);
