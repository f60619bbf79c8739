/** Words of an agent's profile page. */
export const profile = {
  title: 'Your profile',
  reviewTitle: 'Be sure to review your profile',
  review:
    'You have accepted all terms and can be offered referrals. Check what is entered below: it decides which referrals reach you, and how.',
  confirm: 'This is right',
  save: 'Save',
  saving: 'Saving…',
  saved: 'Your profile is saved.',
  referrals: 'Which referrals you get',
  languages: {
    label: 'Languages you speak',
    missing: 'Choose the languages you speak.',
    invalid: 'Choose languages from this list.',
  },
  states: {
    label: 'States where you would like to receive referrals',
    hint: 'You can choose the states of HealthCare.gov where you are licensed.',
    missing: 'Choose states.',
    invalid: 'Choose states from this list.',
    notServed: (why: string) => `Not served at the moment. ${why}`,
    none: 'There is no state that you can choose at the moment.',
    others: (count: number) =>
      count === 1
        ? 'One more state, and why you cannot choose it'
        : `${count} more states, and why you cannot choose them`,
  },
  messageLanguage: {
    label: 'Language of our emails and texts',
    hint: 'Terms stay in English.',
    missing: 'Choose a language.',
    invalid: 'Choose a language.',
  },
  timeZone: (zone: string) => `Your time zone, from your ZIP code: ${zone}.`,
  noOffers: 'You cannot get offers with this profile',
  noOffersReason: {
    'no-language': 'You have chosen no language.',
    'no-state': 'You have chosen no state where you are licensed.',
  },
  left: {
    heading: 'You have left Help On Demand',
    text: 'You get no more referrals. You can still log in and read. If you train for a later plan year, you can take part again.',
  },
  leave: {
    heading: {
      ask: 'Leave Help On Demand',
      confirm: 'Do you want to leave?',
      left: 'You have left Help On Demand',
    },
    text: 'You get no more referrals, and an offer that waits for your answer goes to another agent.',
    left: 'You get no more referrals. You can still log in and read. If you train for a later plan year, you can take part again.',
    ask: 'Leave Help On Demand…',
    confirmText:
      'From now on you get no more referrals. You can come back only by completing the training for a later plan year.',
    reason: 'Why are you leaving? (optional)',
    yes: 'Yes, leave',
    leaving: 'Leaving…',
    no: 'No, stay',
  },
};
