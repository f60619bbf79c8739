import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { readSettings } from '../../runtime/settings.ts';
import { connectTemporal } from '../../runtime/temporal.ts';
import { createHttpUser } from '../../standalone/demo/http-user.ts';
import { freePort } from '../../standalone/services/ports.ts';
import { type BenchOptions, type Figure, median, quantile, type Say } from '../figures.ts';
import { onboardVirtualAgents } from '../load-test/run-load-test.ts';
import { createVirtualAgents } from '../load-test/virtual-agents.ts';
import { onParts, type RunningService } from '../on-parts.ts';
import { countActions } from './actions.ts';
import { withBareEngine } from './bare-engine.ts';
import type { Compared } from './compared.ts';
import { measureCosts } from './costs.ts';
import { type Engine, throughputOf } from './engine.ts';
import { readRuns, timelineOf, untilWaiting } from './histories.ts';
import { type AskedReferral, createServiceEngine, type ServiceEngine } from './service-engine.ts';
import { countedPrograms } from './statements.ts';
import { measureThreeOffers } from './three-offers.ts';

const agents = 60;
/** Acceptances in each round that nothing else runs beside, of each engine. */
const pairsARound = 8;
/** Referrals in each round of each engine, and how many consumers ask at once. */
const load = { referrals: 150, atOnce: 50 };
/** Until nothing that an offer causes is running any more: its deliveries take less. In milliseconds. */
const settledAfterMs = 1_200;

/** Agents without limit, and no limit for the one address that sends all requests. Nothing else differs from `npm start`. */
const variables = {
  OPEN_OFFERS_PER_AGENT: '100',
  UNCONTACTED_REFERRALS_PER_AGENT: '100',
  RATE_LIMIT_INTAKE: '1000000 per hour',
  RATE_LIMIT_REQUESTS: '10000000 per minute',
  LOG_LEVEL: 'error',
};

/**
 * Measures what a referral costs beside the least that Temporal needs for one (`bare-workflow.ts`), on the same server:
 * acceptances alone and referrals under load, in rounds that alternate; and counts what the referral writes and asks.
 */
export async function measureReferral(
  say: Say,
  signal: AbortSignal,
  { rounds }: BenchOptions,
): Promise<Figure[]> {
  const statementsPort = await freePort();
  const options = {
    variables: { ...variables, STATEMENTS_PORT: String(statementsPort) },
    programs: countedPrograms,
    signal,
  };
  return onParts(options, async (service) => {
    const client = connectTemporal(readSettings(service.env, 'worker').temporal);
    const ours = await startOurs(service, say);
    const figures = await withBareEngine({ client, env: service.env, signal }, async (bare) => {
      await throughputOf(bare, { referrals: 30, atOnce: 10 });
      await throughputOf(ours, { referrals: 30, atOnce: 10 });
      await untilOutboxIsEmpty(service.pool);
      await sayBareCosts(client, bare, say);
      const costs = await measureCosts({ client, service: ours, statementsPort, say });
      const compared = { client, ours, bare, rounds, say };
      return [
        await measureThroughput(compared),
        await measureAcceptance(compared),
        await measureThreeOffers(compared),
        ...costs,
      ];
    });
    await client.connection.close();
    return figures;
  });
}

/** Waits until nothing that the referrals so far have caused, such as waking one another, reaches those that are counted. */
async function untilOutboxIsEmpty(pool: Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ left: boolean }>('select exists (select from outbox) as left');
    if (!rows[0]?.left) return;
    await sleep(200);
  }
}

async function startOurs(service: RunningService, say: Say): Promise<ServiceEngine> {
  const user = createHttpUser({ ...service, timeoutMs: 120_000 });
  const people = createVirtualAgents(agents, { random: () => 0.4, firstNpn: 31_000_000 });
  const cookies = await onboardVirtualAgents(service, user, people, 300_000);
  say(`${cookies.size} agents are active`);
  return createServiceEngine({ pool: service.pool, user, cookies });
}

/** Says what the bare workflow costs, beside which the service's is read. */
async function sayBareCosts(client: Client, bare: Engine<string>, say: Say): Promise<void> {
  const id = await bare.ask(0);
  await untilWaiting(client, id);
  await bare.accept(id);
  await untilWaiting(client, id);
  const events = (await readRuns(client, id)).flat();
  say(`bare: ${events.length} events, ${countActions(events)} actions, no statement`);
}

/** Compares acceptances that nothing runs beside, in pairs, and prints where the time of the last one goes. */
async function measureAcceptance({ client, ours, bare, rounds, say }: Compared): Promise<Figure> {
  const times: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  let last: AskedReferral | undefined;
  for (let pair = 0; pair < pairsARound * rounds; pair += 1) {
    const plain = await bare.ask(pair);
    last = await ours.ask(pair);
    await sleep(settledAfterMs);
    times.bare.push(await bare.accept(plain));
    await sleep(60);
    times.ours.push(await ours.accept(last));
    await sleep(150);
  }
  if (last) await sayTimeline(client, ours.workflowIdOf(last), say);
  const words = (values: number[]) =>
    `${median(values).toFixed(1)} ms, 95th percentile ${quantile(values, 0.95).toFixed(1)} ms`;
  say(`acceptance alone, ${times.ours.length} pairs: ${words(times.ours)}; bare ${words(times.bare)}`);
  return {
    name: 'acceptance alone',
    baseline: 'bare',
    value: median(times.ours) / median(times.bare),
    unit: 'times',
    max: 2.2,
    aim: 1.8,
  };
}

async function sayTimeline(client: Client, workflowId: string, say: Say): Promise<void> {
  await untilWaiting(client, workflowId);
  say('the last referral of these, by its history:');
  for (const line of timelineOf((await readRuns(client, workflowId)).flat())) say(line);
}

/** Compares throughput under load, in rounds that alternate. */
async function measureThroughput({ ours, bare, rounds, say }: Compared): Promise<Figure> {
  const rates: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    rates.bare.push(await throughputOf(bare, load));
    await sleep(1_500);
    rates.ours.push(await throughputOf(ours, load));
    await sleep(4_000);
    const [one = 0, other = 0] = [rates.ours.at(-1), rates.bare.at(-1)];
    say(`round ${round + 1}: ${one.toFixed(1)} a second, bare ${other.toFixed(1)}`);
  }
  const [one, other] = [median(rates.ours), median(rates.bare)];
  say(`throughput, ${load.atOnce} at once: ${one.toFixed(1)} a second, bare ${other.toFixed(1)}`);
  return {
    name: `throughput, ${load.atOnce} at once`,
    baseline: 'bare',
    value: one / other,
    unit: 'times',
    min: 0.5,
    aim: 0.7,
  };
}
