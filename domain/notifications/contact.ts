/** How an agent wants to hear of a referral: the guide's four options, the recommended one first. */
export const contactPreferences = ['email-text-app', 'email-text', 'email-app', 'email'] as const;
export type ContactPreference = (typeof contactPreferences)[number];

/** The ways a message travels. "App" is a push notification of the installed portal; `voice` is a call that speaks a code. */
export const channels = ['email', 'text', 'push', 'voice'] as const;
export type Channel = (typeof channels)[number];

/**
 * What a provider's taking a message says of a channel. `nothing`: it reports later what became of the message, SES by its
 * events, Twilio by its status callbacks. `all`: nothing more is ever heard; a push service reports no delivery to us, and
 * refuses a subscription that nobody has any more at once.
 */
export const providerAcceptanceMeaning: Readonly<Record<Channel, 'nothing' | 'all'>> = {
  email: 'nothing',
  text: 'nothing',
  push: 'all',
  voice: 'nothing',
};

/** The ways in which a consumer is written to. */
export type ContactChannel = Exclude<Channel, 'push' | 'voice'>;
/** The ways in which a code reaches a consumer's phone. */
export type PhoneChannel = Extract<Channel, 'text' | 'voice'>;

/**
 * What a phone number turned out to be. `no-texts`: a line of another kind that takes none, such as a toll-free number
 * or a pager. `no-number`: nobody's number at all. `unknown`: it may well take texts, and the code shows whether it does.
 */
export const lineTypes = ['mobile', 'landline', 'no-texts', 'no-number', 'unknown'] as const;
export type LineType = (typeof lineTypes)[number];

/** What texts surely do not reach; the guide asks for a cell phone (Registration 2). */
export const textlessLineTypes = ['landline', 'no-texts', 'no-number'] as const satisfies readonly LineType[];
export type TextlessLineType = (typeof textlessLineTypes)[number];

/** Whether texts surely do not reach such a line; null, not looked up yet, gets the benefit of the doubt. */
export function isTextless(lineType: LineType | null): lineType is TextlessLineType {
  return textlessLineTypes.some((textless) => textless === lineType);
}

const channelsOf: Readonly<Record<ContactPreference, readonly Channel[]>> = {
  'email-text-app': ['email', 'text', 'push'],
  'email-text': ['email', 'text'],
  'email-app': ['email', 'push'],
  email: ['email'],
};

/** The channels a preference stands for. */
export function preferredChannels(preference: ContactPreference): readonly Channel[] {
  return channelsOf[preference];
}

/** All that decides how an agent can be reached now. */
export interface ContactFacts {
  /** Null before registration: email alone. */
  contactPreference: ContactPreference | null;
  /** Mail to the address came back, or was complained of. */
  emailUndeliverable: boolean;
  /** E.164. */
  phone: string | null;
  /** Null while it is not known. */
  phoneLineType: LineType | null;
  phoneConfirmed: boolean;
  /** The agent has asked for no more texts. */
  textsStopped: boolean;
  hasPushSubscription: boolean;
  /** Whether a phone gets texts only once its holder has confirmed it with a code. */
  requireConfirmedPhone: boolean;
}

/** The channels over which a message would reach the agent, whatever he chose. */
export function openChannels(facts: ContactFacts): Channel[] {
  const isOpen: Readonly<Record<Channel, boolean>> = {
    email: !facts.emailUndeliverable,
    text: canBeTexted(facts) && (facts.phoneConfirmed || !facts.requireConfirmedPhone),
    push: facts.hasPushSubscription,
    // agents give a phone that takes texts
    voice: false,
  };
  return channels.filter((channel) => isOpen[channel]);
}

/** The channels over which an offer reaches the agent: those he chose that are open. With none he cannot be asked. */
export function offerChannels(facts: ContactFacts): Channel[] {
  const wanted = preferredChannels(facts.contactPreference ?? 'email');
  return openChannels(facts).filter((channel) => wanted.includes(channel));
}

/** Whether a text to the phone makes sense at all: so far the code that confirms it goes to a phone of nobody's yet. */
export function canBeTexted({
  phone,
  phoneLineType,
  textsStopped,
}: Pick<ContactFacts, 'phone' | 'phoneLineType' | 'textsStopped'>): boolean {
  return phone !== null && !isTextless(phoneLineType) && !textsStopped;
}
