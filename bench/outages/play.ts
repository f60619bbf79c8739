import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { unlessAborted } from '../../runtime/stop-signals.ts';
import type { Say } from '../figures.ts';
import { type OutageEnvironment, onSeverableParts } from './environment.ts';
import { type OutageName, outages } from './outages.ts';
import { createAgents, createPeople, type People, type WorkingAgent } from './people.ts';
import { brokenPromises } from './promises.ts';
import { playRound } from './round.ts';

/**
 * A minute of the guide is a second here, so an offer lasts 15 seconds and an hour of outage a minute. Intervals of retries
 * are as in production. The rate limits are those of one address that sends everything. Nothing else differs from `npm start`.
 */
const variables = {
  OFFER_WINDOW: '15 seconds',
  FOLLOW_UP_WINDOW: '60 seconds',
  OUTCOME_WINDOW: '10 minutes',
  INVITATION_TTL: '5 minutes',
  INVITATION_REMINDER_BEFORE: '10 seconds',
  REFERRAL_BUDGET: '10 minutes',
  RATE_LIMIT_INTAKE: '100000 per hour',
  RATE_LIMIT_REQUESTS: '1000000 per minute',
  RATE_LIMIT_LOG_IN: '100000 per minute',
  RATE_LIMIT_LOG_IN_ADDRESS: '100000 per minute',
  LOG_LEVEL: 'warn',
};
const minuteMs = 1_000;
/** Time for the last retries and messages after a round. */
const settleMs = 90_000;
const agentCount = 8;

/** Plays these outages, one after another, on one running service. @returns 0 if every promise was held, else 1 */
export async function playOutages({
  names,
  minutes,
  say,
  signal,
}: {
  names: readonly OutageName[];
  /** How long each part is away. */
  minutes: number;
  say: Say;
  signal: AbortSignal;
}): Promise<0 | 1> {
  return onSeverableParts({ variables, signal }, async (environment) => {
    const people = createPeople(environment);
    const first = createAgents(agentCount, 0);
    await people.addToFeeds(first);
    let agents = await Promise.all(first.map((person) => people.register(person)));
    say(`${agents.length} agents are onboarded`);
    let failed = 0;
    const reported = new Set<string>();
    for (const [index, name] of names.entries()) {
      const round = await unlessAborted(
        signal,
        playOne(environment, people, { name, minutes, index, agents, reported }),
      );
      agents = [...agents, ...round.newcomers];
      for (const line of round.lines) say(line);
      if (round.isBroken) failed += 1;
    }
    say(failed === 0 ? 'Every promise was held.' : `${failed} of ${names.length} outages broke a promise.`);
    return failed === 0 ? 0 : 1;
  });
}

async function playOne(
  environment: OutageEnvironment,
  people: People,
  about: {
    name: OutageName;
    minutes: number;
    index: number;
    agents: readonly WorkingAgent[];
    /** Faults of the rounds before, whose rows stay; this round adds its own. */
    reported: Set<string>;
  },
) {
  const { name, minutes, index, agents, reported } = about;
  const [early, late] = createAgents(2, 100 + 2 * index);
  if (!early || !late) throw new Error('unreachable');
  const round = await playRound(environment, outages[name], {
    people,
    agents,
    newcomers: [early, late],
    outageMs: minutes * minuteMs,
  });
  const faults = [...round.untrueAnswers, ...(await untilKept(environment.pool, reported))];
  for (const fault of faults) reported.add(fault);
  const helped = `every request had an agent ${round.untilAllHelped.toFixed(1)} s after its end`;
  return {
    newcomers: round.newcomers,
    isBroken: faults.length > 0,
    lines: [
      `${name} (${outages[name].about}): ${helped}; ${faults.length === 0 ? 'held' : 'BROKEN'}`,
      ...faults.map((fault) => `  ${fault}`),
    ],
  };
}

/** Waits until no promise is newly broken: messages are still being sent. @returns the faults that stay, one for each row */
async function untilKept(pool: Pool, reported: ReadonlySet<string>): Promise<string[]> {
  const giveUpAt = Date.now() + settleMs;
  for (;;) {
    const broken = Object.entries(await brokenPromises(pool));
    const faults = broken
      .flatMap(([promise, rows]) => rows.map((row) => `${promise}: ${JSON.stringify(row)}`))
      .filter((fault) => !reported.has(fault));
    if (faults.length === 0 || Date.now() > giveUpAt) return faults;
    await sleep(500);
  }
}
