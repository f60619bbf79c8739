import type {
  Evidence,
  EvidenceSource,
  FeedKind,
  LicenseRow,
  TerminationRow,
} from '../../../domain/onboarding/evidence.ts';
import type { InvitationFact, OnboardingFacts } from '../../../domain/onboarding/facts.ts';
import type { Marketplace } from '../../../domain/onboarding/marketplaces.ts';

/** A Monday morning in open enrollment; in Eastern time it is 10 o'clock of the same day. */
export const mondayMorning = new Date('2026-11-23T15:00:00Z');
export const today = '2026-11-23';

const asOf = new Date('2026-11-20T12:00:00Z');
const from = (feed: FeedKind): EvidenceSource => ({ feed, asOf });

/** An active resident Texas license with an active health line of authority; `change` overrides fields. */
export function license(change: Partial<LicenseRow> = {}): LicenseRow {
  return {
    state: 'TX',
    licenseClass: 'Producer',
    resident: true,
    active: true,
    issuedOn: '2020-01-15',
    expiresOn: '2028-01-31',
    line: 'Health',
    lineActive: true,
    health: true,
    source: from('licenses'),
    ...change,
  };
}

/** An entry of the termination list, by default `T1` of this plan year. */
export function termination(change: Partial<TerminationRow> = {}): TerminationRow {
  return {
    marketplaces: 'BOTH',
    datedOn: '2026-11-02',
    status: 'T1',
    effectivePlanYear: 2027,
    source: from('terminations'),
    ...change,
  };
}

/** Feed rows of an agent who meets every condition. */
export function completeEvidence() {
  return {
    registration: {
      completedOn: '2026-09-14',
      endsOn: '2027-12-31',
      npnValid: 'Y' as const,
      npnValidKept: 'Y' as const,
      source: from('registration-completions'),
    },
    training: {
      marketplaceTrainedOn: '2026-09-10',
      cmsAgreementsSignedOn: '2026-09-11',
      courseworkCompletedOn: '2026-09-12',
      niprValidatedOn: '2026-09-12',
      newToMarketplace: false,
      source: from('training-completions'),
    },
    terminations: [],
    licenses: [license()],
  } satisfies Evidence;
}

/** A state's marketplace for 2027, by default on HealthCare.gov. */
export function marketplace(change: Partial<Marketplace> = {}): Marketplace {
  const site = { name: 'HealthCare.gov', url: 'https://www.healthcare.gov', phone: '1-800-318-2596' };
  return { state: 'TX', planYear: 2027, effectiveOn: '2026-01-01', kind: 'FFM', ...site, ...change };
}

export const marketplaces = [
  marketplace(),
  marketplace({ state: 'FL' }),
  marketplace({ state: 'AR', kind: 'SBM-FP' }),
  marketplace({ state: 'NY', kind: 'SBM', name: 'NY State of Health' }),
];

/** An invitation issued on Monday morning, alive for 48 hours. */
export function invitationFact(change: Partial<InvitationFact> = {}): InvitationFact {
  return {
    issuedAt: mondayMorning,
    remindAt: new Date('2026-11-25T03:00:00Z'),
    remindedAt: null,
    expiresAt: new Date('2026-11-25T15:00:00Z'),
    endedAs: null,
    retryAt: null,
    sentToFormerAddress: false,
    ...change,
  };
}

export const bothTerms = [
  { kind: 'terms-of-use' as const, version: '2027-1' },
  { kind: 'agents-and-brokers-terms-of-use' as const, version: '2027-1' },
];

/** Facts of an eligible agent who has not been invited yet. */
export function facts(change: Partial<OnboardingFacts> = {}): OnboardingFacts {
  return {
    planYear: 2027,
    evidence: completeEvidence(),
    marketplaces,
    eligibleAt: null,
    registeredAt: null,
    invitation: undefined,
    otherPlanYears: [],
    isInvitedByLaterYear: false,
    invitationRequestedAt: null,
    termsInForce: { 'terms-of-use': '2027-1', 'agents-and-brokers-terms-of-use': '2027-1' },
    upcomingTerms: [],
    termsAccepted: [],
    termsRemindAt: [],
    termsRemindersSent: 0,
    lateAt: null,
    lateNotifiedAt: null,
    licenseLookupAt: null,
    phoneCheckAt: null,
    isContinuedByLaterYear: false,
    warnBeforeMs: [60, 30, 7].map((days) => days * 24 * 60 * 60 * 1_000),
    expirationWarnings: [],
    reach: { states: ['TX'], languages: ['en'], channels: ['email'] },
    leftAt: null,
    heldAt: null,
    emailUndeliverableAt: null,
    ...change,
  };
}

/** Facts of an agent who has registered and accepted both sets of terms. */
export function activeFacts(change: Partial<OnboardingFacts> = {}): OnboardingFacts {
  return facts({
    eligibleAt: mondayMorning,
    registeredAt: mondayMorning,
    termsAccepted: bothTerms,
    ...change,
  });
}
