/** Words of an agent's record: what was offered to them, their figures, and what went elsewhere. */
export const record = {
  pages: 'Your record',
  link: { history: 'History', figures: 'Your figures', unoffered: 'Why not me' },
  history: {
    title: 'History',
    lead: 'Everything that was offered to you, and what became of it. A consumer’s name and contact are only in your inbox, while the referral is yours.',
    place: 'City or ZIP code',
    search: 'Search',
    state: 'State',
    anyState: 'All states',
    language: 'Language',
    anyLanguage: 'All languages',
    need: 'Need',
    anyNeed: 'All needs',
    became: 'What became of it',
    anyBecame: 'Everything',
    clear: 'Show everything',
    caption: 'Offers to you, the latest first',
    offeredAt: 'Offered',
    where: 'Place',
    tries: (count: number) => (count === 1 ? 'You tried once.' : `You tried ${count} times.`),
    reached: (at: string) => `First contact: ${at}.`,
    accepted: (at: string) => `You accepted it at ${at}.`,
    answer: 'Answer it in your inbox',
    open: 'Open it in your inbox',
    none: 'Nothing was offered to you yet.',
    noneFound: 'Nothing fits this search.',
    found: (count: number, hasMore: boolean) =>
      `${count === 1 ? '1 offer' : `${count} offers`}${hasMore ? ', and more' : ''}`,
    more: 'Show earlier offers',
    phase: { offered: 'Waiting for your answer', accepted: 'Accepted', contacted: 'In touch' },
  },
  figures: {
    title: 'Your figures',
    lead: (since: string) => `The offers you had since ${since}, beside the other agents of the same state.`,
    state: 'State',
    none: 'In the last 30 days nothing was offered to you, and you were not available for referrals in any state.',
    caption: (state: string) => `Your figures in ${state}, last 30 days`,
    figure: 'Figure',
    own: 'You',
    median: 'The agent in the middle',
    name: {
      offers: 'Offers',
      answeredShare: 'Answered, of the offers you could answer',
      acceptedShare: 'Accepted, of the offers you could answer',
      answerSeconds: 'Usual time to answer',
      contactedInTimeShare: (within: string) => `Reached within ${within}`,
      enrolledShare: 'Enrolled, of those you reached and that are over',
    },
    meaning: (agents: number, countedAt: string) =>
      `The agent in the middle: half of the ${agents} agents who could be asked in this state had more, and half had less. Counted ${countedAt}.`,
    tooFew: (fewest: number) =>
      `A figure is left out where fewer than ${fewest} agents have one, so that nobody is recognized.`,
    notCounted: 'The other agents of this state are not counted yet.',
    inTime:
      'Half of the answers came within the usual time. The time to reach a consumer counts only in the hours that they chose.',
    nothing: 'No figure',
    ends: {
      heading: 'What became of your offers',
      caption: 'Your offers of the last 30 days in all states',
      became: 'What became of it',
      offers: 'Offers',
    },
  },
  unoffered: {
    title: 'Why not me',
    lead: (states: string, since: string) =>
      `Requests in ${states} since ${since} whose search for an agent is over, and why they were not offered to you.`,
    noStates:
      'You serve no state, so no request could be offered to you. Your checklist says what is missing.',
    none: 'There were no requests in your states.',
    days: {
      heading: 'Day by day',
      caption: 'Requests in your states by day',
      day: 'Day',
      requests: 'Requests',
      offered: 'Offered to you',
      reasons: 'Not offered to you',
      none: 'None',
      reason: (requests: number, name: string) => `${name}: ${requests}`,
    },
    reasons: {
      heading: 'Why, in all',
      caption: 'Requests that were not offered to you, by reason',
      reason: 'Reason',
      requests: 'Requests',
    },
    latest: {
      heading: 'The latest requests',
      caption: (most: number) => `The latest requests that were not offered to you, ${most} at most`,
      hour: 'Hour',
      state: 'State',
      language: 'Language',
      need: 'Need',
      reason: 'Why not you',
      asked: (count: number) =>
        count === 0
          ? 'Nobody was asked.'
          : count === 1
            ? '1 agent was asked.'
            : `${count} agents were asked.`,
      otherLanguage: 'A language you do not speak',
      none: 'None.',
    },
    privacy:
      'You see the state, the need and the hour of a request, and nothing that could tell whose it is.',
    asNow: 'Your languages, your address and your contact are taken as they are now.',
  },
};
