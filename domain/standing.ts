import { dateAt, endOf, startOf } from './calendar.ts';
import {
  type Condition,
  type ConditionFacts,
  type ConditionName,
  conditionsOn,
  licensedStatesOn,
  turningDays,
} from './conditions.ts';
import type { OnboardingStage } from './stages.ts';

/** The two documents an agent accepts (guide, Registration 2 and 5), in that order. */
export const termsKinds = ['terms-of-use', 'agents-and-brokers-terms-of-use'] as const;
export type TermsKind = (typeof termsKinds)[number];

/** Why an onboarding is where it is: an unmet condition, terms not accepted, or a stage's own cause. */
export type OnboardingCause = ConditionName | TermsKind | 'undeliverable' | 'expired' | 'held';

/** What the stage calls for and nobody has done yet. */
export type Duty = 'invite' | 'remind-of-link' | 'remind-of-terms';

/** The latest invitation of an agent, whichever plan year issued it. Its instants were promised when it was issued and never move. */
export interface InvitationFact {
  issuedAt: Date;
  remindAt: Date;
  remindedAt: Date | null;
  expiresAt: Date;
  endedAs: 'registered' | 'expired' | 'replaced' | 'undeliverable' | null;
}

/** All that is known of one agent's onboarding for one plan year. */
export interface Facts extends ConditionFacts {
  /** When every condition was first met for this plan year; later gaps are a suspension, not a beginning. */
  eligibleAt: Date | null;
  /** When the agent registered, in this or an earlier year. */
  registeredAt: Date | null;
  invitation: InvitationFact | undefined;
  /** Whether a later plan year of this agent is eligible, or not looked at yet: then that one invites. */
  laterYearInvites: boolean;
  /** When the agent or ops last asked for an invitation. */
  invitationRequestedAt: Date | null;
  /** The version of each document that was in force when the facts were read. */
  termsInForce: Readonly<Record<TermsKind, string>>;
  /** Versions that come into force later. */
  comingTerms: readonly { kind: TermsKind; version: string; effectiveAt: Date }[];
  /** The versions the agent has accepted. */
  termsAccepted: readonly { kind: TermsKind; version: string }[];
  /** When the agent is to be reminded of the terms; and how many of these reminders were told. */
  termsRemindAt: readonly Date[];
  termsRemindersTold: number;
  leftAt: Date | null;
  heldAt: Date | null;
}

/** Where an agent stands at an instant, and until when that holds by itself. */
export interface Standing {
  stage: OnboardingStage;
  causes: OnboardingCause[];
  conditions: Condition[];
  /** Where the agent is offered referrals; empty unless active. */
  states: string[];
  due: Duty | undefined;
  /** The earliest instant at which stage, causes, states or duty change although no new fact comes. */
  nextChangeAt: Date | undefined;
}

/** Facts and an instant → standing. The stage is computed each time, never remembered (rule 5). */
export function standingAt(now: Date, facts: Facts): Standing {
  const standing = snapshotAt(now, facts);
  const key = keyOf(standing);
  const nextChangeAt = turningPoints(facts)
    .filter((at) => at > now)
    .toSorted((a, b) => a.getTime() - b.getTime())
    .find((at) => keyOf(snapshotAt(at, facts)) !== key);
  return { ...standing, nextChangeAt };
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

type Snapshot = Omit<Standing, 'nextChangeAt'>;

function snapshotAt(now: Date, facts: Facts): Snapshot {
  const today = dateAt(now);
  const conditions = conditionsOn(today, facts);
  const { stage, causes } = stageAt(now, facts, conditions);
  const states = stage === 'active' ? licensedStatesOn(today, facts) : [];
  return { stage, causes, conditions, states, due: dutyAt(now, facts, stage) };
}

function stageAt(
  now: Date,
  facts: Facts,
  conditions: readonly Condition[],
): { stage: OnboardingStage; causes: OnboardingCause[] } {
  if (facts.leftAt) return { stage: 'left', causes: [] };
  if (now >= lapsesAt(facts)) return { stage: 'lapsed', causes: [] };

  const unmet = conditions.filter((condition) => !condition.met).map((condition) => condition.name);
  if (facts.registeredAt) {
    if (unmet.length > 0)
      return { stage: facts.eligibleAt ? 'suspended' : 'awaiting-eligibility', causes: unmet };
    if (facts.heldAt) return { stage: 'suspended', causes: ['held'] };
    const missing = missingTerms(now, facts);
    return missing.length > 0
      ? { stage: 'awaiting-terms', causes: missing }
      : { stage: 'active', causes: [] };
  }

  if (unmet.length > 0) return { stage: 'awaiting-eligibility', causes: unmet };
  if (facts.heldAt) return { stage: 'awaiting-eligibility', causes: ['held'] };
  const { invitation } = facts;
  if (!invitation) return { stage: 'awaiting-eligibility', causes: [] };
  if (invitation.endedAs === 'undeliverable')
    return { stage: 'invitation-undeliverable', causes: ['undeliverable'] };
  if (isDead(now, invitation)) return { stage: 'invitation-expired', causes: ['expired'] };
  return { stage: 'invited', causes: [] };
}

function dutyAt(now: Date, facts: Facts, stage: OnboardingStage): Duty | undefined {
  const { invitation, invitationRequestedAt, termsRemindAt, termsRemindersTold } = facts;
  const askedSince = invitation && invitationRequestedAt && invitationRequestedAt > invitation.issuedAt;
  switch (stage) {
    case 'awaiting-eligibility':
      if (facts.registeredAt || facts.heldAt || facts.laterYearInvites) return undefined;
      return isEligible(now, facts) ? 'invite' : undefined;
    case 'invited':
      if (askedSince) return 'invite';
      return invitation && !invitation.remindedAt && now >= invitation.remindAt
        ? 'remind-of-link'
        : undefined;
    case 'invitation-expired':
    case 'invitation-undeliverable':
      return askedSince ? 'invite' : undefined;
    case 'awaiting-terms': {
      const next = termsRemindAt[termsRemindersTold];
      return next && now >= next ? 'remind-of-terms' : undefined;
    }
    case 'active':
    case 'suspended':
    case 'lapsed':
    case 'left':
      return undefined;
  }
}

function isEligible(now: Date, facts: Facts): boolean {
  return conditionsOn(dateAt(now), facts).every((condition) => condition.met);
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
    ...facts.termsRemindAt.slice(facts.termsRemindersTold),
    ...facts.comingTerms.map((document) => document.effectiveAt),
  ];
}

function keyOf({ stage, causes, states, due }: Snapshot): string {
  return JSON.stringify([stage, causes, states, due]);
}
