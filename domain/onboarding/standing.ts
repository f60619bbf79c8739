import type { OnboardingStage } from '../stages.ts';
import {
  endOfMarketplaceDay,
  marketplaceDateAt,
  startOfMarketplaceDay,
} from '../time/marketplace-calendar.ts';
import { type Condition, changeDays, conditionNames, conditionsOn, licensedStatesOn } from './conditions.ts';
import type { PlainDate } from './evidence.ts';
import { possibleWarningInstants } from './expirations.ts';
import { type OnboardingFacts, type Reach, type TermsKind, termsKinds } from './facts.ts';
import { invitationRules, invitationStatus } from './invitation.ts';
import { hasNoLicense, isInvitationLate, type PendingStep, pendingStepAt } from './pending-step.ts';
import { isTerminatedForCause } from './terminations.ts';

/**
 * Obstacles that keep an active agent from being offered referrals although every condition is met. `terminated-for-cause`: for
 * another plan year.
 */
export const offerObstacles = ['terminated-for-cause', 'no-state', 'no-language', 'no-channel'] as const;
export type OfferObstacle = (typeof offerObstacles)[number];

/** Causes of a stage: an unmet condition, terms not accepted, an obstacle to offers, or a cause of the stage itself. */
export const onboardingCauses = [
  ...conditionNames,
  'license-not-found',
  'late',
  ...termsKinds,
  ...offerObstacles,
  'undeliverable',
  'expired',
  'held',
] as const;
export type OnboardingCause = (typeof onboardingCauses)[number];

/** An agent's standing at an instant, and the instant until which it stays without a new fact. */
export interface Standing {
  stage: OnboardingStage;
  causes: OnboardingCause[];
  conditions: Condition[];
  /** States in which the agent is offered referrals; empty unless active, and for one who is terminated for cause. */
  states: string[];
  /** States in which open offers stay valid: also while only a new version of the terms is missing. */
  covered: string[];
  pendingStep: PendingStep | undefined;
  /** Earliest instant at which stage, causes, states or pending step change without a new fact. */
  nextChangeAt: Date | undefined;
  /** Earliest instant at which the states change without a new fact; a pending step alone does not change them. */
  servesUntil: Date | undefined;
}

/** Computes the standing from the facts. The stage is never stored as a fact (docs/architecture.md, rule 5). */
export function standingAt(now: Date, facts: OnboardingFacts): Standing {
  const standing = snapshotAt(now, facts);
  const instants = new Set(changeInstants(facts).map((at) => at.getTime()));
  const changes = [...instants]
    .filter((at) => at > now.getTime())
    .toSorted((a, b) => a - b)
    .map((at) => new Date(at));
  const snapshots = new Map<Date, Snapshot>();
  const snapshotOf = (at: Date) => {
    const snapshot = snapshots.get(at) ?? snapshotAt(at, facts);
    snapshots.set(at, snapshot);
    return snapshot;
  };
  const firstChangeOf = (keyOf: (snapshot: Snapshot) => string) => {
    const current = keyOf(standing);
    return changes.find((at) => keyOf(snapshotOf(at)) !== current);
  };
  const servesUntil = standing.states.length > 0 ? firstChangeOf(({ states }) => states.join()) : undefined;
  return { ...standing, nextChangeAt: firstChangeOf(snapshotKey), servesUntil };
}

/** True when only the registration is missing, so that an invitation helps. */
export function canUseInvitation(now: Date, facts: OnboardingFacts): boolean {
  const { stage, causes } = standingAt(now, facts);
  if (stage === 'awaiting-eligibility') return causes.length === 0;
  return stage === 'invited' || stage === 'invitation-undeliverable' || stage === 'invitation-expired';
}

/** Lists the documents whose version in force at an instant the agent has not accepted. */
export function missingTerms(
  now: Date,
  {
    termsInForce,
    upcomingTerms,
    termsAccepted,
  }: Pick<OnboardingFacts, 'termsInForce' | 'upcomingTerms' | 'termsAccepted'>,
): TermsKind[] {
  const versionOf = (kind: TermsKind) =>
    upcomingTerms
      .filter((document) => document.kind === kind && document.effectiveAt <= now)
      .toSorted((a, b) => b.effectiveAt.getTime() - a.effectiveAt.getTime())[0]?.version ??
    termsInForce[kind];
  return termsKinds.filter(
    (kind) => !termsAccepted.some((done) => done.kind === kind && done.version === versionOf(kind)),
  );
}

type Snapshot = Omit<Standing, 'nextChangeAt' | 'servesUntil'>;

function snapshotAt(now: Date, facts: OnboardingFacts): Snapshot {
  const today = marketplaceDateAt(now);
  const conditions = conditionsOn(today, facts);
  const { stage, causes } = stageAt(now, facts, conditions);
  const isTerminated = isTerminatedOn(today, facts);
  const isCovered = !isTerminated && (stage === 'active' || stage === 'awaiting-terms');
  const covered = isCovered ? licensedStatesOn(today, facts) : [];
  const states = stage === 'active' ? covered : [];
  const obstacles = stage === 'active' ? offerObstaclesOf(facts.reach, { states, isTerminated }) : [];
  const pendingStep = pendingStepAt(now, facts, { stage, conditions });
  return { stage, causes: [...causes, ...obstacles], conditions, states, covered, pendingStep };
}

/** Returns whether an agent is terminated for cause on a day, under whichever of their open plan years. */
export function isTerminatedOn(
  today: PlainDate,
  { planYear, otherPlanYears, evidence: { terminations } }: OnboardingFacts,
): boolean {
  return isTerminatedForCause(today, { planYears: [planYear, ...otherPlanYears], terminations });
}

function offerObstaclesOf(
  reach: Reach,
  { states, isTerminated }: { states: readonly string[]; isTerminated: boolean },
): OfferObstacle[] {
  const lacking: Record<OfferObstacle, boolean> = {
    'terminated-for-cause': isTerminated,
    'no-state': !isTerminated && !reach.states.some((state) => states.includes(state)),
    'no-language': reach.languages.length === 0,
    'no-channel': reach.channels.length === 0,
  };
  return offerObstacles.filter((name) => lacking[name]);
}

function stageAt(
  now: Date,
  facts: OnboardingFacts,
  conditions: readonly Condition[],
): { stage: OnboardingStage; causes: OnboardingCause[] } {
  if (facts.leftAt) return { stage: 'left', causes: [] };
  if (now >= lapsesAt(facts)) return { stage: 'lapsed', causes: [] };

  const unmet: OnboardingCause[] = conditions.filter(({ met }) => !met).map(({ name }) => name);
  if (hasNoLicense(facts, conditions)) unmet.push('license-not-found');
  if (facts.registeredAt) {
    if (unmet.length > 0)
      return facts.eligibleAt ? { stage: 'suspended', causes: unmet } : notEligible(now, facts, unmet);
    if (facts.heldAt) return { stage: 'suspended', causes: ['held'] };
    const missing = missingTerms(now, facts);
    return missing.length > 0
      ? { stage: 'awaiting-terms', causes: missing }
      : { stage: 'active', causes: [] };
  }

  if (unmet.length > 0) return notEligible(now, facts, unmet);
  if (facts.heldAt) return { stage: 'awaiting-eligibility', causes: ['held'] };
  const { invitation } = facts;
  // one that went to a former address counts as none, however it ended; another goes to the new address
  if (!invitation || invitation.sentToFormerAddress) return { stage: 'awaiting-eligibility', causes: [] };
  const { stage, causes } = invitationRules[invitationStatus(invitation, now)];
  return { stage, causes: [...causes] };
}

function notEligible(
  now: Date,
  facts: OnboardingFacts,
  unmet: OnboardingCause[],
): { stage: OnboardingStage; causes: OnboardingCause[] } {
  return { stage: 'awaiting-eligibility', causes: isInvitationLate(now, facts) ? [...unmet, 'late'] : unmet };
}

/** Instant at which the registration ends: as its row says, which can be before the end of the year, or with the year. */
function lapsesAt(facts: OnboardingFacts): Date {
  return endOfMarketplaceDay(facts.evidence.registration?.endsOn ?? `${facts.planYear}-12-31`);
}

function changeInstants(facts: OnboardingFacts): Date[] {
  const { starts, ends } = changeDays(facts);
  const { invitation } = facts;
  return [
    ...starts.map(startOfMarketplaceDay),
    ...ends.map(endOfMarketplaceDay),
    lapsesAt(facts),
    ...(invitation ? [invitation.remindAt, invitation.expiresAt] : []),
    ...[facts.lateAt, facts.licenseLookupAt, facts.phoneCheckAt, invitation?.retryAt ?? null].filter(
      (at) => at !== null,
    ),
    ...possibleWarningInstants(facts),
    ...facts.termsRemindAt.slice(facts.termsRemindersSent),
    ...facts.upcomingTerms.map((document) => document.effectiveAt),
  ];
}

function snapshotKey({ stage, causes, covered, pendingStep }: Snapshot): string {
  return JSON.stringify([stage, causes, covered, pendingStep]);
}
