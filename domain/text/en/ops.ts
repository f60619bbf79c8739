import { listIn } from '../locale-format.ts';
import type { Sentences, WorkflowSentences } from '../sentences.ts';
import { names } from './names.ts';
import { onboardingSentences } from './onboarding.ts';
import { referralSentences } from './referral.ts';
import { at } from './times.ts';

type OpsPart = Pick<
  Sentences,
  'onboardingNextAction' | 'opsAction' | 'deactivationCause' | 'opsActionObstacle'
>;

/** Words of the ops board and of the answers to ops actions. */
export const opsSentences: OpsPart = {
  onboardingNextAction: (action) => {
    switch (action.does) {
      case 'invite':
        return 'Invites the agent';
      case 'remind-of-invitation':
        return 'Reminds the agent of the invitation';
      case 'remind-of-terms':
        return 'Reminds the agent of the terms';
      case 'look-up-license':
        return 'Asks the registry for a license';
      case 'explain-delay':
        return 'Tells the agent why the invitation is late';
      case 'check-phone':
        return 'Looks up what kind of line the phone is';
      case 'warn-of-expiration':
        return 'Warns the agent that a registration or a license ends';
      case 'go-on':
        return `Goes on to “${onboardingSentences.onboardingStage[action.stage].name}”`;
      case 'look-again':
        return 'Reviews the standing again, because evidence or terms change then';
      case 'nothing':
        return 'Nothing by itself: waits for a fact or a person';
    }
  },
  opsAction: {
    invite: 'Invite again',
    hold: 'Hold',
    release: 'Release',
    deactivate: 'Deactivate',
    note: 'Add a note',
  },
  deactivationCause: { departure: 'Departure', death: 'Death', other: 'Another reason' },
  opsActionObstacle: {
    left: 'The agent has left.',
    closed: 'This onboarding has ended.',
    held: 'The agent is on hold.',
    'not-held': 'The agent is not on hold.',
    registered: 'The agent has registered already.',
    'not-invited-yet': 'The first invitation is sent automatically once every condition is met.',
    'address-undeliverable': (since, when) =>
      `The agent’s address has been undeliverable since ${at(since, when)}. The feed from the MLMS must bring another address; then an invitation is sent there automatically.`,
  },
};

type FeedPart = Pick<Sentences, 'feedImportState' | 'feedRefusal'>;

/** Words about the imports of feed files. */
export const feedSentences: FeedPart = {
  feedImportState: {
    'under-way': 'Under way',
    imported: 'Imported',
    refused: 'Refused; nothing has changed',
    interrupted: 'Interrupted; nothing has changed',
  },
  feedRefusal: {
    'feed-header-differs': 'The first line of the file does not name the columns of this feed.',
    'feed-truncated': 'The file is not complete.',
    'feed-mostly-bad': 'Too many rows of the file cannot be read: its format seems to have changed.',
    'feed-removes-too-much': 'The file would remove more rows than one release may.',
    'feed-holds-ssn': 'The file seems to hold Social Security Numbers. Nothing of it was kept.',
  },
};

export const workflowSentences: WorkflowSentences = {
  title: {
    onboarding: ({ npn, planYear }) => `Agent ${npn}, plan year ${planYear}`,
    referral: ({ need, state }) => `Referral in ${state}: ${names.need[need]}`,
    notice: ({ kind }) => `Notice: ${names.noticeName[kind]}`,
  },
  wait: {
    onboarding: ({ stage, ...moment }) => onboardingSentences.onboardingStage[stage].ops(moment),
    answer: ({ until, when, offerNumber }) =>
      `Offer ${offerNumber}: waiting for the agent's answer until ${at(until, when)}; then the next agent is asked`,
    contact: ({ until, when }) =>
      referralSentences.referralStage.accepted.ops({ causes: [], waitingUntil: until, when }),
    outcome: ({ until, when }) =>
      referralSentences.referralStage.contacted.ops({ causes: [], waitingUntil: until, when }),
    nextLook: ({ until, when, causes }) =>
      referralSentences.referralStage.queued.ops({ causes, waitingUntil: until, when }),
  },
  delivery: (notices) =>
    notices
      .map(({ kind, channels }) => {
        const over = listIn(
          'en',
          channels.map((channel) => names.channel[channel]),
        );
        return `${names.noticeName[kind]}, by ${over}`;
      })
      .join('; '),
};
