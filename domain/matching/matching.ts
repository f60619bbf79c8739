import type { Policy } from '../policy.ts';
import { type Position, squaresWithin } from './grid.ts';

/** Distances and capacity limits that decide which agents can be asked. */
export type MatchLimits = Pick<
  Policy,
  'nearMiles' | 'fartherMiles' | 'openOffersPerAgent' | 'uncontactedReferralsPerAgent'
>;

/** Most unanswered offers and uncontacted referrals that one agent can have. */
export type CapacityLimits = Pick<MatchLimits, 'openOffersPerAgent' | 'uncontactedReferralsPerAgent'>;

interface RungRule {
  /** `spoken`: speaks the consumer's language. `any`: with an interpreter, if the consumer agreed to one. */
  language: 'spoken' | 'any';
  /** Distance limit; without it anywhere in the state. */
  within?: 'nearMiles' | 'fartherMiles';
}

export const rungs = ['near', 'farther', 'state', 'interpreter'] as const;
export type Rung = (typeof rungs)[number];

/**
 * Steps by which the search widens. A rung is tried only when no agent fits on the rungs before it. On a rung the agent
 * who has been idle longest is asked first. Distance moves an agent up the ladder and excludes nobody.
 */
export const ladder: Readonly<Record<Rung, RungRule>> = {
  near: { language: 'spoken', within: 'nearMiles' },
  farther: { language: 'spoken', within: 'fartherMiles' },
  state: { language: 'spoken' },
  interpreter: { language: 'any' },
};

/** The parts of a consumer's request that decide which agents fit. */
export interface MatchRequest extends Position {
  state: string;
  language: string;
  interpreter: boolean;
}

/** A rung of one request: the buckets of the candidate index to read, and the distance limit in miles. */
export interface LadderStep {
  rung: Rung;
  buckets: string[];
  miles: number | null;
}

/**
 * Bucket of the candidate index: all agents of a state, those who speak a language, or those of them in one square.
 * The database function that fills the index builds the same keys.
 */
export function candidateBucket(state: string, language?: string, square?: number): string {
  return [state, language, square].filter((part) => part !== undefined).join(' ');
}

/** Rungs of a request, in order: none by distance without a position, no interpreter unless the consumer agreed. */
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

/** Seed of a referral's tie-break, 0 to 2^31 - 1: equally idle agents come in another order for each referral. */
export function tieBreakSeed(referralId: string): number {
  return Number.parseInt(referralId.slice(0, 8), 16) % 2 ** 31;
}

/**
 * Reasons for which an agent is not asked; if several apply, the first one here is shown. `terminated`: they serve no state
 * because the termination list names them.
 */
export const exclusions = [
  'asked-before',
  'left',
  'held',
  'resting',
  'terminated',
  'not-serving',
  'state-not-wanted',
  'language',
  'skips-language',
  'skips-area',
  'unavailable',
  'no-channel',
  'at-capacity',
] as const;
export type Exclusion = (typeof exclusions)[number];

/** Exclusions that the candidate index covers: none of them applied to an agent who was in the index. */
export const indexedExclusions = [
  'left',
  'held',
  'resting',
  'terminated',
  'not-serving',
  'state-not-wanted',
  'unavailable',
] as const satisfies readonly Exclusion[];

/**
 * Why an agent was not among those a match chose from. `not-a-candidate-then`: was not in the candidate index at that
 * moment, whatever is true now.
 */
export const pastExclusions = [...exclusions, 'not-a-candidate-then'] as const;
export type PastExclusion = (typeof pastExclusions)[number];

/** Explanation of one match decision for one agent. */
export type MatchExplanation =
  | { why: 'asked' }
  /** Fitted, but others came first. `rank` counts from 1; null beyond the ranks that were read. */
  | { why: 'others-first'; rank: number | null }
  | { why: PastExclusion };

/** Explains why a match did not ask an agent. `ranked`: the best agents who fitted; null where they were not read. */
export function explainMatch(
  npn: string,
  {
    asked,
    ranked,
    excluded,
  }: {
    asked: string | null;
    ranked: readonly { npn: string }[] | null;
    excluded: PastExclusion | null;
  },
): MatchExplanation {
  if (asked === npn) return { why: 'asked' };
  if (excluded) return { why: excluded };
  const index = (ranked ?? []).findIndex((one) => one.npn === npn);
  return { why: 'others-first', rank: index >= 0 ? index + 1 : null };
}
