import {
  NativeConnection,
  type NativeConnectionOptions,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import type { ActivityFailureRecorder } from './activity-failures.ts';
import { bundlePath, deploymentName } from './deployment/version.ts';
import { createFailureInterceptor } from './failure-interceptor.ts';

export interface CreateWorkerOptions {
  connectionOptions: NativeConnectionOptions;
  namespace: string;
  taskQueue: string;
  activities: object;
  /** The version of the workflows in the bundle. */
  buildId: string;
  /** How many activities and workflow tasks run at once. */
  slots: { activities: number; workflowTasks: number };
  log: { error: (values: object, message: string) => void };
  failures: ActivityFailureRecorder;
}

/** Creates a worker that runs the prebuilt bundle under the bundle's version. Call `close` after it has drained. */
export async function createWorker(
  options: CreateWorkerOptions,
): Promise<{ worker: Worker; close: () => Promise<void> }> {
  const connection = await NativeConnection.connect(options.connectionOptions);
  const worker = await Worker.create({
    connection,
    namespace: options.namespace,
    workflowBundle: { codePath: bundlePath },
    workerDeploymentOptions: {
      version: { deploymentName, buildId: options.buildId },
      useWorkerVersioning: true,
      // a workflow outlives many versions, so it moves to the current one (docs/architecture.md, rule 11)
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
    maxConcurrentActivityTaskExecutions: options.slots.activities,
    maxConcurrentWorkflowTaskExecutions: options.slots.workflowTasks,
    ...baseWorkerOptions(options),
  });
  return { worker, close: () => connection.close() };
}

/** Options of every worker of this service, in tests too. */
export function baseWorkerOptions({
  activities,
  taskQueue,
  log,
  failures,
}: Pick<CreateWorkerOptions, 'activities' | 'taskQueue' | 'log' | 'failures'>): Pick<
  WorkerOptions,
  'taskQueue' | 'activities' | 'interceptors' | 'shutdownGraceTime'
> {
  return {
    taskQueue,
    activities,
    interceptors: { activity: [createFailureInterceptor(log, failures)] },
    shutdownGraceTime: '10 seconds',
  };
}
