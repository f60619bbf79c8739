import { createHash } from 'node:crypto';
import { type Weekday, weekdays } from '../../domain/agents/availability.ts';
import { daysAfter, instantOnClock } from '../../domain/time/wall-clock.ts';
import { type KeyedRandom, keyedRandom } from '../load-test/virtual-agents.ts';
import { groupBy } from './group-by.ts';
import type { Shares, WorldFigures } from './outside-figures.ts';
import { createPeople } from './people.ts';
import type { Place } from './places.ts';
import type { World, WorldAgent, WorldRequest } from './world.ts';

/** Size and seed of a generated world. */
export interface WorldSize {
  seed: number;
  requests: number;
  agents: number;
  /** The first day, as a calendar date, and how many. */
  firstDay: string;
  days: number;
}

/** NPNs of generated agents begin here. */
export const firstNpn = 7_000_000;

/** Generates a world: the same figures, size and places always give the same one. */
export function generateWorld(figures: WorldFigures, size: WorldSize, places: readonly Place[]): World {
  const random = keyedRandom(size.seed);
  const choosePlace = placesBy(places);
  const agents = numbers(size.agents).map((number) => {
    const draw = drawOf(random, 'agent', number);
    const home = choosePlace(figures, draw, figures.rural.agents);
    return agentOf(figures, { npn: `${firstNpn + number}`, home, draw });
  });
  const requests = numbers(size.requests).map((number) => {
    const draw = drawOf(random, 'request', number);
    const place = choosePlace(figures, draw, figures.rural.requests);
    return requestOf(figures, { id: idOf(size.seed, number), place, draw, size });
  });
  return {
    startsAt: instantOnClock('America/New_York', size.firstDay, 0),
    agents,
    requests: numbered(requests),
    people: createPeople(figures.people, { random, agents }),
  };
}

/** Puts requests in the order of their instants and numbers them. */
export function numbered(requests: readonly Omit<WorldRequest, 'number'>[]): WorldRequest[] {
  return requests
    .toSorted((one, other) => one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1))
    .map((request, number) => ({ ...request, number }));
}

type Draw = (about: string) => number;

const drawOf =
  (random: KeyedRandom, ...of: readonly (string | number)[]): Draw =>
  (about) =>
    random(...of, about);

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

function pick<Name extends string>(shares: Shares<Name>, draw: number): Name {
  const names = Object.keys(shares) as Name[];
  let left = draw * names.reduce((sum, name) => sum + shares[name], 0);
  for (const name of names) {
    left -= shares[name];
    if (left < 0) return name;
  }
  return names.at(-1) as Name;
}

/** Groups places by state and density, to choose one of a state by chance. */
function placesBy(places: readonly Place[]) {
  const groups = groupBy(places, ({ state, isRural }) => `${state} ${isRural}`);
  return ({ states }: WorldFigures, draw: Draw, ruralShare: number): Place => {
    const state = pick(states, draw('state'));
    const isRural = draw('rural') < ruralShare;
    const group = groups.get(`${state} ${isRural}`) ?? groups.get(`${state} ${!isRural}`) ?? [];
    const place = group[Math.floor(draw('place') * group.length)];
    if (!place) throw new Error(`There is no place in ${state}`);
    return place;
  };
}

function agentOf(
  figures: WorldFigures,
  { npn, home, draw }: { npn: string; home: Place; draw: Draw },
): WorldAgent {
  const { agentHours, agentLanguages, furtherStates, preferences, states } = figures;
  const further = numbers(2).flatMap((number) =>
    numbers(number + 1).every((nth) => draw(`has further state ${nth}`) < furtherStates)
      ? [pick(states, draw(`further state ${number}`))]
      : [],
  );
  const choice = pick(
    Object.fromEntries(agentHours.map(({ share }, index) => [index, share])),
    draw('hours'),
  );
  return {
    npn,
    lat: home.lat,
    lon: home.lon,
    timeZone: home.timeZone,
    languages: ['en', ...Object.keys(agentLanguages).filter((one) => draw(one) < (agentLanguages[one] ?? 0))],
    states: [...new Set([home.state, ...further])],
    hours: agentHours[Number(choice)]?.hours ?? {},
    contactPreference: pick(preferences, draw('preference')),
  };
}

function requestOf(
  figures: WorldFigures,
  { id, place, draw, size }: { id: string; place: Place; draw: Draw; size: WorldSize },
): Omit<WorldRequest, 'number'> {
  const { languages, agreeToInterpreter, hours, weekendDay } = figures;
  const days = numbers(size.days).map((after) => daysAfter(size.firstDay, after));
  const day = pick(
    Object.fromEntries(days.map((date) => [date, isWeekend(date) ? weekendDay : 1])),
    draw('day'),
  );
  const hour = Number(pick(Object.fromEntries(hours.map((share, index) => [index, share])), draw('hour')));
  const language = pick(languages, draw('language'));
  return {
    ...place,
    id,
    at: instantOnClock(place.timeZone, day, (hour + draw('minute')) * 60),
    language,
    interpreter: language !== 'en' && draw('interpreter') < agreeToInterpreter,
  };
}

const weekend: readonly Weekday[] = ['saturday', 'sunday'];

function isWeekend(date: string): boolean {
  const day = weekdays[(new Date(date).getUTCDay() + 6) % 7];
  return day !== undefined && weekend.includes(day);
}

/** Makes the id of a request from its number: ties between agents are broken by it. */
export function idOf(seed: number, number: number): string {
  const hex = createHash('sha256').update(`request ${seed} ${number}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
