import type { DepartureCause } from '../agents/departures.ts';
import type { OnboardingFacts } from '../onboarding/facts.ts';

/** Actions that ops can take on an agent's onboarding, in the order of the buttons. */
export const opsActions = ['invite', 'hold', 'release', 'deactivate', 'note'] as const;
export type OpsAction = (typeof opsActions)[number];

/** Actions that ops can take on a referral. */
export const referralActions = ['recall', 'close', 'note', 'read-contact'] as const;
export type ReferralAction = (typeof referralActions)[number];

/** Causes for which ops deactivate an agent. */
export const deactivationCauses = ['departure', 'death', 'other'] as const satisfies DepartureCause[];
export type DeactivationCause = (typeof deactivationCauses)[number];

/** Reasons why an action is not possible now. */
export type OpsActionObstacle =
  | 'left'
  | 'closed'
  | 'held'
  | 'not-held'
  | 'registered'
  | 'not-invited-yet'
  | 'address-undeliverable';

/** Facts that decide which actions are possible. */
export type OpsActionFacts = Pick<
  OnboardingFacts,
  'leftAt' | 'heldAt' | 'registeredAt' | 'emailUndeliverableAt'
> & {
  /** When the onboarding that the invitation would be for ended. */
  closedAt: Date | null;
  /** True when there was an invitation before; the first one is sent automatically. */
  wasInvited: boolean;
};

/** Picks these facts from an onboarding's row and facts. */
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

/** Finds the reason why an action is not possible now; undefined: it is possible. */
export function obstacleToAction(action: OpsAction, facts: OpsActionFacts): OpsActionObstacle | undefined {
  switch (action) {
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

/** Finds the reason why another invitation would not help, whether the agent or ops ask; undefined: it would. */
export function obstacleToInvite(
  facts: Omit<OpsActionFacts, 'heldAt' | 'emailUndeliverableAt'>,
): Extract<OpsActionObstacle, 'left' | 'closed' | 'registered' | 'not-invited-yet'> | undefined {
  if (facts.leftAt) return 'left';
  if (facts.closedAt) return 'closed';
  if (facts.registeredAt) return 'registered';
  return facts.wasInvited ? undefined : 'not-invited-yet';
}

/** Lists the actions that are possible now. The API refuses the others by the same rule. */
export function possibleOpsActions(facts: OpsActionFacts): OpsAction[] {
  return opsActions.filter((action) => obstacleToAction(action, facts) === undefined);
}
