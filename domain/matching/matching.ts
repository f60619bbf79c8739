import type { Policy } from '../policy.ts';
import { type Position, squaresWithin } from './grid.ts';

/** Distances and places that decide who is asked. */
export type MatchLimits = Pick<
  Policy,
  'nearMiles' | 'fartherMiles' | 'openOffersPerAgent' | 'uncontactedReferralsPerAgent'
>;

interface RungRule {
  /** `spoken`: speaks the consumer's language; `any`: with the interpreter line, where the consumer takes it. */
  language: 'spoken' | 'any';
  /** Up to this distance; without it anywhere in the state. */
  within?: 'nearMiles' | 'fartherMiles';
}

export const rungs = ['near', 'farther', 'state', 'interpreter'] as const;
export type Rung = (typeof rungs)[number];

/**
 * How the search widens: a rung is stood on only when nobody fits on the one before. On a rung the longest idle is
 * asked first. Distance brings somebody up the ladder and leaves nobody out.
 */
export const ladder: Readonly<Record<Rung, RungRule>> = {
  near: { language: 'spoken', within: 'nearMiles' },
  farther: { language: 'spoken', within: 'fartherMiles' },
  state: { language: 'spoken' },
  interpreter: { language: 'any' },
};

/** What a consumer asks for, as far as it decides who is asked. */
export interface MatchRequest extends Position {
  state: string;
  language: string;
  interpreter: boolean;
}

/** A rung of one request: the lines its agents stand in, and how far they may be away. */
export interface LadderStep {
  rung: Rung;
  buckets: string[];
  miles: number | null;
}

/**
 * The line in which agents wait to be asked: all of a state, those of a language, those of a language in one square.
 * `candidate_index_source` of the database writes them alike.
 */
export function candidateBucket(state: string, language?: string, square?: number): string {
  return [state, language, square].filter((part) => part !== undefined).join(' ');
}

/** The rungs that a request has, in their order: no near and far without a position, no interpreter unasked. */
export function ladderStepsOf(
  request: MatchRequest,
  limits: Pick<MatchLimits, 'nearMiles' | 'fartherMiles'>,
): LadderStep[] {
  const { state, language } = request;
  return rungs.flatMap((rung): LadderStep[] => {
    const rule = ladder[rung];
    if (rule.language === 'any')
      return request.interpreter ? [{ rung, buckets: [candidateBucket(state)], miles: null }] : [];
    if (!rule.within) return [{ rung, buckets: [candidateBucket(state, language)], miles: null }];
    const miles = limits[rule.within];
    const buckets = squaresWithin(miles, request).map((square) => candidateBucket(state, language, square));
    return buckets.length > 0 ? [{ rung, buckets, miles }] : [];
  });
}

/** Where on the circle of turns a referral begins, 0 to 2^31 - 1: who is idle alike comes in another order for each. */
export function tieBreakSeed(referralId: string): number {
  return Number.parseInt(referralId.slice(0, 8), 16) % 2 ** 31;
}

/** Why an agent is not asked; of several the first here is told. */
export const exclusions = [
  'asked-before',
  'left',
  'held',
  'not-serving',
  'state-not-wanted',
  'language',
  'off-duty',
  'no-channel',
  'no-place',
] as const;
export type Exclusion = (typeof exclusions)[number];

/** What one look for somebody has to say about one agent. */
export type MatchExplanation =
  | { why: 'asked' }
  /** Fitted, and others came first; the rank counts from 1, null beyond those that are kept. */
  | { why: 'others-first'; rank: number | null }
  /** Was not to be had at that moment, whatever is true by now. */
  | { why: 'not-in-line-then' }
  | { why: Exclusion };

/** Rules that an agent's place in line stands for: who stood in line then was kept away by none of them. */
const indexedExclusions: ReadonlySet<Exclusion> = new Set([
  'left',
  'held',
  'not-serving',
  'state-not-wanted',
  'off-duty',
]);

/** Why an agent was not asked at a look, from what was written down then and what is known of the agent. */
export function explainMatch(
  npn: string,
  decision: { npn: string | null; ranked: readonly { npn: string }[] | null },
  { excluded, wasCandidate }: { excluded: Exclusion | null; wasCandidate: boolean },
): MatchExplanation {
  if (decision.npn === npn) return { why: 'asked' };
  const place = (decision.ranked ?? []).findIndex((one) => one.npn === npn);
  if (place >= 0) return { why: 'others-first', rank: place + 1 };
  if (excluded === 'asked-before') return { why: excluded };
  if (!wasCandidate)
    return { why: excluded && indexedExclusions.has(excluded) ? excluded : 'not-in-line-then' };
  if (excluded && !indexedExclusions.has(excluded)) return { why: excluded };
  return { why: 'others-first', rank: null };
}
