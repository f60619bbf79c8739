import { helpContacts } from '../contacts.ts';
import type { Sentences } from '../types.ts';

/** What it takes to take part (guide, «Participate in Help On Demand: Training»). */
export const conditionSentences: Sentences['condition'] = {
  'marketplace-registration': {
    name: 'Marketplace registration',
    meaning: 'Your Individual Marketplace registration for the plan year is complete and in force.',
    remedy: 'Complete the registration for the plan year on the CMS Enterprise Portal.',
    url: helpContacts.cmsPortal,
  },
  'marketplace-training': {
    name: 'Marketplace training',
    meaning: 'You have completed Individual Marketplace training for the plan year.',
    remedy: 'Complete the training in the Marketplace Learning Management System (MLMS).',
    url: helpContacts.cmsPortal,
  },
  'cms-agreements': {
    name: 'CMS agreements',
    meaning: 'You have signed the privacy and security agreements with CMS for the plan year.',
    remedy: 'Sign the agreements on the CMS Enterprise Portal.',
    url: helpContacts.cmsPortal,
  },
  'help-on-demand-coursework': {
    name: 'Help On Demand coursework',
    meaning:
      'You have completed the Help On Demand coursework, which opens once the CMS agreements are signed.',
    remedy: 'Complete the Help On Demand coursework in MLMS after signing the agreements.',
    url: helpContacts.cmsPortal,
  },
  'nipr-profile-validated': {
    name: 'Profile validated',
    meaning:
      'The name, Social Security Number and NPN in your MLMS profile match the National Insurance Producer Registry (NIPR).',
    remedy: 'Compare your MLMS profile with your NIPR entry and correct what differs.',
    url: helpContacts.nipr,
  },
  'npn-valid': {
    name: 'Valid NPN',
    meaning: 'Your National Producer Number is listed as valid on the FFM Registration Completion List.',
    remedy: 'Look up your registration, and write to the help desk if the NPN listed there is not right.',
    url: helpContacts.registrationTracker,
  },
  'not-terminated': {
    name: 'Not terminated',
    meaning: 'Your Marketplace registration is not terminated or suspended for the plan year.',
    remedy: 'Look up the reason on the termination list, and write to the help desk.',
    url: helpContacts.registrationLists,
  },
  'individual-npn': {
    name: "An individual's NPN",
    meaning: "The NPN is a person's own. A business entity's NPN cannot take part.",
    remedy: 'Enter your own NPN in your MLMS profile.',
    url: helpContacts.cmsPortal,
  },
  'licensed-with-health-line': {
    name: 'State license',
    meaning:
      'You hold an active resident license, and an active license with a health-related line of authority in a state on HealthCare.gov.',
    remedy: 'Renew the license or add the line of authority with the state, then check your NIPR entry.',
    url: helpContacts.nipr,
  },
};
