import type { Condition } from './conditions.ts';
import type { UnmetReason } from './unmet-reasons.ts';

/** Who can have to act before a condition is met. `nobody`: it is met by itself, on the date on record. */
export const parties = ['agent', 'marketplace', 'registry', 'operations', 'nobody'] as const;
export type Party = (typeof parties)[number];

/** Reasons about which the agent can do nothing. */
const notTheAgents: Readonly<Partial<Record<UnmetReason, Party>>> = {
  'not-begun': 'nobody',
  'license-not-found': 'registry',
  'line-unknown': 'operations',
};

/** Says who has to act before a condition is met; undefined for one that is. Most steps are the agent's own. */
export function whoActs({
  name,
  met,
  because,
}: Pick<Condition, 'name' | 'met' | 'because'>): Party | undefined {
  if (met) return undefined;
  if (name === 'not-terminated') return 'marketplace';
  return (because && notTheAgents[because]) ?? 'agent';
}
