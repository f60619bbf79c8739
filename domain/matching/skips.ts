import type { DeclineReason } from '../referrals/offer.ts';

/** What an agent can skip: requests in one language, or from one area. The law protects the rest of what a request says. */
export const skipKinds = ['language', 'area'] as const;
export type SkipKind = (typeof skipKinds)[number];

/** Requests that an agent skips: the language as its code, the area as the first three digits of the ZIP. */
export interface Skip {
  kind: SkipKind;
  value: string;
}

/** A skip from when to when; one that still holds has no end. One that was offered and not wanted ends as it begins. */
export interface SkipPeriod extends Skip {
  from: Date;
  until: Date | null;
}

/** Area of a ZIP: its first three digits, a region of the mail of some hundred thousand people. */
export function areaOf(zip: string): string {
  return zip.slice(0, 3);
}

/** Reasons to decline that can be about the language or the area. Others, such as a conflict of interest, are about one consumer. */
export const reasonsToSkip: readonly DeclineReason[] = ['too-busy', 'not-my-area'];

/** An agent's answer to a request: accepted, or declined for one of `reasonsToSkip`. It holds nothing else of the request. */
export interface AnsweredRequest extends Record<SkipKind, string> {
  accepted: boolean;
  at: Date;
}

/**
 * Finds what an agent declined again and again: each language and each area of which they declined the last `after` requests,
 * since a skip of it ended. An agent is left with one language at least.
 * @param answers the latest first
 * @param languages that the agent speaks
 */
export function suggestedSkips(
  answers: readonly AnsweredRequest[],
  {
    after,
    languages,
    periods,
  }: { after: number; languages: readonly string[]; periods: readonly SkipPeriod[] },
): Skip[] {
  const ofSkip = (skip: Skip) =>
    periods.filter(({ kind, value }) => kind === skip.kind && value === skip.value);
  const isSkipped = (skip: Skip) => ofSkip(skip).some(({ until }) => until === null);
  const left = languages.filter((value) => !isSkipped({ kind: 'language', value }));
  const isOffered = (skip: Skip) => {
    if (skip.kind === 'language' && !(left.includes(skip.value) && left.length > 1)) return false;
    if (isSkipped(skip)) return false;
    const begin = Math.max(0, ...ofSkip(skip).map(({ until }) => until?.getTime() ?? 0));
    const last = answers
      .filter((answer) => answer[skip.kind] === skip.value && answer.at.getTime() > begin)
      .slice(0, after);
    return last.length === after && last.every(({ accepted }) => !accepted);
  };
  return skipKinds.flatMap((kind) =>
    [...new Set(answers.map((answer) => answer[kind]))].map((value) => ({ kind, value })).filter(isOffered),
  );
}
