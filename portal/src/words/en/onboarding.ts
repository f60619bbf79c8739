import type { ConditionName } from '../../../../domain/onboarding/conditions.ts';
import { helpContacts } from '../../../../domain/text/help-contacts.ts';

/** Words of an agent's onboarding page. */
export const onboarding = {
  title: 'Where your registration stands',
  about: (npn: string, planYear: number) => `NPN ${npn}, plan year ${planYear}`,
  since: (at: string) => `Since ${at}.`,
  waitingFor: 'What is missing',
  next: (at: string) => `This changes automatically, or we contact you, at ${at}.`,
  termsHeading: 'Terms to accept',
  termsLead: 'Read and accept each document. Before that you receive no referrals.',
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
