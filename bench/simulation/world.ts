import type { WeeklyHours } from '../../domain/agents/availability.ts';
import type { ContactPreference } from '../../domain/notifications/contact.ts';

/** An agent of a simulated world, active in each of their states. */
export interface WorldAgent {
  npn: string;
  lat: number;
  lon: number;
  /** IANA name. */
  timeZone: string;
  /** BCP-47 codes. */
  languages: readonly string[];
  /** Two letters each; the first is where they live. */
  states: readonly string[];
  /** No hours: always available. */
  hours: WeeklyHours;
  contactPreference: ContactPreference;
}

/** A consumer's request, at the instant at which it is confirmed and the service begins to look for an agent. */
export interface WorldRequest {
  id: string;
  /** Counts the requests of its world, from 0. */
  number: number;
  at: Date;
  zip: string;
  city: string;
  state: string;
  lat: number | null;
  lon: number | null;
  timeZone: string;
  language: string;
  interpreter: boolean;
  /** Few ZIPs lie around it. */
  isRural: boolean;
}

/** An offer as its agent sees it. */
export interface OfferSeen {
  request: WorldRequest;
  npn: string;
  /** Messages about it before this one. */
  messagesBefore: number;
  /** When this message arrives. */
  at: Date;
}

/** How an agent answers, and how long after a message. */
export interface PlannedAnswer {
  afterMs: number;
  as: 'accepted' | 'declined';
}

/** How people behave. The same question always has the same answer, so that every policy is played by the same people. */
export interface People {
  /** Returns the answer that one message about an offer causes; undefined: none. */
  answer(seen: OfferSeen): PlannedAnswer | undefined;
  /** Returns the milliseconds from acceptance to first contact; undefined: the agent never calls. */
  callAfterMs(about: { request: WorldRequest; npn: string }): number | undefined;
  /**
   * Returns the milliseconds from the mail that asks a resting agent whether their hours hold to their answer; undefined: none.
   * The rest began with an offer of this request.
   */
  confirmHoursAfterMs(about: { request: WorldRequest; npn: string; at: Date }): number | undefined;
}

/** Everything that a policy is played on. */
export interface World {
  startsAt: Date;
  agents: readonly WorldAgent[];
  /** In the order of their instants. */
  requests: readonly WorldRequest[];
  people: People;
}
