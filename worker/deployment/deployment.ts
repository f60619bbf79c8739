import type { Client } from '@temporalio/client';
import { deploymentName } from './version.ts';

const notFound = 5;
const failedPrecondition = 9;

/**
 * Makes a version of the worker current: new and running workflows use it from now on. Temporal knows a version only
 * once one of its workers polls, so this waits for that.
 * @throws if no worker of the version polls within `timeoutMs`
 */
export async function promote(
  client: Client,
  { buildId, timeoutMs }: { buildId: string; timeoutMs: number },
): Promise<void> {
  const { namespace } = client.options;
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    try {
      await client.connection.workflowService.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName,
        buildId,
        version: `${deploymentName}.${buildId}`,
        identity: 'promote',
      });
      return;
    } catch (error) {
      const { code } = error as { code?: number };
      const isUnknownYet = code === notFound || code === failedPrecondition;
      if (!isUnknownYet || Date.now() >= giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
