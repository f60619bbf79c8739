import { expect, test } from '@jest/globals';
import { readLastMonth } from '../../../bench/simulation/last-month.ts';
import { outsideFigures } from '../../../bench/simulation/outside-figures.ts';
import { anAgent, aWorld, playAndRead, requestsAt } from './worlds.ts';

const day = 86_400_000;

test('the last month of a service is read as a world, with its answers and without its names and numbers', async () => {
  const startsAt = new Date(Date.now() - 10 * day);
  const requests = requestsAt('09:00', '12:00').map((one, index) => ({
    ...one,
    at: new Date(startsAt.getTime() + (index + 1) * 3_600_000),
  }));
  const busy = { ...anAgent('123456'), behavior: { minutes: 5 } };
  const read = await playAndRead('today', { ...aWorld([busy], requests), startsAt }, (url) =>
    // the clock of the machine, as in a service
    readLastMonth(`${url}?options=-c%20search_path%3Dpublic`, {
      seed: 1,
      figures: {
        ...outsideFigures.people,
        isFree: { share: 1, spread: 0 },
        night: { fromHour: 24, untilHour: 0, share: 1 },
      },
    }),
  );
  expect(read.requests.map(({ at, zip, number }) => [at, zip, number])).toEqual(
    requests.map(({ at, zip, number }) => [at, zip, number]),
  );
  expect(read.agents).toMatchObject([{ npn: '7000000', states: ['AZ'], languages: ['en'], hours: {} }]);
  expect(JSON.stringify(read)).not.toMatch(/123456|example\.|00000000-0000/);
  const [request] = read.requests;
  if (!request) throw new Error('there are two');
  const offer = { request, npn: '7000000', messagesBefore: 0, at: request.at };
  // every offer was accepted after five minutes, and the call came three minutes later
  expect(read.people.answer(offer)).toEqual({ afterMs: 300_000, as: 'accepted' });
  expect(read.people.callAfterMs(offer)).toBe(180_000);
});
