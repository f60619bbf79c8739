import type { ConditionName } from '../../domain/onboarding/conditions.ts';
import { type Day, dayOf, planYearsOn } from './days.ts';
import { type License, licensesOf } from './licenses.ts';
import {
  eachServedState,
  firstNames,
  lastNames,
  otherLanguages,
  otherStates,
  servedStates,
} from './name-lists.ts';
import { type Random, randomOf } from './random.ts';
import { type AgentYear, type Termination, terminationsOf, withFailure, yearOfAgent } from './years.ts';

/** Share of agents that fail each condition for the later plan year. The rest fail none. */
export const failingShares: Readonly<Record<ConditionName, number>> = {
  'marketplace-registration': 0.02,
  'marketplace-training': 0.02,
  'cms-agreements': 0.02,
  'help-on-demand-coursework': 0.03,
  'nipr-profile-validated': 0.03,
  'npn-valid': 0.02,
  'not-terminated': 0.02,
  'individual-npn': 0.01,
  'licensed-with-health-line': 0.05,
};

/** An agent with a fixed name, email address and states, for the demo, the sample log-ins and the past. */
export interface NamedAgent {
  npn: string;
  firstName: string;
  lastName: string;
  email: string;
  /** English names; the first state is the home state. */
  languages: readonly string[];
  states: readonly string[];
  newToMarketplace: boolean;
  /** The condition that they fail; by default none. */
  failing?: ConditionName;
}

/** Everything about one agent in the four feeds. */
export interface SampleAgent extends NamedAgent {
  years: AgentYear[];
  terminations: Termination[];
  licenses: License[];
  /** Feeds that write the NPN with leading zeros: the registration list, the licenses. */
  paddedIn: { list: boolean; licenses: boolean };
  /** NPN of the agent's agency: an entity that is on the registration list too, but never becomes an agent. */
  agencyNpn: string | undefined;
}

/** Options that, together with a number, always generate the same agent. */
export interface AgentOptions {
  seed: number;
  asOf: Day;
  /** NPNs of the named agents. */
  taken: ReadonlySet<string>;
}

const firstNpn = 3_000_000;
const npnsPerAgent = 40;

/** Generates the random agent with a number from 0 up. */
export function randomAgent(number: number, { seed, asOf, taken }: AgentOptions): SampleAgent {
  const random = randomOf(seed, number + 1);
  const npn = npnOf(number, random, taken);
  const firstName = random.pick(firstNames);
  const lastName = random.pick(lastNames);
  const nickname = random.chance(0.01) ? `${firstName} "${firstName.slice(0, 2)}"` : firstName;
  const failing = failingOf(random);
  const home = random.pick(servedStates);
  const licensed = [
    home,
    ...random.pickSome(
      eachServedState.filter((state) => state !== home),
      furtherStates(random),
    ),
  ];
  const unlicensed = random.chance(0.1) ? [random.pick(otherStates)] : [];
  const named: NamedAgent = {
    npn,
    firstName: nickname,
    lastName: random.chance(0.02) ? `${lastName}, Jr.` : lastName,
    email: `${firstName}.${lastName}.${npn}@example.${random.chance(0.7) ? 'com' : 'org'}`.toLowerCase(),
    languages: ['English', ...new Set(random.pickSome(otherLanguages, random.pick([0, 0, 1, 1, 2])))],
    states: licensed,
    newToMarketplace: random.chance(0.2),
  };
  const agent = complete(named, { random, ofLicenses: random }, asOf, failing);
  const agencyNpn = random.chance(0.03)
    ? String(firstNpn + number * npnsPerAgent + npnsPerAgent - 1)
    : undefined;
  // the others took part only in the earlier plan year
  const isReturning = named.newToMarketplace || failing !== undefined || random.chance(0.93);
  const past = isReturning ? {} : { years: agent.years.slice(0, 1), terminations: [] };
  return { ...agent, ...past, agencyNpn, states: [...licensed, ...unlicensed] };
}

/**
 * Completes a named agent, who fails no other condition until the end of each plan year. The licenses are the same on every
 * day, as far as they do not end: files of two days are releases of one feed.
 */
export function completeAgent(named: NamedAgent, { seed, asOf }: AgentOptions): SampleAgent {
  const [random, ofLicenses] = [randomOf(seed, -Number(named.npn)), randomOf(~seed, -Number(named.npn))];
  const agent = complete(named, { random, ofLicenses }, asOf, named.failing);
  const years = agent.years.map((year) => ({ ...year, endsOn: dayOf(year.planYear, 12, 31) }));
  return { ...agent, years, terminations: [] };
}

function complete(
  named: NamedAgent,
  { random, ofLicenses }: { random: Random; ofLicenses: Random },
  asOf: Day,
  failing: ConditionName | undefined,
): SampleAgent {
  const [earlier, later] = planYearsOn(asOf);
  const { newToMarketplace } = named;
  const now = withFailure(yearOfAgent(later, 'Y', newToMarketplace, random, asOf), failing, random);
  const before = newToMarketplace ? [] : [yearOfAgent(earlier, '-', false, random, asOf)];
  return {
    ...named,
    years: [...before, now],
    terminations: terminationsOf(now, random, asOf, failing),
    licenses: licensesOf(named.states, ofLicenses, asOf, failing),
    paddedIn: { list: random.chance(0.05), licenses: random.chance(0.05) },
    agencyNpn: undefined,
  };
}

function failingOf(random: Random): ConditionName | undefined {
  let left = random.int(1, 1000) / 1000;
  for (const [name, share] of Object.entries(failingShares) as [ConditionName, number][]) {
    if (left <= share) return name;
    left -= share;
  }
  return undefined;
}

function furtherStates(random: Random): number {
  return random.pick([0, 0, 0, 1, 1, 2, 4]);
}

function npnOf(number: number, random: Random, taken: ReadonlySet<string>): string {
  const first = firstNpn + number * npnsPerAgent;
  let offset = random.int(0, npnsPerAgent - 2);
  while (taken.has(String(first + offset))) offset = (offset + 1) % (npnsPerAgent - 1);
  return String(first + offset);
}
