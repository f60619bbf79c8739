import { describe, expect, test } from '@jest/globals';
import { generateWorld } from '../../../bench/simulation/generate-world.ts';
import { outsideFigures } from '../../../bench/simulation/outside-figures.ts';
import type { Place } from '../../../bench/simulation/places.ts';
import { policyTable } from '../../../bench/simulation/report.ts';
import { summarize } from '../../../bench/simulation/summary.ts';
import { anAgent, aWorld, minutesToAcceptance, phoenix, playUnder, requestsAt } from './worlds.ts';

/** 60 miles from Phoenix: asked after whoever is near. */
const far = { ...phoenix, lat: 34.32 };

describe('a world small enough to be computed by hand', () => {
  test('one agent who answers after five minutes: every request is accepted after five minutes', async () => {
    const world = aWorld(
      [{ ...anAgent('7000001'), behavior: { minutes: 5 } }],
      requestsAt('09:00', '10:00', '11:00'),
    );
    const figures = summarize(await playUnder('today', world));
    const five = { p50: 300, p90: 300, p99: 300 };
    const eight = { p50: 480, p90: 480, p99: 480 };
    expect(figures).toMatchObject({
      toAcceptance: five,
      toContact: eight,
      unmatched: 0,
      offersPerRequest: 1,
    });
  });

  test('the silence of a near agent costs the whole window, and a shorter window costs less', async () => {
    const world = aWorld(
      [
        { ...anAgent('7000001'), behavior: 'silent' },
        { ...anAgent('7000002', far), behavior: { minutes: 2 } },
      ],
      requestsAt('09:00', '12:00'),
    );
    const [today, short] = [
      await playUnder('today', world),
      await playUnder('OFFER_WINDOW=10 minutes', world),
    ];
    expect([minutesToAcceptance(today), minutesToAcceptance(short)]).toEqual([
      [17, 17],
      [12, 12],
    ]);
    const sideBySide = policyTable([
      { name: 'today', figures: summarize(today) },
      { name: 'short', figures: summarize(short) },
    ]);
    expect(sideBySide.split('\n').map((line) => line.split(/ {2,}/).slice(0, 6))).toEqual([
      ['policy', 'first offer p50', 'p90', 'p99', 'accepted p50', 'p90'],
      ['today', '0:00', '0:00', '0:00', '17:00', '17:00'],
      ['short', '0:00', '0:00', '0:00', '12:00', '12:00'],
    ]);
  });

  test('an agent who notices the second message answers after a nudge, and without nudges not at all', async () => {
    const world = aWorld(
      [
        { ...anAgent('7000001'), behavior: { minutes: 1, message: 2 } },
        { ...anAgent('7000002', far), behavior: { minutes: 2 } },
      ],
      requestsAt('09:00'),
    );
    expect(minutesToAcceptance(await playUnder('OFFER_NUDGES=1/3, 2/3', world))).toEqual([6]);
    expect(minutesToAcceptance(await playUnder('OFFER_NUDGES=off', world))).toEqual([17]);
  });

  test('under overlap a second agent is asked beside the silent one, and the first to accept wins', async () => {
    const world = aWorld(
      [
        { ...anAgent('7000001'), behavior: { minutes: 9 } },
        { ...anAgent('7000002', far), behavior: { minutes: 2 } },
      ],
      requestsAt('09:00', '12:00'),
    );
    const played = await playUnder('OFFER_OVERLAP=4 minutes, 2 at once', world);
    expect(minutesToAcceptance(played)).toEqual([6, 6]);
    // an offer that another agent took is none in their order
    expect(played.agents.map(({ offers }) => offers)).toEqual([0, 2]);
    expect(minutesToAcceptance(await playUnder('today', world))).toEqual([9, 9]);
  });

  test('an agent who rests is asked again once they say that their hours hold', async () => {
    const world = aWorld([{ ...anAgent('7000001'), behavior: 'silent' }], requestsAt('09:00', '09:20'));
    const { requests } = await playUnder('REST_AFTER_UNSEEN=1; OFFER_NUDGES=off', world);
    const offered = requests.map(({ offeredAt }) => offeredAt?.toISOString().slice(11, 16));
    // rests from 9:15 on and confirms at 9:35, Phoenix time
    expect(offered).toEqual(['16:00', '16:35']);
  });

  test('who declines is replaced at once', async () => {
    const world = aWorld(
      [
        { ...anAgent('7000001'), behavior: { minutes: 1, as: 'declined' } },
        { ...anAgent('7000002', far), behavior: { minutes: 2 } },
      ],
      requestsAt('09:00'),
    );
    expect(minutesToAcceptance(await playUnder('today', world))).toEqual([3]);
  });

  test('an agent who is asked already takes the next request once they have answered', async () => {
    const world = aWorld(
      [{ ...anAgent('7000001'), behavior: { minutes: 5 } }],
      requestsAt('09:00', '09:01', '09:02'),
    );
    // the second waits from 9:01 to 9:05, the third from 9:02 to 9:10, and each is accepted five minutes later
    expect(minutesToAcceptance(await playUnder('today', world))).toEqual([5, 9, 13]);
  });

  test('a request before the hours of the only agent waits for them', async () => {
    const hours = { monday: [{ from: '09:00', until: '17:00' }] };
    const world = aWorld(
      [{ ...anAgent('7000001', { hours }), behavior: { minutes: 5 } }],
      requestsAt('08:30'),
    );
    expect(minutesToAcceptance(await playUnder('today', world))).toEqual([35]);
  });

  test('what waits for the opening of the service is woken by the simulated clock, not by that of the machine', async () => {
    const world = aWorld([{ ...anAgent('7000001'), behavior: { minutes: 5 } }], requestsAt('08:00', '08:30'));
    // both wait until nine; the second has to wait for the answer to the first
    expect(minutesToAcceptance(await playUnder('SERVICE_HOURS=Mon-Sun 9:00-17:00', world))).toEqual([65, 40]);
  });

  test('a request that nobody answers is unmatched when its time has passed', async () => {
    const world = aWorld([{ ...anAgent('7000001'), behavior: 'silent' }], requestsAt('09:00'));
    const figures = summarize(await playUnder('today', world));
    expect(figures).toMatchObject({ unmatched: 1, toAcceptance: { p50: Number.POSITIVE_INFINITY } });
  });
});

describe('a generated world', () => {
  const places: Place[] = [
    { ...phoenix, zip: '85004', city: 'Phoenix', state: 'AZ', isRural: false },
    { ...far, zip: '86301', city: 'Prescott', state: 'AZ', isRural: true },
  ];
  const worldOf = (seed: number) =>
    generateWorld(
      { ...outsideFigures, states: { AZ: 1 } },
      { seed, requests: 5, agents: 3, firstDay: '2126-12-02', days: 1 },
      places,
    );

  test('is played alike each time, and another seed gives another one', async () => {
    const [first, again] = [await playUnder('today', worldOf(1)), await playUnder('today', worldOf(1))];
    expect(summarize(again)).toEqual(summarize(first));
    expect(again.requests.map(({ asked }) => asked)).toEqual(first.requests.map(({ asked }) => asked));
    expect(worldOf(2).requests).not.toEqual(worldOf(1).requests);
  });
});
