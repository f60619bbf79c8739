import { expect, test } from '@jest/globals';
import { readLastMonth } from '../../../bench/simulation/last-month.ts';
import { outsideFigures } from '../../../bench/simulation/outside-figures.ts';
import { anAgent, aWorld, type Behavior, playAndRead, requestsAt } from './worlds.ts';

const day = 86_400_000;

/** Plays two requests of ten days ago and reads them as the last month of a service. */
function readAfterPlaying(behaviors: Record<string, Behavior>) {
  // by day in Phoenix: at night nobody is told again
  const startsAt = new Date(new Date(Date.now() - 10 * day).setUTCHours(16, 0, 0, 0));
  const requests = requestsAt('09:00', '12:00').map((one, index) => ({
    ...one,
    at: new Date(startsAt.getTime() + (index + 1) * 3_600_000),
  }));
  const agents = Object.entries(behaviors).map(([npn, behavior]) => ({ ...anAgent(npn), behavior }));
  const figures = {
    ...outsideFigures.people,
    isFree: { share: 1, spread: 0 },
    night: { fromHour: 24, untilHour: 0, share: 1 },
  };
  return playAndRead('today', { ...aWorld(agents, requests), startsAt }, async (url) => ({
    requests,
    // the clock of the machine, as in a service
    read: await readLastMonth(`${url}?options=-c%20search_path%3Dpublic`, { seed: 1, figures }),
  }));
}

test('the last month of a service is read as a world, with its answers and without its names and numbers', async () => {
  const { requests, read } = await readAfterPlaying({ '123456': { minutes: 5 } });
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

test('an answer that came after the agent was told again is none to the first message', async () => {
  const { read } = await readAfterPlaying({
    '123456': { minutes: 2 },
    '123457': { minutes: 1, message: 2 },
  });
  const [request] = read.requests;
  if (!request) throw new Error('there are two');
  const answers = Array.from({ length: 100 }, (_, number) =>
    read.people.answer({
      request: { ...request, number },
      npn: '7000000',
      messagesBefore: 0,
      at: request.at,
    }),
  );
  // one of two offers was answered by its first message, after two minutes
  const noticed = answers.filter((answer) => answer !== undefined);
  expect(new Set(noticed.map(({ afterMs }) => afterMs))).toEqual(new Set([120_000]));
  expect(noticed.length).toBeGreaterThan(35);
  expect(noticed.length).toBeLessThan(65);
});
