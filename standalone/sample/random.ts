import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws that a seed and a number decide: the same two always give the same draws, on every machine. */
export interface Random {
  /** A whole number from min to max, both included. */
  int(min: number, max: number): number;
  /** True in the given share of draws, 0 to 1, in steps of a thousandth. */
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Several different ones, in the order they were drawn; all of them when there are fewer. */
  pickSome<T>(list: readonly T[], count: number): T[];
}

/** The draws of one subject of one seed: each agent has its own, so that any of them can be made alone. */
export function randomOf(seed: number, subject: number): Random {
  const generator = xoroshiro128plus(Math.imul(seed ^ Math.imul(subject, 0x9e3779b1), 0x85ebca6b));
  // neighboring seeds begin alike
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
