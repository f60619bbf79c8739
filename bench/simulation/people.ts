import type { People } from '../../standalone/sample/cascade.ts';
import type { KeyedRandom } from '../load-test/virtual-agents.ts';
import { minutesOn } from './local-time.ts';
import type { WorldAgent, WorldRequest } from './world.ts';

/** A time that people take: log-normal, or one of those that were observed, in seconds. */
export type Delay = { medianSeconds: number; sigma: number } | { observedSeconds: readonly number[] };

/** How agents answer. */
export interface PeopleFigures {
  /**
   * Share of the offers whose agent can answer at all: with a client or on the road nobody does, however often they are told.
   * Agents differ evenly by the spread around it.
   */
  isFree: { share: number; spread: number };
  /** Share of the messages that an agent who can answer notices. */
  notices: number;
  /** Hours, on the agent's clock, in which only this share of those who would answer does. */
  night: { fromHour: number; untilHour: number; share: number };
  /** From a message to the answer. */
  answerDelay: Delay;
  /** Share of the answers that decline. */
  declines: number;
  /** From acceptance to first contact. */
  callDelay: Delay;
  /** Share of the acceptances that no call follows. */
  neverCalls: number;
  /**
   * From the mail that asks a resting agent whether their hours hold to the answer, if they notice it. A mail at night is read
   * when the night ends.
   */
  confirmDelay: Delay;
}

/** Creates people who behave by these figures. */
export function createPeople(
  figures: PeopleFigures,
  { random, agents }: { random: KeyedRandom; agents: readonly WorldAgent[] },
): People<WorldRequest> {
  const { isFree, notices, night, answerDelay, declines, callDelay, neverCalls, confirmDelay } = figures;
  const byNpn = new Map(agents.map((agent) => [agent.npn, agent]));

  const hourOn = (npn: string, at: Date): number => minutesOn(byNpn.get(npn)?.timeZone ?? 'UTC', at) / 60;
  const isNight = (npn: string, at: Date): boolean => {
    const hour = hourOn(npn, at);
    return hour >= night.fromHour || hour < night.untilHour;
  };
  const hoursOfNightLeft = (npn: string, at: Date): number =>
    isNight(npn, at) ? (night.untilHour + 24 - hourOn(npn, at)) % 24 : 0;
  const shareFree = (npn: string, at: Date): number => {
    const share = isFree.share + (random('agent', npn) - 0.5) * isFree.spread;
    return isNight(npn, at) ? share * night.share : share;
  };

  return {
    answer({ request: { number }, npn, messagesBefore, at }) {
      const offer = [npn, number] as const;
      if (random('is free', ...offer) >= shareFree(npn, at)) return undefined;
      if (random('notices', ...offer, messagesBefore) >= notices) return undefined;
      return {
        afterMs: delayMs(answerDelay, (about) => random('answers', about, ...offer, messagesBefore)),
        as: random('declines', ...offer) < declines ? 'declined' : 'accepted',
      };
    },
    callAfterMs({ request: { number }, npn }) {
      if (random('never calls', npn, number) < neverCalls) return undefined;
      return delayMs(callDelay, (about) => random('calls', about, npn, number));
    },
    confirmHoursAfterMs({ request: { number }, npn, at }) {
      if (random('notices the question', npn, number) >= notices) return undefined;
      const afterMs = delayMs(confirmDelay, (about) => random('confirms', about, npn, number));
      return hoursOfNightLeft(npn, at) * 3_600_000 + afterMs;
    },
  };
}

/** Draws a delay, in milliseconds. */
function delayMs(delay: Delay, draw: (about: string) => number): number {
  if ('observedSeconds' in delay) {
    const { observedSeconds } = delay;
    return (observedSeconds[Math.floor(draw('which') * observedSeconds.length)] ?? 0) * 1_000;
  }
  // Box and Muller: two even draws are one of the normal distribution
  const normal = Math.sqrt(-2 * Math.log(1 - draw('size'))) * Math.cos(2 * Math.PI * draw('turn'));
  return delay.medianSeconds * Math.exp(delay.sigma * normal) * 1_000;
}
