import { helpContacts } from '../help-contacts.ts';
import type { Sentences } from '../sentences.ts';

/** Words of the conditions of taking part (guide, "Participate in Help On Demand: Training"). */
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

/** Why a condition is unmet, and what the agent can do about it. */
export const unmetReasonSentences: Sentences['unmetReason'] = {
  'not-on-list':
    'Your NPN is not on the Registration Completion List for this plan year. Complete the registration with the NPN of your MLMS profile; the list follows within a few days.',
  missing:
    'No date of completion has reached us yet. Finish this step; if you have, it shows here a day or two later.',
  ended: 'Your registration for this plan year has ended. Register again, or write to the help desk.',
  'not-begun':
    'The date on record is still to come. It counts from that day on; there is nothing else to do.',
  'no-training-record':
    'The MLMS has sent us no training record of yours for this plan year. Check that your NPN is in your MLMS profile.',
  'agreements-missing': 'Sign the CMS agreements first: the coursework opens and counts after that.',
  'before-agreements':
    'The coursework is dated before the CMS agreements, so it does not count. Complete it again in MLMS.',
  'stated-invalid':
    'The Registration Completion List says that your NPN is not valid. Compare it with your NIPR entry, and correct it in your MLMS profile or write to the help desk.',
  'not-stated':
    'The list does not say whether your NPN is valid, and no license in force confirms it. See to the state license below.',
  'license-not-found':
    'No license of yours is known to us yet. A new license takes some days to reach NIPR. We keep looking; check that your NIPR entry shows it under this NPN.',
  'line-unknown':
    'Your license has a line of authority that we have not classified yet. There is nothing for you to do: our team sees it.',
  'line-inactive':
    'Your health-related line of authority is not active. Ask the state’s department of insurance to reinstate it.',
  'license-expired':
    'Your license has expired. Renew it with the state’s department of insurance; NIPR then shows the new date.',
  'license-inactive': 'Your license is not active. Ask the state’s department of insurance to reinstate it.',
  'no-health-line':
    'Your license has no health-related line of authority. Ask the state’s department of insurance to add one.',
  'no-resident-license':
    'None of your licenses is a resident license. Without an active one in your home state, no other license counts.',
  'not-on-healthcare-gov':
    'You are licensed only in states that run their own marketplace. Get a license in a state on HealthCare.gov to take part.',
};
