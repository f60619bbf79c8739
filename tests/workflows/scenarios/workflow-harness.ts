import { randomBytes } from 'node:crypto';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { SignalDefinition, Workflow } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { refusalOf } from '../../../domain/failures.ts';
import type { Policy } from '../../../domain/policy.ts';
import { baseWorkerOptions, bulkWorkerOptions, runTogether } from '../../../worker/worker.ts';
import { factsChanged, offerUnreachable, withdraw } from '../../../workflows/messages.ts';
import { onboarding } from '../../../workflows/onboarding.ts';
import { referral } from '../../../workflows/referral.ts';
import { noLog, quietSdk } from '../../harness/quiet-sdk.ts';
import { stuckSentence } from '../../harness/runner/stuck-sentence.ts';
import { getSharedServer } from '../../harness/servers/shared-servers.ts';
import { createTimeSkippingEnv } from '../../harness/servers/time-skipping.ts';
import { unrecordedFailures } from '../../harness/unrecorded-failures.ts';
import { createFakeDelivery } from './fake-delivery.ts';
import { createFakeOnboardings, type OnboardingCase } from './fake-onboardings.ts';
import { createFakeReferrals } from './fake-referrals.ts';
import { guidePolicy } from './guide-policy.ts';
import type { ReferralCase } from './referral-case.ts';

type History = temporal.api.history.v1.IHistory;

/** The server, task queue, policy and clock of one test file. */
export interface WorkflowHarnessOptions {
  client: Client;
  nativeConnection: NativeConnection;
  taskQueue: string;
  policy: Policy;
  now: () => Promise<Date>;
  /** Milliseconds that a workflow task of a referral has. Default: that of the server, 10 seconds. */
  taskTimeoutMs?: number;
}

/** Milliseconds within which a workflow that is to end does so, however busy the machine. */
const longestEndMs = 30_000;

/** A workflow that was started here; its first run begins what is replayed and recorded. */
type StartedWorkflow = WorkflowHandle & { firstExecutionRunId?: string };

export type WorkflowHarness = ReturnType<typeof createWorkflowHarness>;

/** Opens a server that skips time, so that workflows run at their real durations. `close` ends it. */
export async function openWorkflowHarness() {
  quietSdk();
  const environment = await createTimeSkippingEnv();
  const now = async () => new Date(await environment.currentTimeMs());
  const { client, nativeConnection } = environment;
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const harness = createWorkflowHarness({ client, nativeConnection, taskQueue, policy: guidePolicy, now });
  const endWorker = await harness.startWorker();
  return {
    ...harness,
    now,
    /** Skips time until an instant. */
    async passUntil(at: Date): Promise<void> {
      const ms = at.getTime() - (await environment.currentTimeMs());
      if (ms > 0) await environment.sleep(ms);
    },
    async close(): Promise<void> {
      await endWorker();
      await environment.teardown();
    },
  };
}

/** Runs workflows with fake activities, on any Temporal server. */
export function createWorkflowHarness({
  client,
  nativeConnection,
  taskQueue,
  policy,
  now,
  taskTimeoutMs,
}: WorkflowHarnessOptions) {
  const delivery = createFakeDelivery(now, async ({ noticeId, owner }) => {
    const offer = referrals.offerOf(noticeId);
    if (offer && !offer.isSeen)
      await client.workflow.getHandle(owner).signal(offerUnreachable, { offerId: offer.offerId });
  });
  const referrals = createFakeReferrals({ policy, delivery });
  const onboardings = createFakeOnboardings({ policy, delivery });
  const { deliverNotices } = delivery;
  const activities = { ...referrals.activities, ...onboardings.activities, deliverNotices };
  const started: WorkflowHandle[] = [];
  const running: (() => Promise<void>)[] = [];
  /** True once a workflow did not end: a time-skipping server that has lost a task moves no other workflow either. */
  let isStuck = false;

  /**
   * Starts a workflow whose id is its own. The client repeats a start whose answer it did not get; a Temporal server knows the
   * repetition by its request id, the time-skipping server says that the workflow is started already.
   */
  async function start<T extends Workflow>(
    type: T,
    options: WorkflowStartOptions<T>,
  ): Promise<WorkflowHandle<T>> {
    if (isStuck) throw new Error(stuckSentence);
    try {
      return await client.workflow.start(type, options);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const handle = client.workflow.getHandle<T>(options.workflowId);
      return Object.assign(handle, { firstExecutionRunId: (await handle.describe()).runId });
    }
  }

  /** Reads the histories of all runs of a workflow, the first run first. */
  async function historiesOf({ workflowId, firstExecutionRunId }: StartedWorkflow): Promise<History[]> {
    const histories: History[] = [];
    for (let runId = firstExecutionRunId; runId || histories.length === 0; ) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      histories.push(history);
      const last = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
      runId = last?.newExecutionRunId ?? undefined;
    }
    return histories;
  }

  function endAfterTest(
    handle: WorkflowHandle,
    { workflowId, injectedFaults }: { workflowId: string; injectedFaults: { clear(): void } },
    end: () => Promise<unknown>,
  ): void {
    started.push(handle);
    running.push(async () => {
      injectedFaults.clear();
      delivery.useProvider(workflowId, () => 'sent');
      // a workflow that has completed already refuses this, or is not found
      await end().catch(() => undefined);
      await handle.result();
    });
  }

  return {
    delivery,
    now,
    referrals,
    onboardings,

    /**
     * Starts a worker, with options of its own where it stands for that of another release, on a connection of its own where
     * that is a bad one.
     * @returns a function that stops it and waits until it has drained
     */
    async startWorker(
      ofItsOwn: Partial<WorkerOptions> = {},
      connection = nativeConnection,
    ): Promise<() => Promise<void>> {
      const workflowBundle = await getSharedServer('workflowBundle');
      const options = {
        activities,
        taskQueue,
        bulkPerSecond: 1_000,
        log: noLog,
        failures: unrecordedFailures,
      };
      const workers = runTogether([
        await Worker.create({ connection, workflowBundle, ...baseWorkerOptions(options), ...ofItsOwn }),
        await Worker.create({ connection, ...bulkWorkerOptions(options) }),
      ]);
      const untilEnded = workers.run();
      return async () => {
        workers.shutdown();
        await untilEnded;
      };
    },

    async startReferral(about: ReferralCase): Promise<WorkflowHandle<typeof referral>> {
      const { workflowId, referralId } = about;
      const handle = await start(referral, {
        workflowId,
        taskQueue,
        args: [{ referralId }],
        ...(taskTimeoutMs && { workflowTaskTimeout: taskTimeoutMs }),
      });
      endAfterTest(handle, about, () => handle.executeUpdate(withdraw));
      return handle;
    },

    /** Starts a run of a referral that has rows of an earlier run, together with a signal that came for that one. */
    async restartReferral(
      about: ReferralCase,
      signal: SignalDefinition,
    ): Promise<WorkflowHandle<typeof referral>> {
      const { workflowId, referralId } = about;
      const handle = await client.workflow.signalWithStart(referral, {
        workflowId,
        taskQueue,
        args: [{ referralId }],
        signal,
      });
      endAfterTest(handle, about, () => handle.executeUpdate(withdraw));
      return handle;
    },

    async startOnboarding(about: OnboardingCase): Promise<WorkflowHandle<typeof onboarding>> {
      const { workflowId, npn, planYear } = about;
      const handle = await start(onboarding, {
        workflowId,
        taskQueue,
        args: [{ npn, planYear }],
      });
      endAfterTest(handle, about, async () => {
        about.facts.leftAt ??= await now();
        await handle.signal(factsChanged);
      });
      return handle;
    },

    /**
     * Ends the workflows that a test left running: clears their faults, withdraws the consumers' requests, and lets the
     * agents leave. It never terminates one: the time-skipping server hangs for good when a workflow is terminated
     * while one of its tasks is running.
     */
    async endWorkflows(): Promise<void> {
      for (const end of running.splice(0)) {
        isStuck ||= !(await endsInTime(end()));
        if (isStuck) throw new Error(stuckSentence);
      }
    },

    historiesOf,

    /** Replays every run of every workflow that was started here against the bundle. @returns failures by workflow id */
    async replayAll(): Promise<Record<string, string>> {
      const failures: Record<string, string> = {};
      const options = { workflowBundle: await getSharedServer('workflowBundle') };
      const histories = await Promise.all(
        started.map(async (handle) => {
          const runs = await historiesOf(handle);
          return runs.map((history) => ({ workflowId: handle.workflowId, history }));
        }),
      );
      for await (const { workflowId, error } of Worker.runReplayHistories(options, histories.flat())) {
        if (error) failures[workflowId] = error.message;
      }
      return failures;
    },
  };
}

/** Type of the refusal that an update ends with; undefined if it ends in any other way. */
export async function refusalFrom(update: Promise<unknown>): Promise<string | undefined> {
  return update.then(
    () => undefined,
    (error: unknown) => refusalOf(error)?.type,
  );
}

/** Reads the search attributes of a workflow from the server. */
export async function attributesOf(handle: WorkflowHandle): Promise<Record<string, unknown>> {
  const { typedSearchAttributes } = await handle.describe();
  return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
}

/** @returns false if the work takes longer than a workflow may need to end */
async function endsInTime(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), longestEndMs);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}
