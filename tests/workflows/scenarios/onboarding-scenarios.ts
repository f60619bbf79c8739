import { randomInt } from 'node:crypto';
import type { LicenseRow, PlainDate } from '../../../domain/onboarding/evidence.ts';
import type { OnboardingFacts, TermsKind } from '../../../domain/onboarding/facts.ts';
import type { OnboardingStage } from '../../../domain/stages.ts';
import { marketplaceDateAt } from '../../../domain/time/marketplace-calendar.ts';
import { register } from '../../../workflows/messages.ts';
import { eventually } from '../../harness/eventually.ts';
import type { OnboardingCase } from './fake-onboardings.ts';
import { addTime } from './guide-policy.ts';
import type { WorkflowHarness } from './workflow-harness.ts';

/** NPNs of agents who are in no other test, of another file neither: some files share a server. */
let lastNpn = randomInt(10_000_000, 99_000_000);
const nextNpn = () => `${(lastNpn += 1)}`;

/** Facts of an agent who meets every condition for the open plan year, and has done nothing yet. */
export function eligibleFacts(now: Date): OnboardingFacts {
  const planYear = Number(marketplaceDateAt(now).slice(0, 4)) + 1;
  const releasedAt = addTime(now, { days: -1 });
  const day = (days: number) => marketplaceDateAt(addTime(now, { days }));
  return {
    planYear,
    evidence: {
      registration: {
        completedOn: day(-30),
        endsOn: `${planYear}-12-31`,
        npnValid: 'Y',
        npnValidKept: 'Y',
        source: { feed: 'registration-completions', asOf: releasedAt },
      },
      training: {
        marketplaceTrainedOn: day(-40),
        cmsAgreementsSignedOn: day(-40),
        courseworkCompletedOn: day(-35),
        niprValidatedOn: day(-35),
        newToMarketplace: true,
        source: { feed: 'training-completions', asOf: releasedAt },
      },
      terminations: [],
      licenses: [licenseOf(now, {})],
    },
    marketplaces: [
      {
        state: 'TX',
        planYear,
        effectiveOn: `${planYear - 1}-01-01`,
        kind: 'FFM',
        name: 'HealthCare.gov',
        url: 'https://www.healthcare.gov',
        phone: '+18003182596',
      },
    ],
    eligibleAt: null,
    registeredAt: null,
    invitation: undefined,
    invitationRequestedAt: null,
    upcomingTerms: [],
    termsInForce: { 'terms-of-use': '2026-1', 'agents-and-brokers-terms-of-use': '2026-1' },
    termsAccepted: [],
    termsRemindAt: [],
    termsRemindersSent: 0,
    leftAt: null,
    heldAt: null,
    emailUndeliverableAt: null,
    otherPlanYears: [],
    isInvitedByLaterYear: false,
    isContinuedByLaterYear: false,
    lateAt: null,
    lateNotifiedAt: null,
    licenseLookupAt: null,
    phoneCheckAt: null,
    warnBeforeMs: [],
    expirationWarnings: [],
    reach: { states: ['TX'], languages: ['en'], channels: ['email'] },
  };
}

/** A resident Texas license with a health line of authority. */
export function licenseOf(now: Date, { expiresOn = null }: { expiresOn?: PlainDate | null }): LicenseRow {
  return {
    state: 'TX',
    licenseClass: 'Producer',
    resident: true,
    active: true,
    issuedOn: marketplaceDateAt(addTime(now, { days: -700 })),
    expiresOn,
    line: 'Accident & Health or Sickness',
    lineActive: true,
    health: true,
    source: { feed: 'licenses', asOf: addTime(now, { days: -1 }) },
  };
}

/** Accepts these documents in the version in force. */
export function acceptTermsInFacts({ facts }: OnboardingCase, ...kinds: TermsKind[]): void {
  const accepted = kinds.map((kind) => ({ kind, version: facts.termsInForce[kind] }));
  facts.termsAccepted = [...facts.termsAccepted, ...accepted];
}

/** Starts an onboarding; `arrange` changes the facts of an eligible agent before that. */
export async function startedOnboarding(
  harness: WorkflowHarness,
  arrange: (facts: OnboardingFacts, now: Date) => void = () => undefined,
) {
  const at = await harness.now();
  const facts = eligibleFacts(at);
  arrange(facts, at);
  const about = harness.onboardings.create({ npn: nextNpn(), facts, at });
  return { about, handle: await harness.startOnboarding(about) };
}

/** Starts an onboarding and waits until the agent is invited. */
export async function invitedOnboarding(
  harness: WorkflowHarness,
  arrange?: (facts: OnboardingFacts, now: Date) => void,
) {
  const scenario = await startedOnboarding(harness, arrange);
  const { issuedAt, expiresAt } = await eventually(() => {
    const { invitation } = scenario.about.facts;
    if (!invitation) throw new Error('there is no invitation');
    return invitation;
  });
  await sentNoticeKinds(harness, scenario.about, 'invitation');
  return { ...scenario, issuedAt, expiresAt };
}

/** Starts the onboarding of an agent who registers and so accepts the Terms of Use only. */
export async function registeredOnboarding(
  harness: WorkflowHarness,
  arrange?: (facts: OnboardingFacts, now: Date) => void,
) {
  const scenario = await invitedOnboarding(harness, arrange);
  await scenario.handle.executeUpdate(register, { args: [{ registrationRequestId: 'first' }] });
  return { ...scenario, registeredAt: scenario.about.facts.registeredAt as Date };
}

/** Resolves when a review has found the agent in a stage; a case has its first stage before anything was reviewed. */
export function untilStageOf(about: OnboardingCase, stage: OnboardingStage): Promise<void> {
  return eventually(() => {
    if (about.activityCalls.length === 0) throw new Error(`${about.npn} was not reviewed yet`);
    if (about.stage !== stage) throw new Error(`${about.npn} is ${about.stage}, not ${stage}`);
  });
}

/** Waits until the last notice to the agent is of this kind. @returns the kinds of all sent notices */
export function sentNoticeKinds(
  harness: WorkflowHarness,
  { workflowId }: OnboardingCase,
  last: string,
): Promise<string[]> {
  return eventually(() => {
    const kinds = harness.delivery.sentBy(workflowId).map(({ kind }) => kind as string);
    if (kinds.at(-1) !== last) throw new Error(`the last notice is not ${last} but ${kinds.at(-1)}`);
    return kinds;
  });
}
