import type { DepartureCause } from '../agents/departures.ts';
import type { Facts } from '../onboarding/facts.ts';

/** What ops can do about an agent's onboarding, in the order in which it is offered. */
export const opsActs = ['invite', 'hold', 'release', 'deactivate', 'note'] as const;
export type OpsAct = (typeof opsActs)[number];

/** Why ops deactivate an agent. */
export const deactivationCauses = ['departure', 'death', 'other'] as const satisfies DepartureCause[];
export type DeactivationCause = (typeof deactivationCauses)[number];

/** What keeps an act from being possible now. */
export type ActObstacle =
  | 'left'
  | 'closed'
  | 'held'
  | 'not-held'
  | 'registered'
  | 'not-invited-yet'
  | 'address-undeliverable';

/** What decides which acts are possible. */
export type ActFacts = Pick<Facts, 'leftAt' | 'heldAt' | 'registeredAt' | 'emailUndeliverableAt'> & {
  /** The onboarding that an invitation would be for has ended. */
  closedAt: Date | null;
  /** There was an invitation before; the first one comes by itself. */
  wasInvited: boolean;
};

/** What decides it of an onboarding's row and facts. */
export function actFactsOf({ row, facts }: { row: { closedAt: Date | null }; facts: Facts }): ActFacts {
  const { leftAt, heldAt, registeredAt, emailUndeliverableAt, invitation } = facts;
  return {
    leftAt,
    heldAt,
    registeredAt,
    emailUndeliverableAt,
    closedAt: row.closedAt,
    wasInvited: invitation !== undefined,
  };
}

/** Why an act is not possible now; undefined: it is. */
export function obstacleTo(act: OpsAct, facts: ActFacts): ActObstacle | undefined {
  switch (act) {
    case 'invite':
      if (obstacleToInvite(facts)) return obstacleToInvite(facts);
      if (facts.heldAt) return 'held';
      return facts.emailUndeliverableAt ? 'address-undeliverable' : undefined;
    case 'hold':
      if (facts.leftAt) return 'left';
      return facts.heldAt ? 'held' : undefined;
    case 'release':
      if (facts.leftAt) return 'left';
      return facts.heldAt ? undefined : 'not-held';
    case 'deactivate':
      return facts.leftAt ? 'left' : undefined;
    case 'note':
      return undefined;
  }
}

/** Why asking for another invitation is of no use, whoever asks. */
export function obstacleToInvite(
  facts: Omit<ActFacts, 'heldAt' | 'emailUndeliverableAt'>,
): Extract<ActObstacle, 'left' | 'closed' | 'registered' | 'not-invited-yet'> | undefined {
  if (facts.leftAt) return 'left';
  if (facts.closedAt) return 'closed';
  if (facts.registeredAt) return 'registered';
  return facts.wasInvited ? undefined : 'not-invited-yet';
}

/** Every act that is possible now. The doors refuse by the same rule. */
export function possibleActs(facts: ActFacts): OpsAct[] {
  return opsActs.filter((act) => obstacleTo(act, facts) === undefined);
}
