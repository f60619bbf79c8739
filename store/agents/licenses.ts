import { type StateChoice, stateChoices } from '../../domain/onboarding/licensed-states.ts';
import { marketplaceDateAt } from '../../domain/time/marketplace-calendar.ts';
import type { Tx } from '../database/connection.ts';
import { readEvidence, readMarketplaces } from '../feeds/evidence.ts';

/**
 * Which states an agent can choose at an instant, under his open onboardings or else the newest, and why not the
 * others; those he has chosen are always among them.
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
  const counted = (open.length > 0 ? open : rows.slice(0, 1)).map(({ planYear }) => planYear);
  const years = await Promise.all(
    counted.map(async (planYear) => ({
      planYear,
      evidence: await readEvidence(tx, { npn, planYear }),
      marketplaces: await readMarketplaces(tx, planYear),
    })),
  );
  return stateChoices(marketplaceDateAt(at), years, chosen);
}
