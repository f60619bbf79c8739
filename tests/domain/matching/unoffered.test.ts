import { expect, test } from '@jest/globals';
import { unofferedDays } from '../../../domain/matching/unoffered.ts';

test('counts become days, the latest first, with what was offered and the most frequent reason first', () => {
  expect(
    unofferedDays([
      { day: '2026-11-22', reason: 'language', requests: 2 },
      { day: '2026-11-23', reason: 'unavailable', requests: 1 },
      { day: '2026-11-23', reason: 'offered', requests: 3 },
      { day: '2026-11-23', reason: 'others-nearer', requests: 4 },
    ]),
  ).toEqual([
    {
      day: '2026-11-23',
      requests: 8,
      offered: 3,
      reasons: [
        { reason: 'others-nearer', requests: 4 },
        { reason: 'unavailable', requests: 1 },
      ],
    },
    { day: '2026-11-22', requests: 2, offered: 0, reasons: [{ reason: 'language', requests: 2 }] },
  ]);
});
