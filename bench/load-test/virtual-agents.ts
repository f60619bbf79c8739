import { createHash } from 'node:crypto';
import type { SamplePerson } from '../../standalone/sample/sample-agents.ts';

/**
 * Chance that is the same in every run of a seed, whatever comes first: 0 to below 1, decided by what it is about and
 * not by how often it was asked for.
 */
export function keyedRandom(seed: number): (...about: readonly (string | number)[]) => number {
  return (...about) =>
    createHash('sha256')
      .update(`${seed} ${about.join(' ')}`)
      .digest()
      .readUInt32BE(0) /
    2 ** 32;
}
export type KeyedRandom = ReturnType<typeof keyedRandom>;

/** What an agent does about an offer. */
const behaviorShares = {
  accept: 0.43,
  decline: 0.2,
  ignore: 0.14,
  'log-off': 0.08,
  held: 0.06,
  stop: 0.08,
  leave: 0.01,
} as const;
export type Behavior = keyof typeof behaviorShares;

/** What comes of a referral that was accepted: by its agent, or by the consumer, who asks for another one. */
const followUpShares = {
  enrolled: 0.4,
  'another-asked': 0.05,
  'not-a-good-prospect': 0.15,
  'handed-back': 0.15,
  'wrong-number': 0.08,
  silent: 0.17,
} as const;
export type FollowUp = keyof typeof followUpShares;

/** One of some, each as likely as it says. */
function pickByShare<Name extends string>(shares: Readonly<Record<Name, number>>, cast: number): Name {
  let left = cast;
  const names = Object.keys(shares) as Name[];
  for (const name of names) {
    left -= shares[name];
    if (left < 0) return name;
  }
  return names.at(-1) as Name;
}

export const behaviorOf = (cast: number): Behavior => pickByShare(behaviorShares, cast);
export const followUpOf = (cast: number): FollowUp => pickByShare(followUpShares, cast);

/** An agent of the play; `isUnreachable`: the address returns mail, and nothing else reaches him. */
export type VirtualAgent = SamplePerson & { isUnreachable: boolean };

/** So many agents in Arizona and Texas, one in ten of whom no message reaches. */
export function createVirtualAgents(
  count: number,
  { dice, firstNpn }: { dice: KeyedRandom; firstNpn: number },
): VirtualAgent[] {
  return Array.from({ length: count }, (_, index) => {
    const npn = `${firstNpn + index}`;
    const isUnreachable = dice('gone', index) < 0.1;
    const speaksSpanish = dice('spanish', index) < 0.4;
    return {
      npn,
      firstName: 'Player',
      lastName: `Number${index}`,
      email: `player.${npn}@example.com`,
      username: `player.${npn}`,
      newToMarketplace: false,
      languages: speaksSpanish ? ['English', 'Spanish'] : ['English'],
      states: dice('texas', index) < 0.5 ? ['AZ', 'TX'] : ['AZ'],
      phone: `+1602555${String(1000 + index)}`,
      zip: dice('zip', index) < 0.5 ? '85004' : '85705',
      contactPreference: isUnreachable ? 'email' : 'email-text',
      isUnreachable,
    };
  });
}
