import { type StateChoice, stateChoices } from '../../domain/onboarding/licensed-states.ts';
import { marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { readEvidence, readMarketplaces } from '../feeds/evidence.ts';

/**
 * Reads which states an agent can choose at an instant, by the open onboardings or else the newest one, and why not the
 * others. States that are chosen already are always included.
 */
export async function readStateChoices(
  tx: Tx,
  { npn, chosen, at }: { npn: string; chosen: readonly string[]; at: Date },
): Promise<StateChoice[]> {
  const rows = await tx
    .selectFrom('onboardings')
    .select(['planYear', 'closedAt'])
    .where('npn', '=', npn)
    .orderBy('planYear', 'desc')
    .execute();
  const open = rows.filter(({ closedAt }) => !closedAt);
  const planYears = (open.length > 0 ? open : rows.slice(0, 1)).map(({ planYear }) => planYear);
  const years = await Promise.all(
    planYears.map(async (planYear) => ({
      planYear,
      evidence: await readEvidence(tx, { npn, planYear }),
      marketplaces: await readMarketplaces(tx, planYear),
    })),
  );
  return stateChoices(marketplaceDateAt(at), years, chosen);
}
