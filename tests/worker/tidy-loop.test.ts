import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRateLimiter, defaultRateLimits } from '../../api/rate-limits.ts';
import { tidyPage } from '../../worker/tidy-loop.ts';
import { type Desk, openDesk } from '../activities/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

test('counts of limits are deleted once their window is over, page by page, and no earlier', async () => {
  const minute = 60_000;
  const limiter = createRateLimiter(desk.db, defaultRateLimits);
  for (const who of ['one', 'two', 'three']) await limiter.count('logInByBoth', who);
  await limiter.count('intakeByAddress', 'four');
  const left = async () =>
    (await desk.db.selectFrom('rateLimits').select('key').execute()).map(({ key }) => key.split(':')[0]);
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * minute);

  await tidyPage(desk.db, { at: inMinutes(14) });
  expect(await left()).toHaveLength(4);
  expect(await tidyPage(desk.db, { at: inMinutes(16), limit: 2 })).toEqual({ isFull: true });
  expect(await tidyPage(desk.db, { at: inMinutes(16), limit: 2 })).toEqual({ isFull: false });
  expect(await left()).toEqual(['intakeByAddress']);
});
