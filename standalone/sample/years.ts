import type { ConditionName } from '../../domain/onboarding/conditions.ts';
import { type Day, dayOf } from './days.ts';
import type { Random } from './random.ts';

/** An agent's steps for one plan year. A day is undefined if the agent has not taken the step. */
export interface AgentYear {
  planYear: number;
  trainedOn?: Day;
  agreedOn?: Day;
  registeredOn?: Day;
  courseworkOn?: Day;
  validatedOn?: Day;
  endsOn: Day;
  shop: 'none' | 'also' | 'only';
  npnValid: 'Y' | 'N' | '-';
}

/** A row of the terminations feed. */
export interface Termination {
  status: string;
  marketplaces: 'BOTH' | 'INDIVIDUAL' | 'SHOP';
  planYear: number;
  registeredOn: Day | undefined;
  datedOn: Day;
}

/** Generates a plan year: training, then the agreements, then the registration and the coursework. */
export function yearOfAgent(
  planYear: number,
  npnValid: 'Y' | '-',
  newToMarketplace: boolean,
  random: Random,
  asOf: Day,
): AgentYear {
  const lastDay = Math.min(asOf, dayOf(planYear, 6, 30));
  const after = (day: Day, maxDays: number) => Math.min(lastDay, day + random.int(0, maxDays));
  const trainedOn = random.int(dayOf(planYear - 1, 8, 1), lastDay);
  const agreedOn = after(trainedOn, 3);
  return {
    planYear,
    trainedOn,
    agreedOn,
    registeredOn: agreedOn,
    courseworkOn: after(agreedOn, 10),
    validatedOn: after(trainedOn, newToMarketplace ? 10 : 1),
    endsOn: random.chance(0.02) ? dayOf(planYear, 9, 30) : dayOf(planYear, 12, 31),
    shop: random.chance(0.3) ? 'also' : 'none',
    npnValid,
  };
}

/** Changes a plan year so that it fails a condition. Conditions that do not depend on the year are not listed. */
const failingYears: Partial<Record<ConditionName, (year: AgentYear, random: Random) => AgentYear>> = {
  'marketplace-registration': (year, random) =>
    random.chance(0.3) ? { ...year, shop: 'only' } : { ...year, registeredOn: undefined, shop: 'none' },
  'marketplace-training': (year) => ({ ...year, trainedOn: undefined }),
  'cms-agreements': (year) => ({ ...year, agreedOn: undefined, courseworkOn: undefined }),
  'help-on-demand-coursework': (year) => ({ ...year, courseworkOn: undefined }),
  'nipr-profile-validated': (year) => ({ ...year, validatedOn: undefined }),
  'npn-valid': (year) => ({ ...year, npnValid: 'N' }),
};

/** Changes a plan year so that it fails the condition, if any. */
export function withFailure(year: AgentYear, failing: ConditionName | undefined, random: Random): AgentYear {
  return (failing && failingYears[failing]?.(year, random)) ?? year;
}

/** Generates a termination for an agent who fails `not-terminated`. Some others get a SHOP-only or a reversed one. */
export function terminationsOf(
  year: AgentYear,
  random: Random,
  asOf: Day,
  failing: ConditionName | undefined,
): Termination[] {
  const registeredOn = year.registeredOn ?? asOf;
  const datedOn = random.int(registeredOn, asOf);
  const cause = random.int(1, 4);
  const row: Termination = {
    status: `T${cause}`,
    marketplaces: random.chance(0.5) ? 'BOTH' : 'INDIVIDUAL',
    planYear: year.planYear,
    registeredOn: year.registeredOn,
    datedOn,
  };
  if (failing === 'not-terminated') return [row];
  if (failing !== undefined) return [];
  if (random.chance(0.02)) return [{ ...row, marketplaces: 'SHOP' }];
  const terminatedOn = Math.max(registeredOn, datedOn - 21);
  return terminatedOn < datedOn && random.chance(0.02)
    ? [
        { ...row, datedOn: terminatedOn },
        { ...row, status: `R${cause}` },
      ]
    : [];
}
