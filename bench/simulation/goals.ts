import { minutes, type NamedFigures, percent } from './report.ts';
import type { PolicyFigures } from './summary.ts';

/** What a policy is judged by. */
interface Goal {
  name: string;
  most: string;
  /** What was reached, and whether that is enough. */
  reached: (figures: PolicyFigures) => { value: string; isMet: boolean };
}

/** Groups with fewer requests are not judged: their median is chance. */
const fewRequests = 30;

/** Returns the group that waits longest, as a multiple of the median of all. */
function slowest(figures: PolicyFigures, grouping: 'place' | 'language'): { group: string; times: number } {
  const all = figures.toAcceptance.p50;
  return Object.entries(figures.groups[grouping])
    .filter(([, { requests }]) => requests >= fewRequests)
    .map(([group, { toAcceptance }]) => ({ group, times: toAcceptance.p50 / all }))
    .reduce((one, other) => (other.times > one.times ? other : one), { group: 'none', times: 0 });
}

const slowestWithin = (grouping: 'place' | 'language') => (figures: PolicyFigures) => {
  const { group, times } = slowest(figures, grouping);
  return {
    value: `${Number.isFinite(times) ? times.toFixed(2) : 'never'} times (${group})`,
    isMet: times <= 1.5,
  };
};

/** The goals of an open-enrollment day. */
const goals: readonly Goal[] = [
  {
    name: 'request to acceptance, median',
    most: '2:00',
    reached: ({ toAcceptance: { p50 } }) => ({ value: minutes(p50), isMet: p50 <= 120 }),
  },
  {
    name: 'request to acceptance, 90 of 100',
    most: '8:00',
    reached: ({ toAcceptance: { p90 } }) => ({ value: minutes(p90), isMet: p90 <= 480 }),
  },
  {
    name: 'unmatched',
    most: '2.0 %',
    reached: ({ unmatched }) => ({ value: percent(unmatched), isMet: unmatched <= 0.02 }),
  },
  { name: 'rural, by the median of all', most: '1.5 times', reached: slowestWithin('place') },
  { name: 'slowest language, by the median of all', most: '1.5 times', reached: slowestWithin('language') },
];

/** Says of each goal what each policy has reached. */
export function judge(policies: readonly NamedFigures[]): string {
  return goals
    .map(({ name, most, reached }) => {
      const results = policies.map((policy) => {
        const { value, isMet } = reached(policy.figures);
        return `  ${policy.name}: ${value}, ${isMet ? 'met' : 'missed'}`;
      });
      return [`${name}, at most ${most}:`, ...results].join('\n');
    })
    .join('\n');
}
