import type { ConditionName } from '../../../../domain/onboarding/conditions.ts';
import type { nextActionKinds } from '../../../../domain/onboarding/next-action.ts';
import type { Party } from '../../../../domain/onboarding/who-acts.ts';
import type { OnboardingStage } from '../../../../domain/stages.ts';
import { helpContacts } from '../../../../domain/text/help-contacts.ts';

type NextActionKind = (typeof nextActionKinds)[number];
type NextWords = (at: string, stage: OnboardingStage | null) => string;

/** What a stage that begins by itself means for the agent, and why it begins. */
const nextStage: Readonly<Record<OnboardingStage, (at: string) => string>> = {
  'awaiting-eligibility': (at) => `at ${at} a condition is no longer met, because a date on record ends`,
  invited: (at) => `your invitation is valid from ${at} on`,
  'invitation-undeliverable': (at) => `we try your invitation again at ${at}`,
  'invitation-expired': (at) => `your invitation expires at ${at}`,
  'awaiting-terms': (at) => `a new version of the terms is in force from ${at} on, and you have to accept it`,
  active: (at) => `you become active at ${at}, because every condition is met from then on`,
  suspended: (at) => `you get no more referrals from ${at} on, because a registration or license ends then`,
  lapsed: (at) => `your registration for this plan year ends at ${at}; register for the next one to go on`,
  left: (at) => `your part in Help On Demand ends at ${at}`,
};

/** What comes next by itself, and why. */
const next: Readonly<Record<NextActionKind, NextWords>> = {
  invite: (at) => `Next: we send you an invitation at ${at}.`,
  'remind-of-invitation': (at) =>
    `Next: we remind you of your invitation at ${at}, unless you have registered by then.`,
  'remind-of-terms': (at) =>
    `Next: we remind you of the terms at ${at}, unless you have accepted them by then.`,
  'look-up-license': (at) =>
    `Next: we look for your license at NIPR again at ${at}, because none has reached us yet.`,
  'explain-delay': (at) => `Next: we write to you at ${at} why your invitation takes longer than usual.`,
  'check-phone': (at) => `Next: we look up at ${at} whether your phone can receive texts.`,
  'warn-of-expiration': (at) =>
    `Next: we write to you at ${at}, in good time before your registration or a license ends.`,
  'look-again': (at) =>
    `Next: we check your conditions again at ${at}, because a date on record is reached then.`,
  'go-on': (at, stage) => `Next: ${stage === null ? `this changes at ${at}` : nextStage[stage](at)}.`,
};

/** Words of an agent's onboarding page. */
export const onboarding = {
  title: 'Where your registration stands',
  about: (npn: string, planYear: number) => `NPN ${npn}, plan year ${planYear}`,
  since: (at: string) => `Since ${at}.`,
  waitingFor: 'What is missing',
  next,
  termsHeading: 'Terms to accept',
  termsLead: 'Read and accept each document. You won’t receive referrals until you do.',
  agree: (name: string) => `I have read the ${name} and agree to them.`,
  agreeMissing: (name: string) => `Read the ${name} and agree to them first.`,
  accept: 'Accept',
  accepting: 'Accepting…',
  accepted: (name: string) => `You have accepted the ${name}.`,
  inbox: 'Go to your inbox',
  terminated: {
    heading: 'The Marketplace has ended your agreement',
    text: `The termination list names you for fraud, abusive conduct or non-compliance. Until it says that you are reinstated you can see this page only. If this is wrong, write to ${helpContacts.helpDesk}.`,
  },
  otherYear: (planYear: number) => `Plan year ${planYear}`,
  checklist: 'Conditions for taking part',
  checklistLead: 'We check them with data from CMS, the MLMS and NIPR.',
  met: 'Met',
  unmet: 'Not met',
  whoActs: 'Who has to act',
  party: {
    agent: 'You',
    marketplace: 'The Marketplace',
    registry: 'The license registry (NIPR); we keep looking',
    operations: 'Our team',
    nobody: 'Nobody: it counts from its date on',
  } satisfies Record<Party, string>,
  evidence: 'What we have',
  noEvidence: 'Nothing yet',
  asOf: (at: string, source: string | null) =>
    source === 'license-lookup' ? `looked up at NIPR at ${at}` : `as of ${at}`,
  remedyLink: 'Do this at',
  evidenceWords: {
    from: (from: string, to: string) => `Complete on ${from}, in force until ${to}`,
    on: (date: string) => `Done on ${date}`,
    npnListed: {
      Y: 'Listed as valid',
      N: 'Listed as not valid',
      '-': 'Listed without a statement',
    } as Readonly<Record<string, string>>,
    status: (status: string, date: string) => `Status ${status} of ${date}`,
    states: (list: string) => `Licensed in ${list}`,
    openDate: 'no date',
    // for these two conditions, no entry is the wanted state
    none: {
      'not-terminated': 'No termination for this plan year',
      'individual-npn': 'No license of a business entity',
    } as Readonly<Partial<Record<ConditionName, string>>>,
  },
  none: 'You have no registration for an open plan year.',
};
