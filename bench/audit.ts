import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { createAuditActivities } from '../activities/ops/audit.ts';
import type { WorkflowStatusReader } from '../activities/ops/audit-workflows.ts';
import { type AuditCounts, maxDescribesOfPart } from '../domain/ops/audit.ts';
import { freePort } from '../standalone/services/ports.ts';
import { endProcess } from '../standalone/services/processes.ts';
import { findTemporalExecutable } from '../standalone/services/temporal-executable.ts';
import { startTemporalServer } from '../standalone/services/temporal-server.ts';
import { createWorkflowStatusReader } from '../worker/workflow-status.ts';
import { onboardingWorkflowId } from '../workflows/messages.ts';
import { countQueries } from './count-queries.ts';
import { type EventLoopDelay, withEventLoopDelay } from './event-loop.ts';
import { type Figure, type Say, secondsOf } from './figures.ts';
import { type Bench, onBench } from './postgres.ts';

const onboardings = 170_000;
const intervalSeconds = 300;
const pageSize = 500;
/** Workflows on the Temporal server: every list of a page asks for these. */
const workflows = Array.from({ length: pageSize }, (_, index) => ({
  npn: `${2_000_001 + index}`,
  planYear: 2027,
}));
const at = '2026-11-23T15:00:00Z';
const taskQueue = 'bench';
const listedWithinMs = 30_000;

/**
 * Measures the audit of 170,000 open onboardings on a real Temporal server, in three states: every workflow is listed,
 * none was started because a feed's starts wait in the outbox, and no list names any. Each page lists the same 500
 * workflows, since starting 170,000 would take an hour.
 */
export async function measureAudit(say: Say, signal: AbortSignal): Promise<Figure[]> {
  return onBench(signal, (bench) =>
    onTemporal(bench, async (temporal) => {
      await addOnboardings(bench);
      say(`starting ${workflows.length} workflows`);
      await startWorkflows(temporal);
      const real = createWorkflowStatusReader(temporal, taskQueue);
      await untilListed(real, signal);
      const listed: WorkflowStatusReader = {
        ...real,
        async areRunning(keys) {
          const asked = workflows.slice(0, keys.length);
          const running = await real.areRunning(asked);
          if (running.includes(false)) throw new Error('not every workflow is found running');
          return running;
        },
      };
      // a description of any workflow costs the same
      const unlisted: WorkflowStatusReader = {
        ...real,
        areRunning: async (keys) => keys.map(() => false),
        stateOf: () => real.stateOf({ npn: '2000001', planYear: 2027 }),
      };

      const clean = await audit(bench, listed);
      const lagging = await audit(bench, unlisted);
      await bench.pool.query(
        `insert into outbox (type, payload)
         select 'start-onboarding', jsonb_build_object('npn', npn, 'planYear', plan_year) from onboardings`,
      );
      await bench.pool.query('analyze outbox');
      const waiting = await audit(bench, unlisted);
      for (const [state, { counts, seconds, queries, delay }] of Object.entries({ clean, lagging, waiting }))
        say(
          `${state}: ${seconds.toFixed(1)} s, ${queries} queries, ${counts.lists} lists, ${counts.describes} describes, ` +
            `${counts.leftOver} left over; event loop late by ${delay.p999.toFixed(0)} ms (99.9 %), ${delay.max.toFixed(0)} ms at most`,
        );
      return figuresOf({ clean, lagging, waiting });
    }),
  );
}

interface Run {
  counts: AuditCounts;
  seconds: number;
  queries: number;
  delay: EventLoopDelay;
}

function figuresOf({ clean, lagging, waiting }: Record<'clean' | 'lagging' | 'waiting', Run>): Figure[] {
  const share = ({ seconds }: Run) => (100 * seconds) / intervalSeconds;
  const ofInterval = { baseline: 'of the 5 minutes between two runs', unit: '%' };
  const pages = onboardings / pageSize;
  return [
    { name: `audit of ${onboardings} onboardings`, ...ofInterval, value: share(clean), max: 25 },
    { name: 'audit while all starts wait', ...ofInterval, value: share(waiting), max: 10 },
    { name: 'audit while lists are empty', ...ofInterval, value: share(lagging), max: 25 },
    {
      name: 'describes while all starts wait',
      baseline: 'a run',
      value: waiting.counts.describes,
      max: 0,
      unit: 'calls',
    },
    {
      name: 'describes while lists are empty',
      baseline: 'a run',
      value: lagging.counts.describes,
      max: maxDescribesOfPart,
      unit: 'calls',
    },
    {
      name: 'queries of an audit',
      baseline: `a page of ${pageSize}`,
      value: clean.queries / pages,
      max: 3,
      unit: 'queries',
    },
    {
      name: 'event loop during an audit',
      baseline: 'held at a time (99.9 %)',
      value: clean.delay.heldMs,
      max: 50,
      unit: 'ms of CPU',
    },
  ];
}

/** Audits the onboardings once. */
async function audit({ db }: Bench, workflowStatus: WorkflowStatusReader): Promise<Run> {
  const counter = countQueries(db);
  const activities = createAuditActivities({
    db: counter.db,
    workflowStatus,
    audit: { graceMs: 120_000, maxOutboxAgeMs: 600_000, restartCooldownMs: 86_400_000 },
    log: console,
    auditPageSize: pageSize,
  });
  const part = () => activities.auditPart({ part: 'onboardings', at });
  let counts: AuditCounts | undefined;
  const { result: seconds, delay } = await withEventLoopDelay(() =>
    secondsOf(async () => {
      counts = await new MockActivityEnvironment().run(part);
    }),
  );
  if (counts?.lookedAt !== onboardings || counts.found > 0)
    throw new Error(`looked at ${counts?.lookedAt}, found ${counts?.found}`);
  return { counts, seconds, queries: counter.queries(), delay };
}

/** Adds onboardings that have waited for a day, each for a cause. */
async function addOnboardings({ db, pool }: Bench): Promise<void> {
  await sql`
    insert into onboardings (npn, plan_year, since, created_at, reviewed_at, causes)
    select (2000000 + number)::text, 2027, since, since, since, '{late}'
    from generate_series(1, ${onboardings}) number, (select ${at}::timestamptz - interval '1 day' as since) day`.execute(
    db,
  );
  await pool.query('vacuum analyze onboardings');
}

async function startWorkflows(temporal: Client): Promise<void> {
  for (let first = 0; first < workflows.length; first += 20)
    await Promise.all(
      workflows.slice(first, first + 20).map((key) =>
        temporal.workflow.start('onboarding', {
          workflowId: onboardingWorkflowId(key),
          taskQueue,
          args: [key],
        }),
      ),
    );
}

/** Waits until the server's lists, which lag behind, name every workflow. */
async function untilListed(reader: WorkflowStatusReader, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + listedWithinMs;
  while ((await reader.areRunning(workflows)).includes(false)) {
    signal.throwIfAborted();
    if (Date.now() > giveUpAt) throw new Error('the server does not list every workflow');
    await sleep(100);
  }
}

/** Starts a Temporal server for one measurement, without a worker. */
async function onTemporal<Result>(
  { folder, signal }: Bench,
  use: (temporal: Client) => Promise<Result>,
): Promise<Result> {
  const executable = await findTemporalExecutable(process.env, () => undefined);
  const server = await startTemporalServer({
    executable,
    port: await freePort(),
    logFile: `${folder}/temporal.log`,
    logFolder: folder,
  });
  const end = () => endProcess(server.process, 5_000);
  // after an abort nobody waits for `use`
  signal.addEventListener('abort', () => void end());
  const connection = await Connection.connect({ address: server.address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
    await end();
  }
}
