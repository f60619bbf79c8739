import * as fc from 'fast-check';
import type { Evidence, LicenseRow } from '../../../domain/onboarding/evidence.ts';
import { type OnboardingFacts, termsKinds } from '../../../domain/onboarding/facts.ts';
import { license, marketplace, termination } from './facts.ts';

/** A few days around the night the clocks go back, so that dates meet and cross. */
export const days = [
  '2026-10-30',
  '2026-10-31',
  '2026-11-01',
  '2026-11-02',
  '2026-11-03',
  '2026-11-04',
] as const;

/** Mostly the plan year of most rows. */
export const anyPlanYear = fc.constantFrom(2027, 2027, 2027, 2026);

const anyDay = fc.constantFrom(...days);
const maybeDay = fc.option(anyDay, { freq: 6 });
/** Mostly long past, so that agents who meet a condition are not rare. */
const mostlyPast = fc.oneof(
  { weight: 14, arbitrary: fc.constant<string | null>('2026-09-01') },
  { weight: 1, arbitrary: maybeDay },
);
const source = { feed: 'licenses' as const, asOf: new Date('2026-10-29T12:00:00Z') };
const mostly = fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.boolean());

const anyLicense: fc.Arbitrary<LicenseRow> = fc
  .record({
    state: fc.constantFrom('TX', 'TX', 'FL', 'NY', 'OK', 'ZZ'),
    licenseClass: fc.oneof(
      { weight: 40, arbitrary: fc.constant('Producer' as const) },
      { weight: 1, arbitrary: fc.constant('Business Entity' as const) },
    ),
    resident: fc.boolean(),
    active: mostly,
    lineActive: mostly,
    health: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constantFrom(false, undefined)),
    issuedOn: mostlyPast,
    expiresOn: fc.option(anyDay),
  })
  .map(license);

const anyTermination = fc
  .record({
    marketplaces: fc.constantFrom('BOTH' as const, 'INDIVIDUAL' as const, 'SHOP' as const),
    datedOn: anyDay,
    status: fc.constantFrom('T1', 'T2', 'T3', 'T4', 'R1', 'R2', 'R3', 'R4'),
    effectivePlanYear: fc.constantFrom(2026, 2027),
  })
  .map(termination);

export const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  registration: fc.option(
    fc.record({
      completedOn: mostlyPast,
      endsOn: fc.oneof(anyDay, fc.constantFrom('2027-12-31', null), fc.constant('2027-12-31')),
      npnValid: fc.oneof({ weight: 9, arbitrary: fc.constant('Y' as const) }, fc.constantFrom('N', '-')),
      npnValidKept: fc.constantFrom('Y' as const, 'N' as const, null),
      source: fc.constant(source),
    }),
    { nil: undefined, freq: 20 },
  ),
  training: fc.option(
    fc.record({
      marketplaceTrainedOn: mostlyPast,
      cmsAgreementsSignedOn: mostlyPast,
      courseworkCompletedOn: mostlyPast,
      niprValidatedOn: mostlyPast,
      newToMarketplace: fc.boolean(),
      source: fc.constant(source),
    }),
    { nil: undefined, freq: 20 },
  ),
  terminations: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    fc.array(anyTermination, { maxLength: 3 }),
  ),
  licenses: fc.array(anyLicense, { minLength: 0, maxLength: 6 }),
});

export const anyMarketplaces = fc
  .constantFrom('FFM' as const, 'SBM-FP' as const, 'SBM' as const)
  .chain((kind) =>
    anyDay.map((effectiveOn) => [
      marketplace(),
      marketplace({ state: 'FL' }),
      marketplace({ state: 'NY', kind: 'SBM' }),
      marketplace({ state: 'OK' }),
      marketplace({ state: 'OK', kind, effectiveOn }),
      marketplace({ planYear: 2026 }),
      marketplace({ state: 'FL', kind, planYear: 2026, effectiveOn }),
      marketplace({ state: 'OK', kind: 'SBM', planYear: 2026, effectiveOn: '2026-06-01' }),
    ]),
  );

/** An instant of these days, to the millisecond. */
export const anyInstant = fc.date({
  min: new Date('2026-10-30T00:00:00Z'),
  max: new Date('2026-11-06T00:00:00Z'),
  noInvalidDate: true,
});
const maybeInstant = fc.option(anyInstant);

const seldom = fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.boolean());
const dayMs = 24 * 60 * 60 * 1_000;

const anyInvitation = fc
  .record({
    issuedAt: anyInstant,
    hours: fc.integer({ min: 1, max: 48 }),
    isReminded: fc.boolean(),
    sentElsewhere: seldom,
    retryAfterHours: fc.option(fc.integer({ min: 1, max: 72 })),
    endedAs: fc.oneof(
      { weight: 5, arbitrary: fc.constant(null) },
      fc.constantFrom('expired' as const, 'undeliverable' as const),
    ),
  })
  .map(({ issuedAt, hours, isReminded, endedAs, sentElsewhere, retryAfterHours }) => {
    const remindAt = new Date(issuedAt.getTime() + hours * 1_800_000);
    const expiresAt = new Date(issuedAt.getTime() + hours * 3_600_000);
    return {
      issuedAt,
      remindAt,
      remindedAt: isReminded ? remindAt : null,
      expiresAt,
      endedAs,
      retryAt: retryAfterHours ? new Date(expiresAt.getTime() + retryAfterHours * 3_600_000) : null,
      sentToFormerAddress: sentElsewhere,
    };
  });

const both = [
  { kind: 'terms-of-use' as const, version: '2027-1' },
  { kind: 'agents-and-brokers-terms-of-use' as const, version: '2027-1' },
];
const anyAccepted = fc.oneof(
  fc.constant(both),
  fc.subarray([...both, { kind: 'terms-of-use' as const, version: '2026-1' }]),
);

/**
 * Facts mostly of an agent who meets every condition, so that every stage comes up, with dates and
 * instants of the same few days.
 */
export const anyFacts: fc.Arbitrary<OnboardingFacts> = fc.record({
  planYear: anyPlanYear,
  evidence: anyEvidence,
  marketplaces: anyMarketplaces,
  eligibleAt: maybeInstant,
  registeredAt: fc.oneof(fc.constant(null), anyInstant),
  invitation: fc.option(anyInvitation, { nil: undefined }),
  otherPlanYears: fc.subarray([2026, 2028]),
  isInvitedByLaterYear: fc.boolean(),
  invitationRequestedAt: maybeInstant,
  upcomingTerms: fc.array(
    fc.record({
      kind: fc.constantFrom(...termsKinds),
      version: fc.constantFrom('2027-2', '2027-3'),
      effectiveAt: anyInstant,
    }),
    { maxLength: 2 },
  ),
  termsInForce: fc.constant({ 'terms-of-use': '2027-1', 'agents-and-brokers-terms-of-use': '2027-1' }),
  termsAccepted: anyAccepted,
  termsRemindAt: fc
    .array(anyInstant, { maxLength: 3 })
    .map((instants) => instants.toSorted((a, b) => a.getTime() - b.getTime())),
  termsRemindersSent: fc.integer({ min: 0, max: 3 }),
  lateAt: maybeInstant,
  lateNotifiedAt: maybeInstant,
  licenseLookupAt: maybeInstant,
  phoneCheckAt: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, anyInstant),
  isContinuedByLaterYear: fc.boolean(),
  warnBeforeMs: fc.constantFrom([], [dayMs], [3 * dayMs, dayMs]),
  expirationWarnings: fc.array(
    fc.record({
      subject: fc.constantFrom('registration', 'TX', 'FL'),
      endsOn: anyDay,
      warnedAt: anyInstant,
    }),
    { maxLength: 2 },
  ),
  reach: fc.record({
    states: fc.subarray(['TX', 'FL']),
    languages: fc.subarray(['en', 'es']),
    channels: fc.subarray(['email' as const, 'text' as const]),
  }),
  leftAt: fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, anyInstant),
  emailUndeliverableAt: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, anyInstant),
  heldAt: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, anyInstant),
});
