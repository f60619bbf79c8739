/** Contact preferences of agents: the guide's four options, the recommended one first. */
export const contactPreferences = ['email-text-app', 'email-text', 'email-app', 'email'] as const;
export type ContactPreference = (typeof contactPreferences)[number];

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

const channelsOf: Readonly<Record<ContactPreference, readonly Channel[]>> = {
  'email-text-app': ['email', 'text', 'push'],
  'email-text': ['email', 'text'],
  'email-app': ['email', 'push'],
  email: ['email'],
};

/** Channels of a contact preference. */
export function preferredChannels(preference: ContactPreference): readonly Channel[] {
  return channelsOf[preference];
}

/** Facts that decide over which channels an agent can be reached now. */
export interface ContactFacts {
  /** Null before registration: email only. */
  contactPreference: ContactPreference | null;
  /** Mail to the address bounced or was reported as spam. */
  emailUndeliverable: boolean;
  /** E.164. */
  phone: string | null;
  /** Null while it is unknown. */
  phoneLineType: LineType | null;
  phoneConfirmed: boolean;
  /** The agent has asked for no more texts. */
  textsStopped: boolean;
  hasPushSubscription: boolean;
  /** True when a phone gets texts only after its owner confirmed it with a code. */
  requireConfirmedPhone: boolean;
}

/** Channels over which a message reaches the agent, apart from their preference. */
export function openChannels(facts: ContactFacts): Channel[] {
  const isOpen: Readonly<Record<Channel, boolean>> = {
    email: !facts.emailUndeliverable,
    text: canBeTexted(facts) && (facts.phoneConfirmed || !facts.requireConfirmedPhone),
    push: facts.hasPushSubscription,
    // agents register a phone that receives texts
    voice: false,
  };
  return channels.filter((channel) => isOpen[channel]);
}

/** Channels over which an offer reaches the agent: the chosen ones that are open. Without any, no offer is made. */
export function offerChannels(facts: ContactFacts): Channel[] {
  const wanted = preferredChannels(facts.contactPreference ?? 'email');
  return openChannels(facts).filter((channel) => wanted.includes(channel));
}

/** True when the phone can receive texts, confirmed or not. The code that confirms it needs no more than that. */
export function canBeTexted({
  phone,
  phoneLineType,
  textsStopped,
}: Pick<ContactFacts, 'phone' | 'phoneLineType' | 'textsStopped'>): boolean {
  return phone !== null && !isTextless(phoneLineType) && !textsStopped;
}
