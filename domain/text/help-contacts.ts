/** Where help is outside this service, as the guide and CMS publish it. Phone numbers as they are dialed and read. */
export const helpContacts = {
  /** Agents' and brokers' questions. */
  helpDesk: 'FFMProducer-AssisterHelpDesk@cms.hhs.gov',
  /** Marketplace registration, training, CMS agreements and the MLMS profile. */
  cmsPortal: 'https://portal.cms.gov',
  /** Registration Completion List and termination list. */
  registrationLists: 'https://data.healthcare.gov/ffm_ab_registration_lists',
  registrationTracker: 'https://data.healthcare.gov/ab-registration-tracker/',
  nipr: 'https://nipr.com/help/look-up-your-npn',
  /** Consumers' questions: Marketplace Call Center, its TTY line, and telecommunications relay. */
  callCenter: '1-800-318-2596',
  callCenterTty: '1-855-889-4325',
  relay: '711',
} as const;
