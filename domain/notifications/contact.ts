/** Contact preferences of agents: the guide's four options, the recommended one first. */
export const contactPreferences = ['email-text-app', 'email-text', 'email-app', 'email'] as const;
export type ContactPreference = (typeof contactPreferences)[number];

/** Languages of messages to agents: those of the catalog. */
export const messageLanguages = ['en', 'es'] as const;
export type MessageLanguage = (typeof messageLanguages)[number];

/** Channels. `push` is a notification of the installed portal ("App"); `voice` is a call that reads out a code. */
export const channels = ['email', 'text', 'push', 'voice'] as const;
export type Channel = (typeof channels)[number];

/**
 * Meaning of a provider's acceptance of a message, by channel. `nothing`: the provider reports the delivery later, SES by
 * events and Twilio by status callbacks. `all`: no report follows, because a push service refuses an expired subscription
 * at once and reports no delivery.
 */
export const providerAcceptanceMeaning: Readonly<Record<Channel, 'nothing' | 'all'>> = {
  email: 'nothing',
  text: 'nothing',
  push: 'all',
  voice: 'nothing',
};

/** Channels by which consumers get messages. */
export type ContactChannel = Exclude<Channel, 'push' | 'voice'>;
/** Channels by which a code reaches a consumer's phone. */
export type PhoneChannel = Extract<Channel, 'text' | 'voice'>;

/**
 * Line types of phone numbers. `no-texts`: another line that receives no texts, such as a toll-free number or a pager.
 * `no-number`: the number is not in service. `unknown`: it may receive texts; the code that is sent there shows it.
 */
export const lineTypes = ['mobile', 'landline', 'no-texts', 'no-number', 'unknown'] as const;
export type LineType = (typeof lineTypes)[number];

/** Line types that receive no texts; the guide asks for a cell phone (docs/guide.md, step 2). */
export const textlessLineTypes = ['landline', 'no-texts', 'no-number'] as const satisfies readonly LineType[];
export type TextlessLineType = (typeof textlessLineTypes)[number];

/** True when a line receives no texts for certain. A line that is not looked up yet (null) may receive them. */
export function isTextless(lineType: LineType | null): lineType is TextlessLineType {
  return textlessLineTypes.some((textless) => textless === lineType);
}

/** Channels over which agents get messages. They register a phone that receives texts, so nothing calls them. */
export const agentChannels = ['email', 'text', 'push'] as const satisfies readonly Channel[];
export type AgentChannel = (typeof agentChannels)[number];

const channelsOf: Readonly<Record<ContactPreference, readonly AgentChannel[]>> = {
  'email-text-app': ['email', 'text', 'push'],
  'email-text': ['email', 'text'],
  'email-app': ['email', 'push'],
  email: ['email'],
};

/** What holds until an agent has registered and chosen. */
export const preferenceBeforeRegistration: ContactPreference = 'email';

/** Channels of a contact preference; null before registration. */
export function preferredChannels(preference: ContactPreference | null): readonly AgentChannel[] {
  return channelsOf[preference ?? preferenceBeforeRegistration];
}

/** Facts that decide over which channels an agent can be reached now. The store has the SQL of each. */
export interface ContactFacts {
  /** Null before registration. */
  contactPreference: ContactPreference | null;
  /** Mail to the address neither bounced nor was reported as spam. */
  mailArrives: boolean;
  hasPhone: boolean;
  /** The phone's line is not one that receives no texts for certain. */
  lineReceivesTexts: boolean;
  /** The owner confirmed the phone with a code, or did not have to. */
  phoneTrusted: boolean;
  /** The owner of the phone has not asked for no more texts. */
  textsAllowed: boolean;
  hasPushSubscription: boolean;
}
export type ContactFact = Exclude<keyof ContactFacts, 'contactPreference'>;

/** Facts that must hold for a channel to reach an agent: the only such table, from which matching builds its SQL too. */
export const channelRequirements: Readonly<Record<AgentChannel, readonly ContactFact[]>> = {
  email: ['mailArrives'],
  text: ['hasPhone', 'lineReceivesTexts', 'phoneTrusted', 'textsAllowed'],
  push: ['hasPushSubscription'],
};

/** Channels over which a message reaches the agent, apart from their preference. */
export function openChannels(facts: ContactFacts): AgentChannel[] {
  return agentChannels.filter((channel) => channelRequirements[channel].every((fact) => facts[fact]));
}

/** Channels over which an offer reaches the agent: the chosen ones that are open. Without any, no offer is made. */
export function offerChannels(facts: ContactFacts): AgentChannel[] {
  const wanted = preferredChannels(facts.contactPreference);
  return openChannels(facts).filter((channel) => wanted.includes(channel));
}

/**
 * Chooses over which channel an agent is told that another one works no more: the first of those they chose that works.
 * Undefined: they are not told, because they do not use the failed one, it works again, or no other does.
 */
export function channelToTellOver(failed: AgentChannel, facts: ContactFacts): AgentChannel | undefined {
  const open = offerChannels(facts);
  const isUsed = preferredChannels(facts.contactPreference).includes(failed);
  return isUsed && !open.includes(failed) ? open[0] : undefined;
}

/** True when the phone can receive texts, confirmed or not. The code that confirms it needs no more than that. */
export function canBeTexted(facts: ContactFacts): boolean {
  return openChannels({ ...facts, phoneTrusted: true }).includes('text');
}
