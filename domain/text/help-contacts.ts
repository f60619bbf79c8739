/** Contacts outside this service, as the guide and CMS publish them. Phone numbers are written as people dial them. */
export const helpContacts = {
  /** Agents' and brokers' questions. */
  helpDesk: 'FFMProducer-AssisterHelpDesk@cms.hhs.gov',
  /** Marketplace registration, training, CMS agreements and the MLMS profile. */
  cmsPortal: 'https://portal.cms.gov',
  /** Registration Completion List and termination list. */
  registrationLists: 'https://data.healthcare.gov/ffm_ab_registration_lists',
  registrationTracker: 'https://data.healthcare.gov/ab-registration-tracker/',
  nipr: 'https://nipr.com/help/look-up-your-npn',
  /** Consumers' questions: Marketplace Call Center, its TTY number, and telecommunications relay. */
  callCenter: '1-800-318-2596',
  callCenterTty: '1-855-889-4325',
  relay: '711',
  /** Questions about Medicare, which is not the Marketplace's: 1-800-MEDICARE. */
  medicare: '1-800-633-4227',
} as const;
