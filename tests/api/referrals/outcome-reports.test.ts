import { expect, test } from '@jest/globals';
import { outcomeReport } from '../../../api/schemas/referrals/offers.ts';
import { outcomeRules, outcomes, reasonWithAttempts } from '../../../domain/referrals/referral.ts';

test.each(outcomes)(
  'a report of %s is accepted with what its rule asks for, and not otherwise',
  (outcome) => {
    const { reasons, needsUntil } = outcomeRules[outcome];
    const asked = {
      ...(reasons && { reason: reasons[0] }),
      ...(needsUntil && { until: '2027-01-04' }),
    };
    const accepts = (fields: object) => outcomeReport.safeParse({ outcome, ...fields }).success;
    expect(accepts(asked)).toBe(true);
    expect(accepts({})).toBe(reasons === undefined && needsUntil === undefined);
    expect(accepts({ ...asked, reason: 'bored' })).toBe(false);
    expect(accepts({ ...asked, until: '2027-01-04' })).toBe(needsUntil === true);
    expect(accepts({ ...asked, attempts: 3 })).toBe(reasons?.includes(reasonWithAttempts) === true);
  },
);
