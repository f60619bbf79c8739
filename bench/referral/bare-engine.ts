import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import type { bare } from './bare-workflow.ts';
import type { Engine } from './engine.ts';

export const bareTaskQueue = 'bench-bare';

/** Pause before an acceptance is tried again because the offer is not there yet, in milliseconds. */
const againAfterMs = 4;

/**
 * Runs the bare workflow on the Temporal server of the service, in a process of its own, while `use` runs.
 * @param env variables of the service's processes, with the address of Temporal
 */
export async function withBareEngine<Result>(
  { client, env, signal }: { client: Client; env: NodeJS.ProcessEnv; signal: AbortSignal },
  use: (engine: Engine<string>) => Promise<Result>,
): Promise<Result> {
  const program = fileURLToPath(new URL('bare-worker.ts', import.meta.url));
  const worker = fork(program, { execArgv: ['--import', 'tsx'], env: { ...process.env, ...env }, signal });
  const ended = once(worker, 'exit').catch(() => undefined);
  const failed = ended.then(() => Promise.reject(new Error('The worker of the bare workflow has ended')));
  failed.catch(() => undefined);
  try {
    await Promise.race([once(worker, 'message'), failed]);
    return await Promise.race([use(createBareEngine(client)), failed]);
  } finally {
    if (worker.connected) worker.disconnect();
    await ended;
  }
}

function createBareEngine(client: Client): Engine<string> {
  return {
    async ask() {
      const id = `bench-bare-${randomUUID()}`;
      await client.workflow.start<typeof bare>('bare', {
        taskQueue: bareTaskQueue,
        workflowId: id,
        args: [id],
      });
      return id;
    },
    async accept(id) {
      for (;;) {
        const startedAt = performance.now();
        try {
          await client.workflow
            .getHandle(id)
            .executeUpdate<{ at: string }, [{ offerId: string }]>('accept', { args: [{ offerId: id }] });
          return performance.now() - startedAt;
        } catch (error) {
          if (!(error instanceof WorkflowUpdateFailedError)) throw error;
          await sleep(againAfterMs);
        }
      }
    },
    workflowIdOf: (id) => id,
  };
}
