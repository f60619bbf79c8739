import type { ConditionName } from '../../domain/onboarding/conditions.ts';
import { type Day, dayOf } from './days.ts';
import type { Random } from './random.ts';

/** What an agent did for one plan year; undefined where he has not. */
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

/** A row of the termination list. */
export interface Termination {
  status: string;
  marketplaces: 'BOTH' | 'INDIVIDUAL' | 'SHOP';
  planYear: number;
  registeredOn: Day | undefined;
  datedOn: Day;
}

/** Training, then the agreements, then the registration and the coursework that they open. */
export function yearOfAgent(
  planYear: number,
  npnValid: 'Y' | '-',
  newToMarketplace: boolean,
  random: Random,
  asOf: Day,
): AgentYear {
  const lastDay = Math.min(asOf, dayOf(planYear, 6, 30));
  const after = (day: Day, most: number) => Math.min(lastDay, day + random.int(0, most));
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

/** How a year looks that misses one condition; the conditions that no year shows are missing here. */
const failingYears: Partial<Record<ConditionName, (year: AgentYear, random: Random) => AgentYear>> = {
  'marketplace-registration': (year, random) =>
    random.chance(0.3) ? { ...year, shop: 'only' } : { ...year, registeredOn: undefined, shop: 'none' },
  'marketplace-training': (year) => ({ ...year, trainedOn: undefined }),
  'cms-agreements': (year) => ({ ...year, agreedOn: undefined, courseworkOn: undefined }),
  'help-on-demand-coursework': (year) => ({ ...year, courseworkOn: undefined }),
  'nipr-profile-validated': (year) => ({ ...year, validatedOn: undefined }),
  'npn-valid': (year) => ({ ...year, npnValid: 'N' }),
};

/** The year of an agent whom one condition keeps out, or none. */
export function withFailure(year: AgentYear, failing: ConditionName | undefined, random: Random): AgentYear {
  return (failing && failingYears[failing]?.(year, random)) ?? year;
}

/** One that counts for an agent who fails by it; else now and then one for SHOP alone, or one that was reversed. */
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
