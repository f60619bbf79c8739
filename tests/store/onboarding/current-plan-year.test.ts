import { expect, test } from '@jest/globals';
import type { OnboardingStage } from '../../../domain/stages.ts';
import { currentPlanYear } from '../../../store/onboarding/onboardings.ts';
import { monday, openActivityHarness } from '../../harness/activity-harness.ts';
import { seedAgent } from '../../harness/people/fixtures.ts';

test.each<[OnboardingStage, OnboardingStage, number]>([
  // of 2026 and 2027
  ['active', 'awaiting-eligibility', 2026],
  ['active', 'active', 2027],
  ['awaiting-terms', 'awaiting-eligibility', 2026],
  ['suspended', 'awaiting-eligibility', 2026],
  ['suspended', 'awaiting-terms', 2027],
  ['lapsed', 'awaiting-eligibility', 2027],
  ['lapsed', 'left', 2027],
])('of %s for one plan year and %s for the next, the pages speak of %s', async (first, second, planYear) => {
  const harness = await openActivityHarness();
  try {
    const { npn } = await seedAgent(harness.db, { planYear: 2026 });
    await seedAgent(harness.db, { npn, planYear: 2027 });
    for (const [year, stage] of [[2026, first] as const, [2027, second] as const])
      await harness.db
        .updateTable('onboardings')
        .set({ stage, closedAt: stage === 'lapsed' || stage === 'left' ? monday : null })
        .where('planYear', '=', year)
        .execute();
    expect(await currentPlanYear(harness.db, npn)).toBe(planYear);
  } finally {
    await harness.close();
  }
});
