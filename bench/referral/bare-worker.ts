import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { readSettings } from '../../runtime/settings.ts';
import { bareTaskQueue } from './bare-engine.ts';

/*
 * Runs the bare workflow with the defaults of the SDK, in a process of its own as the worker of the service does. Sends
 * `ready` to the process that forked it once it polls, and ends with that process, or when it is stopped.
 */

const logger = new DefaultLogger('WARN');
Runtime.install({ logger });
const { connectionOptions, namespace } = readSettings(process.env, 'worker').temporal;
const workflowsPath = fileURLToPath(new URL('bare-workflow.ts', import.meta.url));
const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger });
const connection = await NativeConnection.connect(connectionOptions);
const worker = await Worker.create({
  connection,
  namespace,
  workflowBundle,
  taskQueue: bareTaskQueue,
  activities: { offer: async (id: string) => id },
});
process.once('disconnect', () => {
  // Ctrl-C may have stopped it already
  if (worker.getState() === 'RUNNING') worker.shutdown();
});
process.send?.('ready');
await worker.run();
await connection.close();
