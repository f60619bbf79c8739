import type { ConsumerFaults, FieldError } from '../../schemas/problem.ts';
import type { ProblemOptions, ProblemType } from '../problems.ts';

/** A failed field that the schema cannot find. `problem` sets the problem type of the whole response. */
export type FieldFault = FieldError & { problem?: { type: ProblemType; more?: ProblemOptions } };

/** A failed field of a consumer's request. The portal has a translation for each of its codes. */
export type ConsumerFault = FieldFault &
  {
    [Field in keyof ConsumerFaults]: {
      pointer: `/${Field}` | `/${Field}/version`;
      code: ConsumerFaults[Field];
    };
  }[keyof ConsumerFaults];

/**
 * Result of a check: the failed fields, or what was looked up on the way, for the handler to use. No fault and nothing
 * known: there is nothing to look up, or a field is missing that the schema has refused already.
 */
export type Checked<Known> = { faults: readonly FieldFault[] } | { known: Known };

/** Joins the checks of several fields: every fault, after `faults`; or without any, all that is known, by name. */
export function joinChecks<Parts extends Readonly<Record<string, Checked<unknown>>>>(
  parts: Parts,
  faults: readonly FieldFault[] = [],
): Checked<{ [Name in keyof Parts]: Extract<Parts[Name], { known: unknown }>['known'] }> {
  const checks = Object.values(parts);
  const allFaults = [...faults, ...checks.flatMap((check) => ('faults' in check ? check.faults : []))];
  if (allFaults.length > 0 || checks.some((check) => 'faults' in check)) return { faults: allFaults };
  const known = Object.entries(parts).map(([name, check]) => [
    name,
    'known' in check ? check.known : undefined,
  ]);
  return { known: Object.fromEntries(known) };
}
