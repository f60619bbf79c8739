/** Words about the requests that an agent skips. */
export const skips = {
  heading: 'Skip some requests?',
  question: (declined: number, which: string) =>
    `You declined the last ${declined} requests ${which}. Skip them? They then go to others at once. You can change this in your profile.`,
  yes: 'Skip them',
  no: 'Keep asking me',
  begun: (which: string) => `You are no longer asked for requests ${which}.`,
  kept: (which: string) => `You are asked for requests ${which}.`,
  listHeading: 'Requests that you skip',
  item: (which: string, since: string) => `Requests ${which}, since ${since}`,
  end: 'Ask me again',
  none: 'You skip no requests.',
};
