import {
  NativeConnection,
  type NativeConnectionOptions,
  Worker,
  type WorkerDeploymentOptions,
  type WorkerOptions,
} from '@temporalio/worker';
import { bulkTaskQueueOf, taskQueue as serviceQueue } from '../workflows/messages.ts';
import { isSwitchedOn } from '../workflows/patches.ts';
import type { ActivityFailureRecorder } from './activity-failures.ts';
import { bundlePath, deploymentName } from './deployment/version.ts';
import { createFailureInterceptor } from './failure-interceptor.ts';
import { createLatenessInterceptor } from './lateness-interceptor.ts';

/** Task queues that a worker of this release polls. Nothing may start on another one (docs/architecture.md, rule 11). */
export const polledTaskQueues: readonly string[] = [serviceQueue, bulkTaskQueueOf(serviceQueue)];

export interface CreateWorkerOptions {
  connectionOptions: NativeConnectionOptions;
  namespace: string;
  taskQueue: string;
  activities: object;
  /** Activities a second that the queue of bulk mail gives out, over all workers. */
  bulkPerSecond: number;
  /** The version of the workflows in the bundle. */
  buildId: string;
  /** How many activities and workflow tasks run at once. */
  slots: { activities: number; workflowTasks: number };
  log: Record<'warn' | 'error', (values: object, message: string) => void>;
  failures: ActivityFailureRecorder;
}

/**
 * Creates the two workers of a process, on one connection: one runs the prebuilt bundle and the activities, the other
 * bulk mail from the second task queue. Both are of the bundle's version, so that `promote` concerns both. Call `close`
 * after they have drained.
 */
export async function createWorkers(
  options: CreateWorkerOptions,
): Promise<Workers & { close: () => Promise<void> }> {
  const connection = await NativeConnection.connect(options.connectionOptions);
  const workerDeploymentOptions: WorkerDeploymentOptions = {
    version: { deploymentName, buildId: options.buildId },
    useWorkerVersioning: true,
    // a workflow outlives many versions, so it moves to the current one (docs/architecture.md, rule 11)
    defaultVersioningBehavior: 'AUTO_UPGRADE',
  };
  const common = { connection, namespace: options.namespace, workerDeploymentOptions };
  const workflowBundle = { codePath: bundlePath };
  const slots = {
    maxConcurrentActivityTaskExecutions: options.slots.activities,
    maxConcurrentWorkflowTaskExecutions: options.slots.workflowTasks,
    // short transactions inside these tasks
    maxConcurrentLocalActivityExecutions: options.slots.workflowTasks,
  };
  const workers = runTogether([
    await Worker.create({ ...common, workflowBundle, ...slots, ...baseWorkerOptions(options) }),
    await Worker.create({ ...common, ...bulkWorkerOptions(options) }),
  ]);
  return { ...workers, close: () => connection.close() };
}

/** Workers that are one to whoever starts and stops them. */
export interface Workers {
  /** Runs until `shutdown`, and until all have drained. @throws the failure of one, once the others have drained */
  run: () => Promise<void>;
  shutdown: () => void;
  isRunning: () => boolean;
}

/** Joins workers: where one ends, by itself or by a failure, the others are stopped too. */
export function runTogether(workers: readonly Worker[]): Workers {
  const isRunning = (worker: Worker) => worker.getState() === 'RUNNING';
  const shutdown = () => {
    for (const worker of workers.filter(isRunning)) worker.shutdown();
  };
  return {
    async run() {
      const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
    shutdown,
    isRunning: () => workers.every(isRunning),
  };
}

/**
 * Time for one step of workflow code, which the SDK breaks off after 5 seconds by itself. That clock runs on while the process
 * stands still, as on a machine that is suspended or moved, and the code that happened to run is then broken off wherever it
 * is, although nothing is wrong with it: also while the one thread changes from one workflow to another, which leaves both
 * with parts of the other. So only code that never ends is broken off; until then its workflow task times out. The SDK
 * reads this option, and does not document it.
 */
const longestStep = { isolateExecutionTimeout: '1 hour' };

/** Options of every worker of this service, in tests too. */
export function baseWorkerOptions({
  activities,
  taskQueue,
  log,
  failures,
}: Pick<CreateWorkerOptions, 'activities' | 'taskQueue' | 'log' | 'failures'>): Pick<
  WorkerOptions,
  'taskQueue' | 'activities' | 'interceptors' | 'shutdownGraceTime' | 'patchActivationCallback'
> {
  return {
    taskQueue,
    activities,
    interceptors: { activity: [createLatenessInterceptor(log), createFailureInterceptor(log, failures)] },
    shutdownGraceTime: '10 seconds',
    ...longestStep,
    // without it, a patch would be on from the release that ships it
    patchActivationCallback: ({ patchId }) => isSwitchedOn(patchId),
  };
}

/**
 * Options of the worker that polls the queue of bulk mail, in tests too. Attempts count like first tries, so a throttled
 * provider gets no more than the rate. The server divides it over the partitions of the queue, each with a burst of its
 * own: in the first second twice the rate can go out, in an hour a tenth less than the rate.
 */
export function bulkWorkerOptions({
  taskQueue,
  bulkPerSecond,
  ...options
}: Pick<
  CreateWorkerOptions,
  'activities' | 'taskQueue' | 'log' | 'failures' | 'bulkPerSecond'
>): WorkerOptions {
  return {
    ...baseWorkerOptions({ ...options, taskQueue: bulkTaskQueueOf(taskQueue) }),
    maxTaskQueueActivitiesPerSecond: bulkPerSecond,
    // a mail takes 0.2 seconds, so ten at once are 50 a second; a silent provider holds no more than these
    maxConcurrentActivityTaskExecutions: 10,
  };
}
