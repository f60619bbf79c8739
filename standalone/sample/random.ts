import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded generator of random values. The same seed and subject give the same values on every machine. */
export interface Random {
  /** A whole number from min to max, both included. */
  int(min: number, max: number): number;
  /** True with a probability of `share`, 0 to 1, in steps of a thousandth. */
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Picks several different items in random order; all of them if the list is shorter than `count`. */
  pickSome<T>(list: readonly T[], count: number): T[];
}

/** Creates the generator of one subject. Each agent has one, so that any agent can be generated alone. */
export function randomOf(seed: number, subject: number): Random {
  const generator = xoroshiro128plus(Math.imul(seed ^ Math.imul(subject, 0x9e3779b1), 0x85ebca6b));
  // the first values of neighboring seeds are similar
  for (let i = 0; i < 8; i += 1) generator.next();

  const int = (min: number, max: number) => uniformInt(generator, min, max);
  const pick = <T>(list: readonly T[]) => list[int(0, list.length - 1)] as T;
  const pickSome = <T>(list: readonly T[], count: number) => {
    const left = [...list];
    return Array.from(
      { length: Math.min(count, left.length) },
      () => left.splice(int(0, left.length - 1), 1)[0] as T,
    );
  };
  return { int, pick, pickSome, chance: (share) => int(1, 1000) <= share * 1000 };
}
