/** Words of the decisions that wait for the operations team. */
export const waiting = {
  heading: 'Waiting for your decision',
  more: (most: number) => `Only the oldest ${most} are shown; the others follow once these are done.`,
  reasonMissing: 'Enter a reason of at most 500 characters.',
  gone: 'There is nothing left to decide. It was decided in the meantime.',
  problems: {
    caption: 'Problems that consumers reported about agents, oldest first',
    none: 'No reported problems.',
    age: 'Waiting for',
    agent: 'Agent',
    ofAgent: 'All reports about this agent',
    request: 'Request',
    about: (npn: string, problem: string) => `Agent ${npn}, “${problem}”`,
    handle: {
      name: 'Mark as handled',
      explain: 'The report is removed from the list. Enter what you found or did.',
      done: 'The report is marked as handled.',
    },
  },
  replies: {
    caption: 'Unclear replies to texts, oldest first',
    none: 'No unclear replies.',
    age: 'No texts for',
    whose: 'Owner of the phone',
    agent: (npn: string) => `Agent ${npn}`,
    request: (id: string) => `Request ${id}`,
    nobody: 'Nobody in this service has this phone any more.',
    about: (owners: readonly string[]) =>
      owners.length === 0 ? 'Phone without a known owner' : `Phone: ${owners.join(', ')}`,
    again: {
      name: 'Allow texts',
      explain: 'Texts go to this phone again. This decision cannot be changed later.',
      done: 'Texts go to this phone again.',
    },
    off: {
      name: 'Treat as STOP',
      explain:
        'No texts go to this phone until its owner replies START. This decision cannot be changed later.',
      done: 'The reply counts as STOP. No texts go to this phone.',
    },
  },
};
