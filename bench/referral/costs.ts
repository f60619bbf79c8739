import type { Client } from '@temporalio/client';
import type { Figure, Say } from '../figures.ts';
import { countActions } from './actions.ts';
import { cloudPriceOf } from './cloud-price.ts';
import { type HistoryEvent, readKept, readRuns, untilWaiting } from './histories.ts';
import type { AskedReferral, ServiceEngine } from './service-engine.ts';
import { readStatements, statementsBesideDelivery } from './statements.ts';

/** What a referral has cost up to an instant at which it waits. */
interface Cost {
  events: number;
  actions: number;
  statements: number;
}

export interface CountedService {
  client: Client;
  service: ServiceEngine;
  /** Port at which the worker tells how many statements its activities have sent. */
  statementsPort: number;
  say: Say;
}

/**
 * Counts events, actions and statements of three referrals: accepted by the first agent asked; by the third, and then open
 * while the outcome is awaited; declined once, accepted, contacted, enrolled and closed. Each person acts once all that
 * the step before has caused is done. Everything that an acceptance causes is included, except for the statements of HTTP,
 * of the relay and of deliveries.
 */
export async function measureCosts(counted: CountedService): Promise<Figure[]> {
  const service = unhurried(counted);
  const accepted = await service.ask(1);
  await service.accept(accepted);
  const one = await costOf(counted, accepted, 'accepted by the first agent');
  const cascade = await service.decline(await service.decline(await service.ask(2)));
  await service.accept(cascade);
  const three = await costOf(counted, cascade, 'accepted by the third agent');
  await service.report(cascade, 'contacted');
  const kept = await keptOf(counted, cascade);
  const whole = await service.decline(await service.ask(3));
  await service.accept(whole);
  await service.report(whole, 'contacted');
  await service.report(whole, 'enrolled');
  const life = await costOf(counted, whole, 'declined once, accepted, contacted, enrolled');
  counted.say(
    `50,000 such referrals a day on Temporal Cloud: ${cloudPriceOf({ actions: life.actions, openKb: kept.kB })}`,
  );
  return [...figuresOfCosts({ one, three, life }), ...figuresOfKept(kept)];
}

/** The service with people who act once all is done that the step before has caused. */
function unhurried({ client, service }: CountedService): ServiceEngine {
  const settled = (asked: AskedReferral) => untilWaiting(client, service.workflowIdOf(asked));
  return {
    ...service,
    async accept(asked) {
      await settled(asked);
      return service.accept(asked);
    },
    async decline(asked) {
      await settled(asked);
      return service.decline(asked);
    },
    async report(asked, outcome) {
      await settled(asked);
      return service.report(asked, outcome);
    },
  };
}

function figuresOfCosts({ one, three, life }: Record<'one' | 'three' | 'life', Cost>): Figure[] {
  const first = { name: '', baseline: 'to acceptance by the first agent' };
  const third = { name: '', baseline: 'to acceptance by the third agent' };
  const closed = { name: '', baseline: 'until closed, declined once' };
  return [
    { ...first, name: 'one referral', value: one.events, unit: 'events', max: 30, aim: 26 },
    { ...first, value: one.actions, unit: 'actions', max: 11, aim: 9 },
    { ...first, value: one.statements, unit: 'statements', max: 30, aim: 25 },
    { ...third, value: three.events, unit: 'events', max: 3 * 30, aim: 3 * 26 },
    { ...third, value: three.actions, unit: 'actions', max: 3 * 11, aim: 3 * 9 },
    { ...third, value: three.statements, unit: 'statements', max: 3 * 30, aim: 3 * 25 },
    { ...closed, value: life.actions, unit: 'actions', max: 29 },
    { ...closed, value: life.statements, unit: 'statements', max: 114 },
  ];
}

/** What the server keeps while the outcome of a referral is awaited. */
interface Kept {
  events: number;
  kB: number;
}

async function keptOf({ client, service, say }: CountedService, asked: AskedReferral): Promise<Kept> {
  const workflowId = service.workflowIdOf(asked);
  await untilWaiting(client, workflowId);
  const kept = await readKept(client, workflowId);
  const runs = (await readRuns(client, workflowId)).map((run) => run.length);
  say(
    `waiting for an outcome: ${kept.events} events, ${kept.kB.toFixed(1)} kB are open; runs of ${runs.join(' + ')} events`,
  );
  return kept;
}

function figuresOfKept({ events, kB }: Kept): Figure[] {
  const waiting = { name: '', baseline: 'kept open for 30 days, after three offers' };
  // half of what was kept when the measurement was made, and a tenth
  return [
    { ...waiting, value: events, unit: 'events', max: 56, aim: 11 },
    { ...waiting, value: kB, unit: 'kB', max: 10, aim: 2 },
  ];
}

async function costOf(
  { client, service, statementsPort, say }: CountedService,
  asked: AskedReferral,
  what: string,
): Promise<Cost> {
  const workflowId = service.workflowIdOf(asked);
  await untilWaiting(client, workflowId);
  const events: HistoryEvent[] = (await readRuns(client, workflowId)).flat();
  const counts = await readStatements(statementsPort, workflowId);
  const byActivity = Object.entries(counts).map(([activity, count]) => `${activity} ${count}`);
  const cost = {
    events: events.length,
    actions: countActions(events),
    statements: statementsBesideDelivery(counts),
  };
  say(`${what}: ${cost.events} events, ${cost.actions} actions, ${cost.statements} statements`);
  say(`  statements by activity: ${byActivity.join(', ')}`);
  return cost;
}
