import { secondsOf } from '../figures.ts';

/** An engine that is compared: the bare workflow, or the service through HTTP. */
export interface Engine<Asked> {
  /** Asks for help, and resolves when an offer has been asked for, or is open. @param number of the consumer */
  ask: (number: number) => Promise<Asked>;
  /** Accepts the offer, again while it is refused as busy. @returns milliseconds of the try that was accepted */
  accept: (asked: Asked) => Promise<number>;
  workflowIdOf: (asked: Asked) => string;
}

/** Lets so many consumers ask, so many at a time, and each offer be accepted at once. @returns how many a second */
export async function throughputOf<Asked>(
  { ask, accept }: Engine<Asked>,
  { referrals, atOnce }: { referrals: number; atOnce: number },
): Promise<number> {
  let asked = 0;
  const next = async () => {
    while (asked < referrals) await accept(await ask((asked += 1)));
  };
  return referrals / (await secondsOf(() => Promise.all(Array.from({ length: atOnce }, next))));
}
