import type { Sentences } from '../sentences.ts';

/** Why a request was not offered to an agent. */
export const unofferedSentences: Pick<Sentences, 'unofferedReason'> = {
  unofferedReason: {
    left: { name: 'You had left', agent: 'You had left Help On Demand.' },
    held: { name: 'On hold', agent: 'The operations team had put you on hold.' },
    resting: {
      name: 'Last offers unseen',
      agent: 'You had left your last offers unseen, and we waited to hear if your hours are still right.',
    },
    'not-serving': {
      name: 'State not served',
      agent: 'You did not serve this state then. Your checklist says what is missing.',
    },
    'state-not-wanted': {
      name: 'State not chosen',
      agent: 'This state is not among those you chose in your profile.',
    },
    language: {
      name: 'Another language',
      agent: 'The consumer asked for a language that is not in your profile, without an interpreter.',
    },
    'skips-language': { name: 'Language you skip', agent: 'You skip requests in this language.' },
    'skips-area': { name: 'Area you skip', agent: 'You skip requests from this area.' },
    unavailable: {
      name: 'Not available',
      agent: 'You were not available, by your hours, your switch or your time off.',
    },
    'no-channel': {
      name: 'Not reachable',
      agent: 'No message would have reached you: your email, texts and app notifications do not work.',
    },
    'at-capacity': {
      name: 'At capacity',
      agent: 'You had as many offers and referrals without first contact as one agent can have.',
    },
    'changed-since': {
      name: 'No longer known',
      agent: 'We can no longer tell, because something in your profile has changed since.',
    },
    'another-wished': { name: 'Another agent wanted', agent: 'The consumer wanted another agent first.' },
    'others-speak-it': {
      name: 'Others speak the language',
      agent: 'Agents who speak the consumer’s language were asked before those with an interpreter.',
    },
    'others-nearer': { name: 'Others nearer', agent: 'Agents nearer to the consumer were asked first.' },
    'others-waited-longer': {
      name: 'Others waited longer',
      agent: 'Agents who had gone longer without an offer were asked first.',
    },
  },
};
