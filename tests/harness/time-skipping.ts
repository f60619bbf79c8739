import { TestWorkflowEnvironment } from '@temporalio/testing';
import { addSearchAttributes, ownSearchAttributes, type SearchAttribute } from './search-attributes.ts';
import { getSharedServer } from './shared-servers.ts';

/**
 * A Temporal server of the caller's own on which timers take no time while a result is awaited. Its clock is
 * shared by all that runs on it: one a test file. `teardown()` ends it. It neither lists nor counts workflows and
 * has no schedules.
 */
export async function createTimeSkippingEnv(
  searchAttributes: readonly SearchAttribute[] = ownSearchAttributes,
): Promise<TestWorkflowEnvironment> {
  const { path } = await getSharedServer('timeSkippingServer');
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await addSearchAttributes(environment.client, searchAttributes);
  return environment;
}
