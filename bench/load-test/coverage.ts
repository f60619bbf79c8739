import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Behavior, FollowUp } from './virtual-agents.ts';

/** What somebody has to do in every play, whatever chance says. */
export interface Coverage<Thing extends string> {
  /** For the next who can; undefined: everything is dealt. */
  next(): Thing | undefined;
  /** It did not come about, since somebody else was faster: the next who can has to. */
  putBack(thing: Thing): void;
}

/** Deals these things in their order. */
export function createCoverage<Thing extends string>(things: readonly Thing[]): Coverage<Thing> {
  const left = [...things];
  return {
    next: () => left.shift(),
    putBack: (thing) => left.unshift(thing),
  };
}

/** How an offer stands. */
interface OfferState {
  endedAs: string | null;
  isAccepted: boolean;
  isContacted: boolean;
}

/** What each thing that is dealt comes to; what is not named here needs no luck. */
const effectChecks: Partial<Record<Behavior | FollowUp, (offer: OfferState) => boolean>> = {
  accept: ({ isAccepted }) => isAccepted,
  decline: ({ endedAs }) => endedAs === 'declined',
  ignore: ({ endedAs }) => endedAs === 'expired',
  held: ({ endedAs }) => endedAs === 'rescinded',
  leave: ({ endedAs }) => endedAs === 'rescinded',
  enrolled: ({ isContacted }) => isContacted,
  'handed-back': ({ endedAs }) => endedAs === 'handed-back',
  'wrong-number': ({ endedAs }) => endedAs === 'wrong-number',
  'another-asked': ({ endedAs }) => endedAs === 'another-asked',
  silent: ({ endedAs }) => endedAs === 'silent',
};

/** Waits until it is seen what came of something that was done about an offer. @returns whether it came about */
export async function hasTakenEffect(
  pool: Pool,
  offerId: string,
  thing: Behavior | FollowUp,
): Promise<boolean> {
  const isIt = effectChecks[thing];
  while (isIt) {
    const { rows } = await pool.query<OfferState>(
      `select ended_as as "endedAs", accepted_at is not null as "isAccepted", contacted_at is not null as "isContacted"
       from offers where id = $1`,
      [offerId],
    );
    const [offer] = rows;
    if (!offer || isIt(offer)) return offer !== undefined;
    if (offer.endedAs !== null) return false;
    await sleep(200);
  }
  return true;
}
