import { describe, expect, test } from '@jest/globals';
import { type OnboardingFacts } from '../../../domain/onboarding/facts.ts';
import { missingTerms, standingAt } from '../../../domain/onboarding/standing.ts';
import {
  activeFacts,
  bothTerms,
  completeEvidence,
  facts,
  invitationFact,
  license,
  marketplace,
  mondayMorning,
  termination,
} from './facts.ts';

const plain = completeEvidence();
const at = (instant: string) => new Date(instant);
const stageAt = (now: Date, about: OnboardingFacts) => {
  const { stage, causes, pendingStep } = standingAt(now, about);
  return { stage, causes, pendingStep };
};
const terminated = { evidence: { ...plain, terminations: [termination()] } };
const [termsOfUse] = bothTerms;

const ending = (endsOn: string | null) =>
  activeFacts({ evidence: { ...plain, registration: { ...plain.registration, endsOn } } });

describe('an agent who has not registered', () => {
  test('awaits eligibility, with every unmet condition as a cause', () => {
    const { registration: _, ...others } = plain;
    expect(stageAt(mondayMorning, facts({ evidence: { ...others, registration: undefined } }))).toEqual({
      stage: 'awaiting-eligibility',
      causes: ['marketplace-registration', 'npn-valid'],
      pendingStep: undefined,
    });
  });

  test('is to be invited once eligible', () => {
    expect(stageAt(mondayMorning, facts())).toEqual({
      stage: 'awaiting-eligibility',
      causes: [],
      pendingStep: 'invite',
    });
  });

  test('is invited while the link lives, reminded once, and then the invitation has expired', () => {
    const invited = facts({ invitation: invitationFact() });
    const reminded = facts({ invitation: invitationFact({ remindedAt: mondayMorning }) });
    expect(stageAt(mondayMorning, invited)).toEqual({ stage: 'invited', causes: [], pendingStep: undefined });
    expect(standingAt(mondayMorning, invited).nextChangeAt).toEqual(at('2026-11-25T03:00:00Z'));
    expect(stageAt(at('2026-11-25T03:00:00Z'), invited).pendingStep).toBe('remind-of-invitation');
    expect(stageAt(at('2026-11-25T03:00:00Z'), reminded).pendingStep).toBeUndefined();
    expect(stageAt(at('2026-11-25T14:59:59.999Z'), reminded).stage).toBe('invited');
    expect(standingAt(mondayMorning, reminded).nextChangeAt).toEqual(at('2026-11-25T15:00:00Z'));
    expect(stageAt(at('2026-11-25T15:00:00Z'), reminded)).toEqual({
      stage: 'invitation-expired',
      causes: ['expired'],
      pendingStep: undefined,
    });
  });

  test('whose mail came back has an undeliverable invitation', () => {
    const returned = facts({ invitation: invitationFact({ endedAs: 'undeliverable' }) });
    expect(stageAt(mondayMorning, returned)).toEqual({
      stage: 'invitation-undeliverable',
      causes: ['undeliverable'],
      pendingStep: undefined,
    });
  });

  test.each<[string, Partial<OnboardingFacts>]>([
    ['lives', { invitation: invitationFact() }],
    ['has expired', { invitation: invitationFact({ endedAs: 'expired' }) }],
    ['came back', { invitation: invitationFact({ endedAs: 'undeliverable' }) }],
  ])('is invited anew when that was asked for after the link was issued that %s', (_case, change) => {
    const later = at('2026-11-23T16:00:00Z');
    expect(stageAt(later, facts({ ...change, invitationRequestedAt: later })).pendingStep).toBe('invite');
    expect(
      stageAt(later, facts({ ...change, invitationRequestedAt: mondayMorning })).pendingStep,
    ).toBeUndefined();
  });

  test('and is no longer eligible awaits eligibility, with or without a live link', () => {
    const gone = facts({ ...terminated, eligibleAt: mondayMorning, invitation: invitationFact() });
    expect(stageAt(mondayMorning, gone)).toEqual({
      stage: 'awaiting-eligibility',
      causes: ['not-terminated'],
      pendingStep: undefined,
    });
  });

  test('is not invited for a plan year while a later one invites, since an account serves both', () => {
    expect(stageAt(mondayMorning, facts({ isInvitedByLaterYear: true }))).toEqual({
      stage: 'awaiting-eligibility',
      causes: [],
      pendingStep: undefined,
    });
  });

  test('is not invited while held', () => {
    expect(stageAt(mondayMorning, facts({ heldAt: mondayMorning }))).toEqual({
      stage: 'awaiting-eligibility',
      causes: ['held'],
      pendingStep: undefined,
    });
  });
});

describe('a registered agent', () => {
  test('awaits the terms that are missing, in their order, and serves no state', () => {
    const almost = activeFacts({ termsAccepted: [] });
    expect(standingAt(mondayMorning, almost)).toMatchObject({
      stage: 'awaiting-terms',
      causes: ['terms-of-use', 'agents-and-brokers-terms-of-use'],
      states: [],
    });
    expect(
      stageAt(mondayMorning, activeFacts({ termsAccepted: [termsOfUse as (typeof bothTerms)[0]] })).causes,
    ).toEqual(['agents-and-brokers-terms-of-use']);
  });

  test('is reminded of them at each scheduled instant, once for each', () => {
    const reminders = [at('2026-11-24T15:00:00Z'), at('2026-11-26T15:00:00Z')];
    const withReminders = (termsRemindersSent: number) =>
      activeFacts({ termsAccepted: [], termsRemindAt: reminders, termsRemindersSent });
    expect(standingAt(mondayMorning, withReminders(0)).nextChangeAt).toEqual(reminders[0]);
    expect(stageAt(at('2026-11-24T15:00:00Z'), withReminders(0)).pendingStep).toBe('remind-of-terms');
    expect(stageAt(at('2026-11-24T15:00:00Z'), withReminders(1)).pendingStep).toBeUndefined();
    expect(standingAt(at('2026-11-24T15:00:00Z'), withReminders(1)).nextChangeAt).toEqual(reminders[1]);
    expect(stageAt(at('2026-12-01T00:00:00Z'), withReminders(1)).pendingStep).toBe('remind-of-terms');
    expect(stageAt(at('2026-12-01T00:00:00Z'), withReminders(2)).pendingStep).toBeUndefined();
  });

  test('is active with both sets of terms and serves the states of the licenses', () => {
    const licenses = [license(), license({ state: 'FL', resident: false, expiresOn: '2027-03-31' })];
    const standing = standingAt(
      mondayMorning,
      activeFacts({ evidence: { ...plain, licenses }, warnBeforeMs: [] }),
    );
    expect(standing).toMatchObject({
      stage: 'active',
      causes: [],
      states: ['FL', 'TX'],
      pendingStep: undefined,
    });
    expect(standing.nextChangeAt).toEqual(at('2027-04-01T04:00:00Z'));
  });

  test('awaits terms again when a new version is in force', () => {
    const termsInForce = { 'terms-of-use': '2027-2', 'agents-and-brokers-terms-of-use': '2027-1' };
    const later = activeFacts({ termsInForce });
    expect(stageAt(mondayMorning, later)).toEqual({
      stage: 'awaiting-terms',
      causes: ['terms-of-use'],
      pendingStep: undefined,
    });
    expect(missingTerms(mondayMorning, later)).toEqual(['terms-of-use']);
  });

  test('awaits a new version of the terms from the instant it comes into force', () => {
    const effectiveAt = at('2026-12-01T05:00:00Z');
    const soon = activeFacts({ upcomingTerms: [{ kind: 'terms-of-use', version: '2027-2', effectiveAt }] });
    expect(standingAt(mondayMorning, soon)).toMatchObject({ stage: 'active', nextChangeAt: effectiveAt });
    expect(stageAt(effectiveAt, soon)).toMatchObject({ stage: 'awaiting-terms', causes: ['terms-of-use'] });
  });

  test('is suspended by a condition that is no longer met, and serves no state', () => {
    expect(standingAt(mondayMorning, activeFacts(terminated))).toMatchObject({
      stage: 'suspended',
      causes: ['not-terminated'],
      states: [],
    });
  });

  test.each([
    ['T3', ['terminated-for-cause'], []],
    ['T4', ['terminated-for-cause'], []],
    ['T1', [], ['TX']],
  ])(
    'with %s of another open plan year stays active, with the causes %j, and serves %j',
    (status, causes, states) => {
      const terminations = [termination({ status, effectivePlanYear: 2026 })];
      const both = activeFacts({ otherPlanYears: [2026], evidence: { ...plain, terminations } });
      const covered = states;
      expect(standingAt(mondayMorning, both)).toMatchObject({ stage: 'active', causes, states, covered });
      const alone = standingAt(mondayMorning, { ...both, otherPlanYears: [] });
      expect(alone).toMatchObject({ stage: 'active', causes: [], states: ['TX'], covered: ['TX'] });
    },
  );

  test('is suspended while held', () => {
    expect(standingAt(mondayMorning, activeFacts({ heldAt: mondayMorning }))).toMatchObject({
      stage: 'suspended',
      causes: ['held'],
      states: [],
    });
  });

  test('awaits eligibility in a new plan year until the conditions are met the first time', () => {
    const newYear = activeFacts({ ...terminated, eligibleAt: null });
    expect(stageAt(mondayMorning, newYear)).toEqual({
      stage: 'awaiting-eligibility',
      causes: ['not-terminated'],
      pendingStep: undefined,
    });
    expect(stageAt(mondayMorning, activeFacts({ eligibleAt: null })).stage).toBe('active');
  });

  test('has left, whatever else is true', () => {
    const gone = activeFacts({ leftAt: mondayMorning, heldAt: mondayMorning });
    expect(standingAt(mondayMorning, gone)).toMatchObject({ stage: 'left', causes: [], states: [] });
    expect(standingAt(at('2029-01-01T00:00:00Z'), gone).stage).toBe('left');
  });
});

describe('a future day that the feeds name', () => {
  const ahead = '2026-11-27';
  const begins = at('2026-11-27T05:00:00Z');
  const ends = at('2026-11-28T05:00:00Z');
  const { registration, training } = plain;

  test.each<[string, Partial<OnboardingFacts['evidence']>, Date]>([
    ['of registration', { registration: { ...registration, completedOn: ahead } }, begins],
    ['of training', { training: { ...training, marketplaceTrainedOn: ahead } }, begins],
    ['of validation', { training: { ...training, niprValidatedOn: ahead } }, begins],
    ['of coursework', { training: { ...training, courseworkCompletedOn: ahead } }, begins],
    [
      'of the agreements',
      { training: { ...training, cmsAgreementsSignedOn: ahead, courseworkCompletedOn: ahead } },
      begins,
    ],
    ['of termination', { terminations: [termination({ datedOn: ahead })] }, begins],
    ['of a license', { licenses: [license({ issuedOn: ahead })] }, begins],
    ['of another state', { licenses: [license(), license({ state: 'FL', issuedOn: ahead })] }, begins],
    ['on which the license ends', { licenses: [license({ expiresOn: ahead })] }, ends],
    ['on which the registration ends', { registration: { ...registration, endsOn: ahead } }, ends],
  ])('%s is when the answer changes', (_case, change, changesAt) => {
    const known = activeFacts({ evidence: { ...plain, ...change } });
    expect(standingAt(mondayMorning, known).nextChangeAt).toEqual(changesAt);
  });
});

describe('a plan year', () => {
  test('lapses at the end of the day on which the registration ends, also in the night of 25 hours', () => {
    const thatNight = ending('2026-11-01');
    expect(stageAt(at('2026-11-02T04:59:59.999Z'), thatNight).stage).toBe('active');
    expect(stageAt(at('2026-11-02T05:00:00Z'), thatNight)).toEqual({
      stage: 'lapsed',
      causes: [],
      pendingStep: undefined,
    });
    expect(standingAt(at('2026-11-01T12:00:00Z'), thatNight).nextChangeAt).toEqual(
      at('2026-11-02T05:00:00Z'),
    );
  });

  test('lapses with the year where the registration names no end, or is not there', () => {
    expect(stageAt(at('2028-01-01T04:59:59.999Z'), ending(null)).stage).toBe('active');
    expect(stageAt(at('2028-01-01T05:00:00Z'), ending(null)).stage).toBe('lapsed');
    const unknown = facts({ evidence: { ...plain, registration: undefined } });
    expect(stageAt(at('2028-01-01T05:00:00Z'), unknown).stage).toBe('lapsed');
  });

  test('that has lapsed changes no more by itself', () => {
    expect(standingAt(at('2028-06-01T00:00:00Z'), activeFacts()).nextChangeAt).toBeUndefined();
  });

  test('of Oklahoma goes on when the state changes its kind of marketplace on 1 May 2026', () => {
    const evidence = {
      ...plain,
      registration: { ...plain.registration, completedOn: '2025-09-14', endsOn: '2026-12-31' },
      training: {
        ...plain.training,
        marketplaceTrainedOn: '2025-09-10',
        cmsAgreementsSignedOn: '2025-09-11',
        courseworkCompletedOn: '2025-09-12',
        niprValidatedOn: '2025-09-12',
      },
      licenses: [license({ state: 'OK' })],
    };
    const oklahoma = { state: 'OK', planYear: 2026 };
    const markets = [
      marketplace({ ...oklahoma, effectiveOn: '2025-01-01' }),
      marketplace({ ...oklahoma, effectiveOn: '2026-05-01', kind: 'SBM-FP' }),
    ];
    const okay = activeFacts({ planYear: 2026, evidence, marketplaces: markets, warnBeforeMs: [] });
    const eve = at('2026-04-30T12:00:00Z');
    expect(standingAt(eve, okay).states).toEqual(['OK']);
    expect(standingAt(eve, okay).nextChangeAt).toEqual(at('2027-01-01T05:00:00Z'));
    expect(standingAt(at('2026-05-01T12:00:00Z'), okay).states).toEqual(['OK']);
  });

  test('of a state that leaves HealthCare.gov ends there on that day', () => {
    const markets = [marketplace(), marketplace({ kind: 'SBM', effectiveOn: '2026-12-01' })];
    const leaving = activeFacts({ marketplaces: markets });
    expect(standingAt(mondayMorning, leaving).nextChangeAt).toEqual(at('2026-12-01T05:00:00Z'));
    expect(standingAt(at('2026-12-01T05:00:00Z'), leaving)).toMatchObject({
      stage: 'suspended',
      causes: ['licensed-with-health-line'],
    });
  });
});
