import type { Sentences } from '../sentences.ts';

type Part = Pick<Sentences, 'stateObstacle' | 'departureReason'>;

/** Words of an agent's profile. */
export const profileSentences: Part = {
  stateObstacle: {
    'own-marketplace': 'The state runs its own marketplace, which Help On Demand does not serve.',
    'no-license': 'We have no license of yours for this state on record.',
    'license-inactive': 'Your license for this state is not active.',
    'license-expired': 'Your license for this state has expired.',
    'not-begun': 'Your license for this state begins later.',
    'line-inactive': 'The health-related line of authority of your license for this state is not active.',
    'no-health-line': 'Your license for this state has no health-related line of authority.',
    'line-unknown':
      'The line of authority of your license for this state is not known here yet. Write to the help desk.',
    'no-resident-license': 'Your resident license is not active; without it no other state counts either.',
  },
  departureReason: {
    'no-longer-selling': 'I no longer sell health coverage',
    'too-few-referrals': 'I get too few referrals',
    'too-many-messages': 'I get too many messages',
    'other-channels': 'I find my clients in other ways',
    other: 'Another reason',
  },
};
