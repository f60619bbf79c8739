import type { WeeklyHours } from '../../domain/agents/availability.ts';
import type { ContactPreference } from '../../domain/notifications/contact.ts';
import type { People } from '../../standalone/sample/cascade.ts';

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

/** Everything that a policy is played on. */
export interface World {
  startsAt: Date;
  agents: readonly WorldAgent[];
  /** In the order of their instants. */
  requests: readonly WorldRequest[];
  people: People<WorldRequest>;
}
