import { conditionNames } from '../../domain/conditions.ts';
import { declineReasons } from '../../domain/offer.ts';
import { needs, outcomeReasons, outcomes } from '../../domain/referral.ts';
import { onboardingStages, referralStages } from '../../domain/stages.ts';
import { termsKinds } from '../../domain/standing.ts';
import { inMinutes, noticeData, now, when } from './samples.ts';

const until = inMinutes(15);
const causes = [...conditionNames, ...termsKinds, 'undeliverable', 'expired', 'held'] as const;
const referralCauses = ['nobody-available', 'everyone-asked', 'budget-spent'] as const;
const iso = until.toISOString();
const about = { offerId: 'o1', npn: '1234567' };

const onboardingMoments = [
  { causes: [], when },
  { causes: [], nextChangeAt: until, linkExpiresAt: until, when },
  { causes: [], nextChangeAt: until, when },
  ...causes.map((cause) => ({ causes: [cause], nextChangeAt: until, when })),
];
const referralMoments = [
  { causes: [], when },
  { causes: referralCauses, waitingUntil: until, offerNumber: 2, when },
  { causes: [], waitingUntil: until, agent: { name: 'Maria Lopez', npn: '1234567' }, when },
  ...outcomes.map((outcome) => ({ causes: [], outcome, when })),
];
const wait = { until, when, offerNumber: 2, causes: referralCauses };

/** Arguments for every sentence that is a function, by the beginning of its place in the catalog. */
const known: Record<string, (rest: string) => readonly unknown[][]> = {
  at: () => [[until, when]],
  duration: () => [0, 1_000, 900_000, 3_600_000, 5_400_000, 172_800_000, 259_200_000].map((ms) => [ms]),
  languageName: () => [['es'], ['ht'], ['xx']],
  onboardingStage: () => onboardingMoments.map((moment) => [moment]),
  referralStage: () => referralMoments.map((moment) => [moment]),
  offerPhase: () => [[wait]],
  offerEnd: () => [[{ endedAt: now, when }]],
  providerOutage: () => [['email'], ['text'], ['push']],
  'onboardingEvent.stage-entered': () =>
    onboardingStages.flatMap((stage) =>
      [null, iso].map((nextChangeAt) => [{ stage, causes: ['held'], nextChangeAt }, when]),
    ),
  'onboardingEvent.terms-accepted': () => termsKinds.map((kind) => [{ kind, version: '2027-1' }, when]),
  'onboardingEvent.profile-changed': () => [[{ fields: ['languages', 'zip'] }, when]],
  onboardingEvent: () => [[{ invitationId: 'i1', number: 1, expiresAt: iso }, when]],
  'referralEvent.stage-entered': () =>
    referralStages.flatMap((stage) =>
      [null, iso].map((waitingUntil) => [{ stage, causes: ['everyone-asked'], waitingUntil }, when]),
    ),
  'referralEvent.requested': () => [...needs, 'of-tomorrow'].map((need) => [{ language: 'es', need }, when]),
  'referralEvent.outcome-reported': () => [
    ...outcomes.map((outcome) => [{ ...about, outcome }, when]),
    ...outcomeReasons.map((reason) => [{ ...about, outcome: 'handed-back', reason }, when]),
  ],
  'referralEvent.offer-ended': () =>
    declineReasons.map((reason) => [{ ...about, end: 'declined', reason }, when]),
  referralEvent: () => [[{ ...about, number: 2, expiresAt: iso, contactDueAt: iso }, when]],
  mail: (kind) => [[noticeData[kind as keyof typeof noticeData], when]],
  text: (kind) => [[noticeData[kind as keyof typeof noticeData], when]],
  push: (kind) => [[noticeData[kind as keyof typeof noticeData], when]],
  'workflow.title': () => [[{ npn: '1234567', planYear: 2027, need: 'renew', state: 'AZ' }]],
  'workflow.wait.onboarding': () =>
    onboardingStages.flatMap((stage) => onboardingMoments.map((moment) => [{ stage, ...moment }])),
  'workflow.wait': () => [[wait]],
  'workflow.tell': () => [[{ kind: 'offer', channel: 'text' }]],
};

/** Every list of arguments to try a sentence with; a new one without any is an error, so nothing goes untried. */
export function argumentsFor(place: string): readonly unknown[][] {
  const parts = place.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const make = known[parts.slice(0, length).join('.')];
    if (make) return make(parts.slice(length).join('.'));
  }
  throw new Error(`Nobody has said what to try ${place} with.`);
}
