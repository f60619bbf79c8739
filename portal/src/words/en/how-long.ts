/** Words of the page that says how long it takes to find an agent. */
export const howLong = {
  title: 'How long it takes',
  lead: 'This is how long people who asked us for help waited for an agent. We count the last days again every hour, and the last 30 days every six hours.',
  choose: {
    state: 'Your state',
    anyState: 'All states',
    language: 'Language you want to talk in',
    anyLanguage: 'All languages',
  },
  tooFew: 'We do not have enough cases yet to say this.',
  group: {
    everywhere: 'people in all states',
    inState: (state: string) => `people in ${state}`,
    inLanguage: (language: string) => ` who asked in ${language}`,
    sentence: (people: string, period: string) => `This is about ${people} ${period}.`,
    period: {
      'this-hour': 'at this hour of the day, in the last 7 days',
      month: 'in the last 30 days',
    },
  },
  wait: {
    heading: 'Until an agent takes your request',
    found: (median: string, ninetieth: string) =>
      `For half of the people an agent was there within ${median}, for 9 of 10 within ${ninetieth}.`,
    then: (time: string) =>
      `The time starts when you send the form, or enter the code that we send you. The agent then has ${time} to get in touch with you.`,
  },
  unmatched: {
    heading: 'How often we find nobody',
    share: (percent: number) =>
      percent < 1
        ? 'For fewer than 1 of 100 people we found no agent in time.'
        : `For ${Math.round(percent)} of 100 people we found no agent in time.`,
    then: (phone: string) =>
      `If that happens to you, we tell you. The Marketplace Call Center can help you too: ${phone}.`,
  },
  number: {
    heading: 'Who gets your phone number',
    asked: (atOnce: number) =>
      atOnce === 1
        ? 'We ask one agent at a time. Only the agent who accepts gets your name and your number.'
        : `We ask up to ${atOnce} agents at once. Only the one who accepts first gets your name and your number.`,
    check:
      'Your page shows the name and the NPN of that agent. Ask who calls you for this number before you tell them anything.',
  },
  ready: {
    heading: 'What to have ready',
    lead: 'With these at hand the call is short:',
    items: [
      'Who lives in your household and is on your tax return, with their birth dates, even if they need no coverage.',
      'What your household earns, for example from pay stubs or W-2 forms, and your best guess for the year of the coverage.',
      'The health coverage that anyone in your household has now, with its policy numbers, and what a job offers.',
    ],
    numbers:
      'The application asks for Social Security numbers or immigration documents of those who need coverage. Our form never asks for them. Tell them only to your agent, and only after you have given your consent to the application.',
  },
  ask: 'Ask for help',
};
