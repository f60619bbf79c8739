import type { OfferEnd } from '../referrals/offer.ts';
import { offerEndRules } from '../referrals/offer.ts';
import { exclusions } from './matching.ts';

/** The agent whom a consumer wants to be asked first: one that they name, or the one who helped them before. */
export type AgentWish = { by: 'npn' | 'name'; agent: string } | { by: 'helped-before'; agent: null };

/** How an agent came to be asked before the ladder was tried: in the consumer's own words, by no other way. */
export const wishRungs = ['named', 'helped-before'] as const;
export type WishRung = (typeof wishRungs)[number];

/** The place of a wish in the record of a match. */
export function wishRungOf({ by }: Pick<AgentWish, 'by'>): WishRung {
  return by === 'helped-before' ? by : 'named';
}

/**
 * Why the agent of a wish was not asked first: a rule excludes them, no agent of the consumer's state is meant, or several
 * are. The consumer is told none of it, so that nobody can look up by a request who takes part.
 */
export const wishObstacles = ['nobody-meant', 'several-meant', ...exclusions] as const;
export type WishObstacle = (typeof wishObstacles)[number];

/** Ends after which an agent did help, once they had reached the consumer: all that did not call for another agent. */
export const endsOfHelp = (Object.keys(offerEndRules) as OfferEnd[]).filter(
  (end) => offerEndRules[end].then === 'close',
);

/** Reads one field in which people name an agent: digits are an NPN, however they are spaced; anything else is a name. */
export function readTypedAgent(typed: string): { npn: string } | { name: string } {
  const bare = typed.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
  const digits = bare.replace(/^npn/i, '');
  return /^\d+$/.test(digits) ? { npn: digits } : { name: typed.trim() };
}

/** Puts a name that begins with the family name and a comma in the order of speech. */
export function inOrderOfSpeech(name: string): string {
  const [family = '', given, ...rest] = name.split(',');
  return given === undefined || rest.length > 0 ? name : `${given.trim()} ${family.trim()}`;
}
