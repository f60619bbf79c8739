import {
  type AgentChannel,
  agentChannels,
  type ContactFacts,
  openChannels,
  preferredChannels,
} from '../notifications/contact.ts';
import { type AvailabilitySetting, availabilityAt, availabilityWindowAt } from './availability.ts';

/** Days for which an agent reads what came of the messages to them. */
export const deliveryDays = 30;

/** What came of the messages to an agent over one channel in the last `deliveryDays`. */
export interface Lately {
  /** When the last one that arrived did so; null: none has. */
  arrivedAt: Date | null;
  /** Messages that the other side refused, sent back or reported as spam. */
  failures: number;
  /** When the last of these failed. */
  failedAt: Date | null;
}

const nothingSent: Lately = { arrivedAt: null, failures: 0, failedAt: null };

/** Facts that decide whether offers will reach an agent. */
export interface ReadinessFacts {
  contact: ContactFacts;
  /** A device had the app, and its push service no longer knows it. */
  hadPushSubscription: boolean;
  setting: AvailabilitySetting;
  isResting: boolean;
  /** Ops put the agent on hold. */
  isHeld: boolean;
  /** The agent serves a state in which they want referrals. */
  serves: boolean;
  /** When the agent's last state ends to be served, as far as the facts go; undefined: no end is known. */
  servesUntil: Date | undefined;
  lately: Readonly<Partial<Record<AgentChannel, Lately>>>;
}

type ChannelFacts = Pick<ReadinessFacts, 'contact' | 'hadPushSubscription'>;

/** What keeps a channel from working, by channel: the first that holds is shown. */
const channelObstacles = {
  email: { 'mail-returned': ({ contact }) => !contact.mailArrives },
  text: {
    'no-phone': ({ contact }) => !contact.hasPhone,
    'no-texts-on-line': ({ contact }) => !contact.lineReceivesTexts,
    'texts-stopped': ({ contact }) => !contact.textsAllowed,
    'phone-unconfirmed': ({ contact }) => !contact.phoneTrusted,
  },
  push: {
    'app-gone': ({ contact, hadPushSubscription }) => !contact.hasPushSubscription && hadPushSubscription,
    'app-not-installed': ({ contact }) => !contact.hasPushSubscription,
  },
} as const satisfies Record<AgentChannel, Record<string, (facts: ChannelFacts) => boolean>>;

type KeysOf<T> = T extends unknown ? keyof T : never;
export type ChannelObstacle = KeysOf<(typeof channelObstacles)[AgentChannel]>;
export const channelObstacleNames = agentChannels.flatMap(
  (channel) => Object.keys(channelObstacles[channel]) as ChannelObstacle[],
);

/** What keeps an agent from being asked although a channel works, the strongest first. */
export const timeObstacles = [
  'on-hold',
  'not-serving',
  'resting',
  'no-hours-left',
  'away',
  'switched-off',
] as const;
export type TimeObstacle = (typeof timeObstacles)[number];

/** Whether offers will reach an agent, with a reason for each part that is not ready. */
export interface Readiness {
  /** A chosen channel works, and nothing else stands in the way. */
  isReady: boolean;
  channels: {
    channel: AgentChannel;
    /** The agent wants offers over it. */
    isChosen: boolean;
    works: boolean;
    because: ChannelObstacle | null;
    lately: Lately;
  }[];
  obstacles: TimeObstacle[];
}

/** Checks an agent before a shift: each channel, and the hours. Outside the weekly hours an agent is ready all the same. */
export function readinessAt(now: Date, facts: ReadinessFacts): Readiness {
  const open = openChannels(facts.contact);
  const chosen = preferredChannels(facts.contact.contactPreference);
  const channels = agentChannels.map((channel) => ({
    channel,
    isChosen: chosen.includes(channel),
    works: open.includes(channel),
    because: obstacleTo(channel, facts),
    lately: facts.lately[channel] ?? nothingSent,
  }));
  const obstacles = timeObstaclesAt(now, facts);
  const isReachable = channels.some(({ isChosen, works }) => isChosen && works);
  return { isReady: isReachable && obstacles.length === 0, channels, obstacles };
}

/** Returns what keeps a channel from working; null: it works. */
export function obstacleTo(channel: AgentChannel, facts: ChannelFacts): ChannelObstacle | null {
  const rules: Record<string, (facts: ChannelFacts) => boolean> = channelObstacles[channel];
  const found = Object.entries(rules).find(([, holds]) => holds(facts));
  return found ? (found[0] as ChannelObstacle) : null;
}

function timeObstaclesAt(now: Date, facts: ReadinessFacts): TimeObstacle[] {
  const { setting, isResting, isHeld, serves, servesUntil } = facts;
  const { isAvailable, because } = availabilityAt(now, setting);
  const next = availabilityWindowAt(now, setting);
  const hasHoursLeft = next !== undefined && (!servesUntil || next.from < servesUntil);
  const holds: Record<TimeObstacle, boolean> = {
    'on-hold': isHeld,
    'not-serving': !serves && !isHeld,
    resting: isResting,
    'no-hours-left': !hasHoursLeft,
    away: because === 'absent',
    'switched-off': because === 'override' && !isAvailable,
  };
  return timeObstacles.filter((obstacle) => holds[obstacle]);
}
