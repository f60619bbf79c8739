import type { OnboardingStage } from '../stages.ts';
import { dateAt, endOf, startOf } from '../time/calendar.ts';
import { type Condition, conditionNames, conditionsOn, licensedStatesOn, turningDays } from './conditions.ts';
import { warningTurns } from './expirations.ts';
import { type Facts, type InvitationFact, type Reach, type TermsKind, termsKinds } from './facts.ts';
import { type Duty, dutyAt, isLate, lacksLicense } from './next-step.ts';

/** What keeps an active agent from being asked, although every condition is met. */
export const hindrances = ['no-state', 'no-language', 'no-channel'] as const;
export type Hindrance = (typeof hindrances)[number];

/** Why an onboarding is where it is: an unmet condition, terms not accepted, a hindrance, or a stage's own cause. */
export const onboardingCauses = [
  ...conditionNames,
  'license-not-found',
  'late',
  ...termsKinds,
  ...hindrances,
  'undeliverable',
  'expired',
  'held',
] as const;
export type OnboardingCause = (typeof onboardingCauses)[number];

/** Where an agent stands at an instant, and until when that holds by itself. */
export interface Standing {
  stage: OnboardingStage;
  causes: OnboardingCause[];
  conditions: Condition[];
  /** Where the agent is offered referrals; empty unless active. */
  states: string[];
  /** Where the offers he has stand: also while nothing is missing but another version of the terms. */
  covered: string[];
  due: Duty | undefined;
  /** The earliest instant at which stage, causes, states, cover or duty change although no new fact comes. */
  nextChangeAt: Date | undefined;
  /** The earliest instant at which the states change although no new fact comes: a duty alone does not end them. */
  servesUntil: Date | undefined;
}

/** Facts and an instant → standing. The stage is computed each time, never remembered (rule 5). */
export function standingAt(now: Date, facts: Facts): Standing {
  const standing = snapshotAt(now, facts);
  const turns = turningPoints(facts)
    .filter((at) => at > now)
    .toSorted((a, b) => a.getTime() - b.getTime());
  const whenOtherwise = (keyOf: (snapshot: Snapshot) => string) =>
    turns.find((at) => keyOf(snapshotAt(at, facts)) !== keyOf(standing));
  const servesUntil = standing.states.length > 0 ? whenOtherwise(({ states }) => states.join()) : undefined;
  return { ...standing, nextChangeAt: whenOtherwise(wholeOf), servesUntil };
}

/** Whether an invitation is of use to an onboarding: nothing but the registration is missing. */
export function takesInvitation(now: Date, facts: Facts): boolean {
  const { stage, causes } = standingAt(now, facts);
  if (stage === 'awaiting-eligibility') return causes.length === 0;
  return stage === 'invited' || stage === 'invitation-undeliverable' || stage === 'invitation-expired';
}

/** The documents whose version in force at an instant the agent has not accepted. */
export function missingTerms(
  now: Date,
  { termsInForce, comingTerms, termsAccepted }: Pick<Facts, 'termsInForce' | 'comingTerms' | 'termsAccepted'>,
): TermsKind[] {
  const versionOf = (kind: TermsKind) =>
    comingTerms
      .filter((document) => document.kind === kind && document.effectiveAt <= now)
      .toSorted((a, b) => b.effectiveAt.getTime() - a.effectiveAt.getTime())[0]?.version ??
    termsInForce[kind];
  return termsKinds.filter(
    (kind) => !termsAccepted.some((done) => done.kind === kind && done.version === versionOf(kind)),
  );
}

type Snapshot = Omit<Standing, 'nextChangeAt' | 'servesUntil'>;

function snapshotAt(now: Date, facts: Facts): Snapshot {
  const today = dateAt(now);
  const conditions = conditionsOn(today, facts);
  const { stage, causes } = stageAt(now, facts, conditions);
  const covered = stage === 'active' || stage === 'awaiting-terms' ? licensedStatesOn(today, facts) : [];
  const states = stage === 'active' ? covered : [];
  const hindered = stage === 'active' ? hindrancesOf(facts.reach, states) : [];
  const due = dutyAt(now, facts, { stage, conditions });
  return { stage, causes: [...causes, ...hindered], conditions, states, covered, due };
}

function hindrancesOf(reach: Reach, licensed: readonly string[]): Hindrance[] {
  const lacking: Record<Hindrance, boolean> = {
    'no-state': !reach.states.some((state) => licensed.includes(state)),
    'no-language': reach.languages.length === 0,
    'no-channel': reach.channels.length === 0,
  };
  return hindrances.filter((name) => lacking[name]);
}

function stageAt(
  now: Date,
  facts: Facts,
  conditions: readonly Condition[],
): { stage: OnboardingStage; causes: OnboardingCause[] } {
  if (facts.leftAt) return { stage: 'left', causes: [] };
  if (now >= lapsesAt(facts)) return { stage: 'lapsed', causes: [] };

  const unmet: OnboardingCause[] = conditions.filter(({ met }) => !met).map(({ name }) => name);
  if (lacksLicense(facts, conditions)) unmet.push('license-not-found');
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
  // a link to an address that is no longer the agent's own is dead; another one goes to the new address
  if (!invitation || invitation.sentElsewhere) return { stage: 'awaiting-eligibility', causes: [] };
  if (invitation.endedAs === 'undeliverable')
    return { stage: 'invitation-undeliverable', causes: ['undeliverable'] };
  if (isDead(now, invitation)) return { stage: 'invitation-expired', causes: ['expired'] };
  return { stage: 'invited', causes: [] };
}

function notEligible(
  now: Date,
  facts: Facts,
  unmet: OnboardingCause[],
): { stage: OnboardingStage; causes: OnboardingCause[] } {
  return { stage: 'awaiting-eligibility', causes: isLate(now, facts) ? [...unmet, 'late'] : unmet };
}

function isDead(now: Date, invitation: InvitationFact): boolean {
  return invitation.endedAs !== null || now >= invitation.expiresAt;
}

/** A registration ends as its row says, which can be before the year does; without a row, with the year. */
function lapsesAt(facts: Facts): Date {
  return endOf(facts.evidence.registration?.endsOn ?? `${facts.planYear}-12-31`);
}

function turningPoints(facts: Facts): Date[] {
  const { starts, ends } = turningDays(facts);
  const { invitation } = facts;
  return [
    ...starts.map(startOf),
    ...ends.map(endOf),
    lapsesAt(facts),
    ...(invitation ? [invitation.remindAt, invitation.expiresAt] : []),
    ...[facts.lateAt, facts.licenseLookupAt, facts.phoneCheckAt, invitation?.retryAt ?? null].filter(
      (at) => at !== null,
    ),
    ...warningTurns(facts),
    ...facts.termsRemindAt.slice(facts.termsRemindersTold),
    ...facts.comingTerms.map((document) => document.effectiveAt),
  ];
}

function wholeOf({ stage, causes, covered, due }: Snapshot): string {
  return JSON.stringify([stage, causes, covered, due]);
}
