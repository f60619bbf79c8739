import type { DepartureCause } from '../agents/departures.ts';
import type { OnboardingFacts } from '../onboarding/facts.ts';

/** What ops can do about an agent's onboarding, in the order in which it is offered. */
export const opsActions = ['invite', 'hold', 'release', 'deactivate', 'note'] as const;
export type OpsAction = (typeof opsActions)[number];

/** Why ops deactivate an agent. */
export const deactivationCauses = ['departure', 'death', 'other'] as const satisfies DepartureCause[];
export type DeactivationCause = (typeof deactivationCauses)[number];

/** What keeps an act from being possible now. */
export type OpsActionObstacle =
  | 'left'
  | 'closed'
  | 'held'
  | 'not-held'
  | 'registered'
  | 'not-invited-yet'
  | 'address-undeliverable';

/** What decides which acts are possible. */
export type OpsActionFacts = Pick<
  OnboardingFacts,
  'leftAt' | 'heldAt' | 'registeredAt' | 'emailUndeliverableAt'
> & {
  /** The onboarding that an invitation would be for has ended. */
  closedAt: Date | null;
  /** There was an invitation before; the first one comes by itself. */
  wasInvited: boolean;
};

/** What decides it of an onboarding's row and facts. */
export function opsActionFactsOf({
  row,
  facts,
}: {
  row: { closedAt: Date | null };
  facts: OnboardingFacts;
}): OpsActionFacts {
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
export function obstacleToAction(act: OpsAction, facts: OpsActionFacts): OpsActionObstacle | undefined {
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
  facts: Omit<OpsActionFacts, 'heldAt' | 'emailUndeliverableAt'>,
): Extract<OpsActionObstacle, 'left' | 'closed' | 'registered' | 'not-invited-yet'> | undefined {
  if (facts.leftAt) return 'left';
  if (facts.closedAt) return 'closed';
  if (facts.registeredAt) return 'registered';
  return facts.wasInvited ? undefined : 'not-invited-yet';
}

/** Every act that is possible now. The doors refuse by the same rule. */
export function possibleOpsActions(facts: OpsActionFacts): OpsAction[] {
  return opsActions.filter((act) => obstacleToAction(act, facts) === undefined);
}
