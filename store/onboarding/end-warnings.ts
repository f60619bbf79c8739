import type { Expiration } from '../../domain/onboarding/expirations.ts';
import type { Tx } from '../database/connection.ts';
import type { OnboardingKey } from './onboardings.ts';

/** Remembers that an agent was warned of endings, so that each stated time before an end warns once. */
export async function saveExpirationWarnings(
  tx: Tx,
  { npn, planYear, endings, at: warnedAt }: OnboardingKey & { endings: readonly Expiration[]; at: Date },
): Promise<void> {
  if (endings.length === 0) return;
  await tx
    .insertInto('endWarnings')
    .values(endings.map(({ subject, endsOn }) => ({ npn, planYear, subject, endsOn, warnedAt })))
    .onConflict((row) => row.columns(['npn', 'planYear', 'subject', 'endsOn']).doUpdateSet({ warnedAt }))
    .execute();
}
