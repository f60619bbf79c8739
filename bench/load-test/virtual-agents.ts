import { createHash } from 'node:crypto';
import type { SamplePerson } from '../../standalone/sample/sample-agents.ts';

/**
 * Creates a random function of a seed and a key. The same seed and key always give the same number from 0 to below 1, in
 * whatever order they are drawn.
 */
export function keyedRandom(seed: number): (...key: readonly (string | number)[]) => number {
  return (...key) =>
    createHash('sha256')
      .update(`${seed} ${key.join(' ')}`)
      .digest()
      .readUInt32BE(0) /
    2 ** 32;
}
export type KeyedRandom = ReturnType<typeof keyedRandom>;

/** Share of each reaction to an offer. */
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

/** Share of each follow-up of an accepted referral, by the agent or by the consumer. */
const followUpShares = {
  enrolled: 0.4,
  'another-asked': 0.05,
  'not-a-good-prospect': 0.15,
  'handed-back': 0.15,
  'wrong-number': 0.08,
  silent: 0.17,
} as const;
export type FollowUp = keyof typeof followUpShares;

/** Picks a name by its share. @param draw 0 to below 1 */
function pickByShare<Name extends string>(shares: Readonly<Record<Name, number>>, draw: number): Name {
  let left = draw;
  const names = Object.keys(shares) as Name[];
  for (const name of names) {
    left -= shares[name];
    if (left < 0) return name;
  }
  return names.at(-1) as Name;
}

export const behaviorOf = (draw: number): Behavior => pickByShare(behaviorShares, draw);
export const followUpOf = (draw: number): FollowUp => pickByShare(followUpShares, draw);

/** An agent of the load test. An unreachable one has an email address that bounces, and no other channel. */
export type VirtualAgent = SamplePerson & { isUnreachable: boolean };

/** Creates agents in Arizona and Texas. One in ten is unreachable. */
export function createVirtualAgents(
  count: number,
  { random, firstNpn }: { random: KeyedRandom; firstNpn: number },
): VirtualAgent[] {
  return Array.from({ length: count }, (_, index) => {
    const npn = `${firstNpn + index}`;
    const isUnreachable = random('gone', index) < 0.1;
    const speaksSpanish = random('spanish', index) < 0.4;
    return {
      npn,
      firstName: 'Agent',
      lastName: `Number${index}`,
      email: `agent.${npn}@example.com`,
      username: `agent.${npn}`,
      newToMarketplace: false,
      languages: speaksSpanish ? ['English', 'Spanish'] : ['English'],
      states: random('texas', index) < 0.5 ? ['AZ', 'TX'] : ['AZ'],
      phone: `+1602555${String(1000 + index)}`,
      zip: random('zip', index) < 0.5 ? '85004' : '85705',
      contactPreference: isUnreachable ? 'email' : 'email-text',
      isUnreachable,
    };
  });
}
