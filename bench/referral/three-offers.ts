import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, median, secondsOf } from '../figures.ts';
import type { Compared } from './compared.ts';

/** Cascades in each round that nothing else runs beside. */
const cascadesARound = 3;
/** Until nothing that a cascade causes is running any more, in milliseconds. */
const settledAfterMs = 1_200;

/**
 * Compares a cascade of three offers, from the request to the acceptance, with three referrals of the bare workflow, one
 * after another. Nobody hesitates: each agent answers as soon as the offer is open, while it is still being delivered.
 */
export async function measureThreeOffers({ ours, bare, rounds, say }: Compared): Promise<Figure> {
  const seconds: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  for (let number = 0; number < cascadesARound * rounds; number += 1) {
    seconds.bare.push(
      await secondsOf(async () => {
        for (let offer = 1; offer <= 3; offer += 1) await bare.accept(await bare.ask(offer));
      }),
    );
    await sleep(settledAfterMs);
    seconds.ours.push(
      await secondsOf(async () => {
        await ours.accept(await ours.decline(await ours.decline(await ours.ask(number))));
      }),
    );
    await sleep(settledAfterMs);
  }
  const [one, other] = [median(seconds.ours), median(seconds.bare)];
  say(
    `three offers, from the request to the acceptance: ${one.toFixed(2)} s; three bare referrals ${other.toFixed(2)} s`,
  );
  return {
    name: 'three offers, request to acceptance',
    baseline: 'three bare referrals',
    value: one / other,
    unit: 'times',
    max: 3,
    aim: 2,
  };
}
