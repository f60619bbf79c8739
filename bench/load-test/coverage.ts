import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Behavior, FollowUp } from './virtual-agents.ts';

/** Actions that must happen in every load test, whatever the random generator chooses. */
export interface Coverage<Action extends string> {
  /** The next required action; undefined when all have been assigned. */
  next(): Action | undefined;
  /** Returns an action that had no effect, because another event came first. It is assigned again. */
  putBack(action: Action): void;
}

/** Creates a list of required actions, assigned in this order. */
export function createCoverage<Action extends string>(actions: readonly Action[]): Coverage<Action> {
  const left = [...actions];
  return {
    next: () => left.shift(),
    putBack: (action) => left.unshift(action),
  };
}

/** State of an offer. */
interface OfferState {
  endedAs: string | null;
  isAccepted: boolean;
  isContacted: boolean;
}

/** Expected effect of each action on its offer. An action that is not listed always takes effect. */
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

/** Waits for the effect of an action on an offer. @returns false if the offer ended in another way */
export async function hasTakenEffect(
  pool: Pool,
  offerId: string,
  action: Behavior | FollowUp,
): Promise<boolean> {
  const hasEffect = effectChecks[action];
  while (hasEffect) {
    const { rows } = await pool.query<OfferState>(
      `select ended_as as "endedAs", accepted_at is not null as "isAccepted", contacted_at is not null as "isContacted"
       from offers where id = $1`,
      [offerId],
    );
    const [offer] = rows;
    if (!offer || hasEffect(offer)) return offer !== undefined;
    if (offer.endedAs !== null) return false;
    await sleep(200);
  }
  return true;
}
