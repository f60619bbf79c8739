import type { Policy } from '../../domain/policy.ts';
import { policyVariableNames } from '../../runtime/policy-variables.ts';
import { readSettings } from '../../runtime/settings.ts';

/** A policy to play. */
export interface NamedPolicy {
  name: string;
  policy: Policy;
}

/**
 * Reads a policy such as `nudges off: OFFER_NUDGES=off; OFFER_WINDOW=10 minutes`: a name, and variables that differ from those
 * of the environment. Either may be left out: the name of a policy without one is what it says, and a name alone is the
 * environment's policy.
 * @throws an Error that says what is wrong
 */
export function readNamedPolicy(text: string, env: NodeJS.ProcessEnv): NamedPolicy {
  const [, name = text, assignments = ''] = /^(?:([^=:]*):)?(.*=.*)$/s.exec(text) ?? [];
  const variables = Object.fromEntries(
    assignments
      .split(';')
      .filter((part) => part.trim() !== '')
      .map(readAssignment),
  );
  const { policy } = readSettings({ ...env, ...variables }, 'bench');
  return { name: name.trim(), policy };
}

function readAssignment(text: string): [string, string] {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  if (!policyVariableNames.some((known) => known === name))
    throw new Error(`${name || text.trim()} is no variable of the policy`);
  return [name, text.slice(at + 1).trim()];
}
