import type { Exclusion } from '../matching/matching.ts';
import type { OnboardingCause } from '../onboarding/standing.ts';
import type { OnboardingStage } from '../stages.ts';
import type { Availability } from './availability.ts';

/** Why an agent is offered no new referrals now, whatever the request: the strongest first. */
export const notServingCauses = [
  'left',
  'held',
  'suspended',
  'not-active',
  'no-state',
  'no-channel',
  'resting',
  'away',
  'switched-off',
  'outside-hours',
  'at-capacity',
  'intake-paused',
] as const;
export type NotServingCause = (typeof notServingCauses)[number];

/** The exclusions of matching that look at the agent alone. */
export type OwnExclusion = Extract<
  Exclusion,
  'left' | 'held' | 'resting' | 'not-serving' | 'unavailable' | 'no-channel' | 'at-capacity'
>;

/** Facts that say why matching passes an agent over. */
export interface NotServingFacts {
  excludedBy: readonly OwnExclusion[];
  /** The open onboardings of all plan years. */
  standings: readonly { stage: OnboardingStage; causes: readonly OnboardingCause[] }[];
  /** As the agent's settings have it; undefined unless `unavailable` holds. */
  availability: Availability | undefined;
  /** States that the agent serves and wants, and those of them from which no requests are taken. */
  states: readonly string[];
  pausedStates: readonly string[];
}

/** One cause, with the instant at which it ends by itself, where that is known, and the states that it is about. */
export interface NotServing {
  cause: NotServingCause;
  until: Date | undefined;
  states: readonly string[];
}

/** Tells why an agent is offered no new referrals now, the strongest cause first; empty: they can be offered some. */
export function notServingOf(facts: NotServingFacts): NotServing[] {
  const { excludedBy, availability, states, pausedStates } = facts;
  const of = (cause: NotServingCause, more: Partial<NotServing> = {}) => ({
    cause,
    until: undefined,
    states: [],
    ...more,
  });
  if (excludedBy.includes('left')) return [of('left')];
  // whoever serves nowhere has nothing else to mend first
  const standing = causesOfStanding(facts);
  if (standing.length > 0) return standing.map((cause) => of(cause));
  const time = causeOfTime(availability);
  return [
    ...(excludedBy.includes('no-channel') ? [of('no-channel')] : []),
    ...(excludedBy.includes('resting') ? [of('resting')] : []),
    ...(time ? [of(time, { until: availability?.changesAt })] : []),
    ...(excludedBy.includes('at-capacity') ? [of('at-capacity')] : []),
    ...(states.length > 0 && states.every((state) => pausedStates.includes(state))
      ? [of('intake-paused', { states })]
      : []),
  ];
}

function causesOfStanding({ excludedBy, standings }: NotServingFacts): NotServingCause[] {
  const isSuspended = standings.some(
    ({ stage, causes }) => stage === 'suspended' && causes.some((cause) => cause !== 'held'),
  );
  const isActive = standings.some(({ stage }) => stage === 'active');
  if (excludedBy.includes('held')) return isSuspended && !isActive ? ['held', 'suspended'] : ['held'];
  if (!excludedBy.includes('not-serving')) return [];
  if (isActive) return ['no-state'];
  return [isSuspended ? 'suspended' : 'not-active'];
}

/** The part of the settings that makes an agent unavailable; undefined while they do not. */
function causeOfTime(availability: Availability | undefined): NotServingCause | undefined {
  if (!availability || availability.isAvailable) return undefined;
  switch (availability.because) {
    case 'absent':
      return 'away';
    case 'override':
      return 'switched-off';
    case 'hours':
    case 'always':
      return 'outside-hours';
  }
}
