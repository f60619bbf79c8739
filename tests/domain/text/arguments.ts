import { credentialChanges } from '../../../domain/accounts/credentials.ts';
import { availabilityReasons } from '../../../domain/agents/availability.ts';
import { departureCauses } from '../../../domain/agents/departures.ts';
import { restEnds } from '../../../domain/agents/rests.ts';
import { channels, lineTypes } from '../../../domain/notifications/contact.ts';
import { termsKinds } from '../../../domain/onboarding/facts.ts';
import type { PendingStep } from '../../../domain/onboarding/pending-step.ts';
import { onboardingCauses } from '../../../domain/onboarding/standing.ts';
import { contactWays } from '../../../domain/referrals/contact-times.ts';
import { declineReasons, type OfferEnd, offerEndRules } from '../../../domain/referrals/offer.ts';
import { needs, outcomeReasons, outcomes, problemKinds } from '../../../domain/referrals/referral.ts';
import { onboardingStages, referralStages } from '../../../domain/stages.ts';
import { inMinutes, noticeData, sampleNow, when } from '../../../scripts/message-samples.ts';

const until = inMinutes(15);
const pendingSteps = [
  'invite',
  'remind-of-invitation',
  'remind-of-terms',
  'look-up-license',
  'explain-delay',
  'check-phone',
  'warn-of-expiration',
] as const satisfies PendingStep[];
const causes = onboardingCauses;
/** The longest list of causes: a reason to wait, and that the time is over. */
const referralCauses = ['everyone-asked', 'budget-spent'] as const;
const iso = until.toISOString();
const about = { offerId: 'o1', npn: '1234567' };

const onboardingMoments = [
  { causes: [], when },
  { causes: [], nextChangeAt: until, linkExpiresAt: until, when },
  { causes: [], nextChangeAt: until, when },
  { causes: ['undeliverable'], nextChangeAt: until, retryAt: until, when },
  { causes: [], isRegistered: true, when },
  { causes: ['npn-valid'], isRegistered: true, when },
  ...causes.map((cause) => ({ causes: [cause], nextChangeAt: until, when })),
];
const referralMoments = [
  { causes: [], when },
  { causes: ['nobody-available'], waitingUntil: until, when },
  { causes: ['contact-wrong'], waitingUntil: until, when },
  { causes: referralCauses, waitingUntil: until, offerNumber: 2, when },
  ...contactWays.map((contactBy) => ({
    causes: [],
    waitingUntil: until,
    agent: { name: 'Maria Lopez', npn: '1234567' },
    contactBy,
    when,
  })),
  ...outcomes.map((outcome) => ({ causes: [], outcome, when })),
];
const wait = { until, when, offerNumber: 2, causes: referralCauses };

const failedChannels = () =>
  (
    [
      ['email', 'mail-returned'],
      ['text', 'texts-stopped'],
      ['text', 'phone-unconfirmed'],
      ['push', 'app-gone'],
    ] as const
  ).map(([channel, because]) => [{ ...noticeData['channel-failed'], channel, because }, when]);

/** Arguments for every sentence that is a function, by the beginning of its key in the catalog. */
const argumentLists: Record<string, (rest: string) => readonly unknown[][]> = {
  at: () => [[until, when]],
  duration: () => [0, 1_000, 900_000, 3_600_000, 5_400_000, 172_800_000, 259_200_000].map((ms) => [ms]),
  skip: () => [[{ kind: 'language', value: 'vi' }], [{ kind: 'area', value: '841' }]],
  languageName: () => [['es'], ['ht'], ['xx']],
  onboardingStage: () => onboardingMoments.map((moment) => [moment]),
  referralStage: () => referralMoments.map((moment) => [moment]),
  offerPhase: () => [[wait]],
  offerAccepted: () => [[{ acceptedAt: sampleNow, when }]],
  offerEnd: () => [[{ endedAt: sampleNow, when }]],
  lateTextAnswer: () =>
    (Object.keys(offerEndRules) as OfferEnd[]).map((end) => [end, { endedAt: sampleNow, when }]),
  'availability.now': () =>
    availabilityReasons.flatMap((because) =>
      [null, until].map((changesAt) => [{ isAvailable: because !== 'absent', because, changesAt, when }]),
    ),
  notServing: () => [null, until].map((end) => [{ until: end, states: ['AZ', 'TX'], when }]),
  'availability.state': () => [true, false].map((isAvailable) => [{ isAvailable, changesAt: until, when }]),
  'availability.rest': () => [[{ since: sampleNow, unseenOffers: 3, when }]],
  'availability.testOffer': () => [[{ at: sampleNow, when }]],
  'availability.page.clock': () => [['America/Denver']],
  'availability.page.period': () => [
    [{ from: '2026-12-24', until: '2026-12-31' }],
    [{ from: '2026-12-24', until: '2026-12-24' }],
  ],
  'availability.page': () => [['Montag', 2]],
  providerOutage: () => [['email'], ['text'], ['push'], ['voice']],
  'onboardingEvent.stage-entered': () =>
    onboardingStages.flatMap((stage) =>
      [null, iso].map((nextChangeAt) => [{ stage, causes: ['held'], nextChangeAt }, when]),
    ),
  'onboardingEvent.terms-accepted': () => termsKinds.map((kind) => [{ kind, version: '2027-1' }, when]),
  'onboardingEvent.departed': () => departureCauses.map((because) => [{ because }, when]),
  'opsActionObstacle.address-undeliverable': () => [[sampleNow, when]],
  onboardingNextAction: () => [
    ...pendingSteps.map((does) => [{ does, at: until }]),
    [{ does: 'look-again', at: until }],
    [{ does: 'nothing' }],
    ...onboardingStages.map((stage) => [{ does: 'go-on', stage, at: until }]),
  ],
  'onboardingEvent.profile-changed': () => [[{ fields: ['languages', 'zip'] }, when]],
  'onboardingEvent.skip-changed': () => [
    [{ kind: 'language', value: 'vi', isSkipped: true }, when],
    [{ kind: 'area', value: '841', isSkipped: false }, when],
  ],
  'onboardingEvent.availability-changed': () => [
    [{ parts: ['hours', 'absences'], isAvailable: true, until: iso }, when],
    [{ parts: ['override'], isAvailable: false, until: null }, when],
  ],
  'onboardingEvent.mail-returned': () => [
    [{ report: 'bounced', code: '5.1.1' }, when],
    [{ report: 'complained', code: null }, when],
  ],
  'onboardingEvent.invitation-returned': () => [
    [{ invitationId: 'i1', code: '5.1.1' }, when],
    [{ invitationId: 'i1', code: null }, when],
  ],
  'onboardingEvent.texts-stopped': () => ['reply', 'unclear-reply', 'provider'].map((by) => [{ by }, when]),
  'mail.credentials-changed': () =>
    credentialChanges.map((change) => [{ ...noticeData['credentials-changed'], change }, when]),
  'mail.channel-failed': failedChannels,
  'text.channel-failed': failedChannels,
  'push.channel-failed': failedChannels,
  'onboardingEvent.phone-refused': () => [[{ code: '30006' }, when]],
  'onboardingEvent.rest-ended': () => restEnds.map((by) => [{ by }, when]),
  'onboardingEvent.phone-checked': () => lineTypes.map((lineType) => [{ lineType }, when]),
  'onboardingEvent.license-looked-up': () => [
    [{ endedAs: 'found', code: null, nextAt: null }, when],
    [{ endedAs: 'none', code: null, nextAt: iso }, when],
    [{ endedAs: 'outage', code: 'http-503', nextAt: iso }, when],
  ],
  'onboardingEvent.delay-explained': () => [[{ causes: ['late'] }, when]],
  'onboardingEvent.warned-of-expiration': () => [
    [{ expirations: noticeData['expiring-soon'].expirations }, when],
  ],
  'onboardingEvent.states-changed': () => [
    [{ lost: ['AZ'], gained: ['FL', 'TX'] }, when],
    [{ lost: [], gained: ['FL'] }, when],
  ],
  onboardingEvent: () => [[{ invitationId: 'i1', number: 1, expiresAt: iso }, when]],
  'referralEvent.stage-entered': () =>
    referralStages.flatMap((stage) =>
      [null, iso].map((waitingUntil) => [{ stage, causes: ['everyone-asked'], waitingUntil }, when]),
    ),
  'referralEvent.requested': () => [...needs, 'of-tomorrow'].map((need) => [{ language: 'es', need }, when]),
  'referralEvent.outcome-reported': () => [
    ...outcomes.map((outcome) => [{ ...about, outcome }, when]),
    ...outcomeReasons.map((reason) => [{ ...about, outcome: 'handed-back', reason }, when]),
    [{ ...about, outcome: 'deferred', until: '2026-12-15' }, when],
    [{ ...about, outcome: 'handed-back', reason: 'no-contact-after-attempts', attempts: 3 }, when],
  ],
  'referralEvent.problem-reported': () => problemKinds.map((problem) => [{ ...about, problem }, when]),
  'referralEvent.contact-answered': () => [true, false].map((called) => [{ ...about, called }, when]),
  'referralEvent.offer-nudged': () => channels.map((channel) => [{ ...about, channel }, when]),
  'referralEvent.offer-ended': () =>
    declineReasons.map((reason) => [{ ...about, end: 'declined', reason }, when]),
  referralEvent: () => [[{ ...about, number: 2, unseenOffers: 3, expiresAt: iso, contactDueAt: iso }, when]],
  mail: (kind) => [[noticeData[kind as keyof typeof noticeData], when]],
  howToAnswer: () => [['4821']],
  text: (kind) => [[noticeData[kind as keyof typeof noticeData], when]],
  push: (kind) => [[noticeData[kind as keyof typeof noticeData], when]],
  spoken: (kind) => [[noticeData[kind as keyof typeof noticeData], when]],
  'workflow.title.notice': () => [[{ kind: 'status-answer' }]],
  'workflow.title': () => [[{ npn: '1234567', planYear: 2027, need: 'renew', state: 'AZ' }]],
  'workflow.wait.onboarding': () =>
    onboardingStages.flatMap((stage) => onboardingMoments.map((moment) => [{ stage, ...moment }])),
  'workflow.wait': () => [[wait]],
  'workflow.delivery': () => [
    [
      [
        { kind: 'offer', channels: ['email', 'text'] },
        { kind: 'referral-received', channels: ['email'] },
      ],
    ],
  ],
};

/** Lists the arguments to try a sentence with. @throws if a sentence has none, so that none goes untried */
export function argumentsFor(key: string): readonly unknown[][] {
  const parts = key.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const make = argumentLists[parts.slice(0, length).join('.')];
    if (make) return make(parts.slice(length).join('.'));
  }
  throw new Error(`There are no arguments for ${key}.`);
}
