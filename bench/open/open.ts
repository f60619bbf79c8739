import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import { createHttpUser } from '../../standalone/demo/http-user.ts';
import { onboardingWorkflowId, referralWorkflowId } from '../../workflows/messages.ts';
import { type Figure, median, quantile, type Say, secondsOf } from '../figures.ts';
import { onboardVirtualAgents } from '../load-test/run-load-test.ts';
import { createVirtualAgents } from '../load-test/virtual-agents.ts';
import { onParts, type RunningService } from '../on-parts.ts';
import { addMessages, countMessages, type OnboardingRows } from '../onboarding-rows.ts';
import { readRuns, untilWaiting } from '../referral/histories.ts';
import { createServiceEngine, type ServiceEngine } from '../referral/service-engine.ts';
import { timerDelaysOf } from './timer-delays.ts';

const size = {
  agents: 20,
  onboardings: { firstNpn: 60_000_000, count: 5_000, bulk: false },
  /** Referrals that no agent serves. */
  referrals: 1_000,
  /**
   * Onboardings that are woken in each round, others each time and more than the worker has in memory: each wake is two workflow tasks
   * and an activity.
   */
  woken: { firstNpn: 60_000_000, count: 1_200, bulk: false },
  rounds: 3,
  /** Offers that nobody answers, and how many are made a second. */
  unanswered: 100,
  unansweredASecond: 2,
} as const;

/** A place where no agent of the benchmark serves. */
const unservedZip = '99501';

/**
 * Offers of 30 seconds, one for each referral, to agents without limit who never rest; no limit for the one address that
 * sends all requests; and the memory of a container of 2 GiB, in which a worker keeps some 500 workflows. Nothing else differs
 * from `npm start`.
 */
const variables = {
  OFFER_WINDOW: '30 seconds',
  MAX_OFFERS_PER_REFERRAL: '1',
  REST_AFTER_UNSEEN: '0',
  OPEN_OFFERS_PER_AGENT: '100',
  UNCONTACTED_REFERRALS_PER_AGENT: '100',
  RATE_LIMIT_INTAKE: '1000000 per hour',
  RATE_LIMIT_REQUESTS: '10000000 per minute',
  LOG_LEVEL: 'error',
  NODE_OPTIONS: '--max-old-space-size=1024',
};

interface Open {
  service: RunningService;
  client: Client;
  engine: ServiceEngine;
  say: Say;
}

/**
 * Opens 5,000 onboardings, and 1,000 referrals that wait for an agent, and measures the worker's memory over
 * 10,800 tasks, and how late the timers of offers fire that nobody answers.
 */
export async function measureOpen(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onParts({ variables, signal }, async (service) => {
    const client = connectTemporal(readSettings(service.env, 'worker').temporal);
    const user = createHttpUser({ ...service, timeoutMs: 120_000 });
    const people = createVirtualAgents(size.agents, { random: () => 0.4, firstNpn: 32_000_000 });
    const cookies = await onboardVirtualAgents(service, user, people, 300_000);
    const engine = await createServiceEngine({ pool: service.pool, user, cookies });
    const open = { service, client, engine, say };
    await openAll(open);
    const memory = await measureMemory(open);
    const timers = await measureTimers(open);
    await client.connection.close();
    return [timers, memory];
  });
}

async function openAll(open: Open): Promise<void> {
  const { engine, say } = open;
  const { onboardings, referrals } = size;
  const starting = await secondsOf(() => relayAll(open, 'start-onboarding', onboardings));
  say(`${onboardings.count} onboardings are open after ${starting.toFixed(0)} s`);
  const numbers = Array.from({ length: referrals }, (_, number) => number);
  const next = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift())
      await engine.request(number, unservedZip);
  };
  const waiting = await secondsOf(async () => {
    await Promise.all(Array.from({ length: 10 }, next));
    await untilCount(
      open,
      "select count(*)::integer as count from referrals where stage = 'queued'",
      referrals,
    );
  });
  say(`${referrals} referrals wait for an agent after ${waiting.toFixed(0)} s`);
}

/** Waits until a query counts so many. */
async function untilCount(
  { service }: Open,
  query: string,
  count: number,
  values: unknown[] = [],
): Promise<void> {
  for (;;) {
    const { rows } = await service.pool.query<{ count: number }>(query, values);
    if (rows[0]?.count === count) return;
    await sleep(500);
  }
}

/** Adds a message for each of the onboardings and waits until the last of them waits again. */
async function relayAll(
  { service: { pool }, client }: Open,
  type: 'start-onboarding' | 'wake-onboarding',
  rows: OnboardingRows,
): Promise<void> {
  await addMessages(pool, type, rows);
  while ((await countMessages(pool, rows)) > 0) await sleep(200);
  const last = Array.from({ length: 20 }, (_, index) => `${rows.firstNpn + rows.count - 1 - index}`);
  await Promise.all(last.map((npn) => untilWaiting(client, onboardingWorkflowId({ npn, planYear: 2027 }))));
}

/**
 * Compares the memory of the worker after the first and the last round of wakes. What it has in memory before the first are
 * workflows of another age.
 */
async function measureMemory(open: Open): Promise<Figure> {
  const { woken, rounds } = size;
  const megabytes: number[] = [];
  const seconds = await secondsOf(async () => {
    for (let round = 0; round < rounds; round += 1) {
      await relayAll(open, 'wake-onboarding', { ...woken, firstNpn: woken.firstNpn + round * woken.count });
      megabytes.push(await readMegabytes(open.service));
    }
  });
  const [first = Number.NaN] = megabytes;
  const tasks = 3 * woken.count;
  open.say(
    `${rounds} times ${tasks} tasks in ${seconds.toFixed(0)} s; after each the worker has ${megabytes.map((one) => one.toFixed(0)).join(', ')} MB`,
  );
  return {
    name: `memory of the worker after ${rounds * tasks} tasks`,
    baseline: `that after ${tasks}`,
    value: (megabytes.at(-1) ?? Number.NaN) / first,
    unit: 'times',
    max: 1.1,
    aim: 1.05,
  };
}

/** Reads the resident memory of the worker while it does nothing: the median of some seconds. */
async function readMegabytes({ env }: RunningService): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < 5; sample += 1) {
    await sleep(1_000);
    const metrics = await (await fetch(`http://127.0.0.1:${env['METRICS_PORT']}/metrics`)).text();
    const [, bytes] = /^process_resident_memory_bytes (\S+)$/m.exec(metrics) ?? [];
    samples.push(Number(bytes) / 1_000_000);
  }
  return median(samples);
}

/** Lets offers run out at a steady rate, and reads from the histories how late their timers fired. */
async function measureTimers(open: Open): Promise<Figure> {
  const { client, engine, say } = open;
  const ids: string[] = [];
  const asking: Promise<unknown>[] = [];
  for (let number = 0; number < size.unanswered; number += 1) {
    asking.push(engine.ask(number).then(({ referralId }) => ids.push(referralId)));
    await sleep(1_000 / size.unansweredASecond);
  }
  await Promise.all(asking);
  const unanswered =
    'select count(*)::integer as count from referrals where id = any ($1) and closed_at is null';
  await untilCount(open, unanswered, 0, [ids]);
  const delays: number[] = [];
  for (const referralId of ids) {
    const runs = await readRuns(client, referralWorkflowId({ referralId }));
    delays.push(...timerDelaysOf(runs.flat()));
  }
  const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  say(
    `${delays.length} timers fired late by ${inSeconds(median(delays))} (median), ${inSeconds(Math.max(...delays))} at most`,
  );
  return {
    name: 'timers, 99th percentile',
    baseline: `late, with ${size.onboardings.count} onboardings and ${size.referrals} referrals open`,
    value: quantile(delays, 0.99) / 1_000,
    unit: 's',
    max: 2,
  };
}
